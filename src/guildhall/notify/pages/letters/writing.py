"""Sending one letter from the screen: asked for on one page, looked at as it will be printed on the next, sent."""

import base64
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.contact.postal_address import MOST_LINES, NotAnAddress
from guildhall.design.forms import Form, LongTextField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.ids import new_id
from guildhall.kernel.outside import read_id
from guildhall.kernel.refusals import Refused
from guildhall.kernel.text import is_blank
from guildhall.metering.domain.letter_tariff import published_letter_tariff
from guildhall.metering.domain.meters import letter_meter
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.domain.letter_address import LINE_NAMES
from guildhall.notify.domain.letter_timing import LetterClass, LetterTiming, letter_timing
from guildhall.notify.domain.paper.characters import undrawable
from guildhall.notify.domain.paper.printing import (
    CharactersMissing,
    CornerTooSmall,
    LetterTooLong,
    WindowTooSmall,
    picture_letter,
)
from guildhall.notify.domain.personalisation import Personalisation, key_of
from guildhall.notify.domain.qr_code import QrCodeTooLong
from guildhall.notify.operations.accepting import NewMessage, Prepared
from guildhall.notify.operations.letters.checking import LettersInTrial
from guildhall.notify.operations.one_off import prepare_one, send_one
from guildhall.notify.pages.letters.wording import ADDRESS_PROBLEMS, CLASSES
from guildhall.notify.pages.refusals import words_for
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.pages.wording import no_letter_shows
from guildhall.notify.queries import SendingService, TemplateView
from guildhall.notify.queries.letters import language_of, letter_names, letter_on
from guildhall.organisations.pages.gate import person_at, visitor_at

_OF_THE_ADDRESS = frozenset(key_of(name) for name in (*LINE_NAMES, "postcode"))


@dataclass(frozen=True, slots=True)
class Check:
    """What an officer sees before a letter goes out: its pages, what it costs, and when it arrives."""

    prepared: Prepared
    pages: list[str]
    pounds: str
    timing: LetterTiming


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def write(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask where a letter goes and with which words; show it as it will be printed; send it."""
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id)
    if template.is_archived or template.channel is not Channel.LETTER:
        raise Http404("no letter is sent with this template")
    form = _form(template)
    if request.method == "POST":
        form = _checked(form.read(request.POST), template)
    if request.method != "POST" or form.is_refused or "change" in request.POST:
        return show(request, here, "notify/write-letter.html", {"form": form, "template": template})
    try:
        prepared = _prepared(form, template, here, by=visitor_at(request).name or visitor_at(request).email)
        once = read_id(in_form(request, "once"))
        if "send" not in request.POST or once is None:
            return _asked_to_check(request, here, form, prepared)
        message_id = send_one(prepared, once_key=f"one-off:{once}", actor=person_at(request), now=clock.now())
    except Refused as refusal:
        form = form.refuse(*_words_for(refusal, template))
        return show(request, here, "notify/write-letter.html", {"form": form, "template": template})
    names = {"council": council, "service": here.slug, "message_id": message_id}
    return lead_to(reverse("notify:message", kwargs=names) + "?done=sent")


def _asked_to_check(request: HttpRequest, here: SendingService, form: Form, prepared: Prepared) -> HttpResponse:
    facts = {
        "template": prepared.template,
        "check": _check(prepared),
        "classes": CLASSES,
        "once": new_id(),
        "kept": [(name, str(value)) for name, value in form.values.items()],
    }
    return show(request, here, "notify/check-letter.html", facts)


def _check(prepared: Prepared) -> Check:
    address, now = tuple(prepared.wanted.recipient_as_given.splitlines()), clock.now()
    given, today = Personalisation(prepared.values), clock.london_day(now)
    letter = letter_on(prepared.template, given, language=prepared.language, address=address, day=today)
    meter = letter_meter(prepared.postage)
    price = published_letter_tariff().price_on(today, meter, sheets=prepared.sheets)
    pages = [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in picture_letter(letter)]
    return Check(prepared, pages, f"£{price:.2f}", letter_timing(now, LetterClass(prepared.postage)))


def _prepared(form: Form, template: TemplateView, here: SendingService, *, by: str) -> Prepared:
    lines = [line for line in form.text("address").splitlines() if not is_blank(line)]
    values: dict[str, object] = {name: form.text(field) for field, name in _asked_for(template).items()}
    values |= dict.fromkeys(LINE_NAMES, "")
    values |= dict(zip(LINE_NAMES, [*lines[: MOST_LINES - 1], "\n".join(lines[MOST_LINES - 1 :])], strict=False))
    wanted = NewMessage(
        channel=Channel.LETTER,
        recipient="",
        recipient_as_given="",
        number=None,
        template_id=template.id,
        personalisation=values,
        untrusted=frozenset(),
        reference=None,
        sender_id=None,
        unsubscribe_url=None,
    )
    return prepare_one(wanted, service=here.sender, language="en", sent_by=by, now=clock.now())


def _asked_for(template: TemplateView) -> dict[str, str]:
    """Return what a sender must give besides the address, by the name of its box."""
    names = [
        name for name in letter_names(template, language_of(template, "en")) if key_of(name) not in _OF_THE_ADDRESS
    ]
    return {f"value-{number}": name for number, name in enumerate(names, 1)}


def _form(template: TemplateView) -> Form:
    hint = _("3 to 7 lines, the name first, the postcode last")
    values = [LongTextField(field, name, rows=1) for field, name in _asked_for(template).items()]
    return Form(LongTextField("address", _("Address of the recipient"), hint, rows=MOST_LINES), *values)


def _checked(form: Form, template: TemplateView) -> Form:
    if form.is_refused:
        return form
    if not form.text("address"):
        form = form.refuse("address", _("Enter an address"))
    for field, name in _asked_for(template).items():
        if not form.text(field):
            form = form.refuse(field, _("Enter %(name)s") % {"name": name})
    for field in form.values:
        if missing := undrawable(form.text(field)):
            form = form.refuse(field, no_letter_shows(missing))
    return form


def _words_for(refusal: Refused, template: TemplateView) -> tuple[str, str]:
    """Return the field that a refusal is about, and what to tell the officer.

    :raises Refused: the refusal again, where it is not about what the officer typed.
    """
    if isinstance(refusal, NotAnAddress):
        return "address", ADDRESS_PROBLEMS[type(refusal)].in_(current_language())
    if isinstance(refusal, LettersInTrial):
        return "address", _("A service in trial mode cannot send letters")
    if isinstance(refusal, LetterTooLong):
        return "", _("The letter is too long: it can have 10 pages")
    if isinstance(refusal, CharactersMissing):
        return "", no_letter_shows(refusal.characters)
    if isinstance(refusal, WindowTooSmall):
        return "address", _("The lines of the address are too long for the envelope’s window")
    if isinstance(refusal, CornerTooSmall):
        return "", _("The sender’s address is too long for the corner of the letter: shorten the contact block")
    if isinstance(refusal, QrCodeTooLong):
        return "", _("A QR code holds too much to be read: shorten its link")
    return words_for(refusal, template)
