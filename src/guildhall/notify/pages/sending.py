"""Sending one message from the screen: asked for on one page, checked on the next, sent."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.contact.email_address import parse_email_address
from guildhall.contact.phone_number import parse_phone_number
from guildhall.design.forms import EmailField, Field, Form, LongTextField, Option, PhoneField, RadiosField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address, in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.ids import new_id
from guildhall.kernel.outside import read_id, whole_number
from guildhall.kernel.refusals import Refused
from guildhall.metering import queries as metering
from guildhall.metering.queries import CostPreview
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.domain.personalisation import Personalisation, key_of
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations.accepting import NewMessage, Prepared
from guildhall.notify.operations.one_off import prepare_one, send_one
from guildhall.notify.pages.previews import Preview, preview_of
from guildhall.notify.pages.refusals import words_for
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.pages.templates import address_of, is_offered
from guildhall.notify.queries import SendingService, TemplateView
from guildhall.notify.queries.received import get_received_text
from guildhall.organisations.pages.gate import person_at, visitor_at

SENDABLE = (Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that an officer sees before a message goes out."""

    prepared: Prepared
    preview: Preview
    sent_from: str
    cost: CostPreview | None


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def send(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask whom to write to, in which language and with which words; show what will be sent; send it."""
    here = service_at(service)
    seen = whole_number(in_form(request, "seen")) or 0 if "send" in request.POST else 0
    template = queries.get_template(TemplateId(template_id), of=here.id, version=seen or None)
    if template.is_archived or template.channel not in SENDABLE:
        raise Http404("nothing is sent with this template from here")
    form = _form(template, to=_first_recipient(request, here, template))
    if request.method != "POST":
        return show(request, here, "notify/send.html", {"form": form, "template": template})
    form = _checked(form.read(request.POST), template)
    if form.is_refused or "change" in request.POST:
        return show(request, here, "notify/send.html", {"form": form, "template": template})
    try:
        prepared = _prepared(form, template, here, by=visitor_at(request).name or visitor_at(request).email)
        once = read_id(in_form(request, "once"))
        if "send" not in request.POST or once is None:
            return _asked_to_check(request, here, form, prepared)
        message_id = send_one(prepared, once_key=f"one-off:{once}", actor=person_at(request), now=clock.now())
    except Refused as refusal:
        form = form.refuse(*words_for(refusal, template))
        return show(request, here, "notify/send.html", {"form": form, "template": template})
    if prepared.is_simulated:
        return lead_to(address_of(council, here, template, done="simulated"))
    names = {"council": council, "service": here.slug, "message_id": message_id}
    return lead_to(reverse("notify:message", kwargs=names) + "?done=sent")


def _first_recipient(request: HttpRequest, here: SendingService, template: TemplateView) -> str:
    """Return whom the address suggests: the officer (``?to=me``), or who wrote a text (``?answering=``)."""
    answered = read_id(in_address(request, "answering"))
    if template.channel is Channel.SMS and answered is not None:
        return f"+{get_received_text(answered, of=here.id).user_number}"
    is_to_me = template.channel is Channel.EMAIL and in_address(request, "to") == "me"
    return visitor_at(request).email if is_to_me else ""


def _asked_to_check(request: HttpRequest, here: SendingService, form: Form, prepared: Prepared) -> HttpResponse:
    facts = {
        "template": prepared.template,
        "check": _check(prepared, here),
        "once": new_id(),
        "kept": [(name, str(value)) for name, value in form.values.items()],
    }
    return show(request, here, "notify/check-message.html", facts)


def _check(prepared: Prepared, here: SendingService) -> Check:
    template, channel, language = prepared.template, prepared.wanted.channel, prepared.language
    words = template.pair.shown(language, channel)
    preview = preview_of(
        "cy" if language == "cy" else "en", words, channel, here.sender.prefix, Personalisation(prepared.values)
    )
    if channel is Channel.EMAIL:
        sent_from = f"{here.sender.from_name} <{here.sender.from_local_part}@{settings.EMAIL_DOMAIN}>"
        return Check(prepared, preview, sent_from, None)
    number, now = prepared.wanted.number, clock.now()
    units = prepared.quantity * (number.rate_multiplier if number else 1)
    cost = metering.cost_preview(here.id, units={clock.london_day(now): units}, now=now)
    return Check(prepared, preview, prepared.sender, cost)


def _prepared(form: Form, template: TemplateView, here: SendingService, *, by: str) -> Prepared:
    """Return the message in the words that the officer has checked, also if somebody has changed them since."""
    typed = form.text("to")
    number = parse_phone_number(typed) if template.channel is Channel.SMS else None
    wanted = NewMessage(
        channel=template.channel,
        recipient=number.digits if number else parse_email_address(typed),
        recipient_as_given=typed,
        number=number,
        template_id=template.id,
        personalisation=_values(form, template),
        untrusted=frozenset(),
        reference=None,
        sender_id=None,
        unsubscribe_url=None,
        template_version=template.version,
    )
    return prepare_one(wanted, service=here.sender, language=_language(form), sent_by=by, now=clock.now())


def _values(form: Form, template: TemplateView) -> dict[str, object]:
    return {name: form.text(field) for field, name in _asked_for(template).items()}


def _asked_for(template: TemplateView) -> dict[str, str]:
    """Return what a sender must give in either language, by the name of its box."""
    names: dict[str, str] = {}
    for name in (*template.pair.english.names, *template.pair.welsh.names):
        names.setdefault(key_of(name), name)
    return {f"value-{number}": name for number, name in enumerate(names.values(), 1)}


def _form(template: TemplateView, *, to: str = "") -> Form:
    recipient: dict[Channel, Field] = {
        Channel.EMAIL: EmailField("to", _("Email address of the recipient"), autocomplete="off"),
        Channel.SMS: PhoneField("to", _("Mobile number of the recipient"), autocomplete="off"),
    }
    languages = [
        Option("en", _("English")),
        Option("cy", _("Welsh")),
        Option("both", _("Both, one after the other")),
    ]
    choose = [] if template.pair.welsh.is_empty else [RadiosField("language", _("Language"), options=languages)]
    values = [LongTextField(field, name, rows=1) for field, name in _asked_for(template).items()]
    initial = {"to": to, "language": "en"}
    return Form(recipient[template.channel], *choose, *values, values=initial)


def _language(form: Form) -> Shown:
    chosen = form.text("language")
    return "both" if chosen == "both" else "cy" if chosen == "cy" else "en"


def _checked(form: Form, template: TemplateView) -> Form:
    if form.is_refused:
        return form
    if not form.text("to"):
        missing = _("Enter an email address") if template.channel is Channel.EMAIL else _("Enter a mobile number")
        form = form.refuse("to", missing)
    if not template.pair.welsh.is_empty and not is_offered(form, "language"):
        form = form.refuse("language", _("Select a language"))
    needed = {key_of(name) for name in template.pair.shown(_language(form), template.channel).names}
    for field, name in _asked_for(template).items():
        if not form.text(field) and key_of(name) in needed:
            form = form.refuse(field, _("Enter %(name)s") % {"name": name})
    return form
