"""Templates, for officers: what a service's messages say in both languages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import Field, Form, LongTextField, Option, RadiosField, TextField
from guildhall.kernel.audiences import officers
from guildhall.kernel.visitor import Visitor
from guildhall.notify import operations, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.pages.previews import previews_of
from guildhall.notify.pages.section import MAY_LOOK, MAY_WRITE, service_at, show
from guildhall.notify.queries import SendingService, TemplateView


@officers(*MAY_LOOK)
def templates(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List the service's templates."""
    here = service_at(service)
    return show(request, here, "notify/templates.html", {"templates": queries.list_templates(of=here.id)})


@officers(*MAY_LOOK)
def template(request: HttpRequest, council: str, service: str, template_id: UUID, version: int = 0) -> HttpResponse:
    """Show what a template says, in its last version or an older one, and its history."""
    here = service_at(service)
    shown = queries.get_template(TemplateId(template_id), of=here.id, version=version or None)
    context = {
        "template": shown,
        "versions": queries.list_versions(shown.id, of=here.id),
        "previews": previews_of(shown.pair, shown.channel, prefix=here.sender.prefix),
        "is_old": bool(version),
    }
    return show(request, here, "notify/template.html", context)


@officers(*MAY_WRITE)
def add(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask for a new template, show it as it will be read, and add it."""
    here = service_at(service)
    form = Form(*_how(), *_words(None))
    if request.method != "POST":
        return _asked(request, form, None, here)
    form = form.read(request.POST)
    form = _checked(form, _channel(form))
    if form.is_refused or "preview" in request.POST:
        return _asked(request, form, None, here)
    added = operations.add_template(
        notify_service_id=here.id,
        channel=_channel(form),
        name=form.text("name"),
        pair=_pair(form),
        saved_by=_writer(request),
    )
    return _shown(council, here, added)


@officers(*MAY_WRITE)
def edit(request: HttpRequest, council: str, service: str, template_id: UUID) -> HttpResponse:
    """Ask for new words, show them as they will be read, and save them as the next version."""
    here = service_at(service)
    template = queries.get_template(TemplateId(template_id), of=here.id)
    form = Form(*_words(template.channel), values=_values(template))
    if request.method != "POST":
        return _asked(request, form, template, here)
    form = _checked(form.read(request.POST), template.channel)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, form, template, here)
    try:
        saved = operations.save_template(
            template.id,
            opened=_opened(request),
            name=form.text("name"),
            pair=_pair(form),
            saved_by=_writer(request),
        )
    except operations.SavedMeanwhile:
        problem = _(
            "Somebody else has changed this template since you opened it. Open it again to see what it says now."
        )
        return _asked(request, form.refuse("name", problem), template, here)
    return _shown(council, here, saved)


def _asked(request: HttpRequest, form: Form, template: TemplateView | None, here: SendingService) -> HttpResponse:
    channel = template.channel if template else _channel(form)
    wants_preview = "preview" in request.POST and not form.is_refused
    context = {
        "form": form,
        "template": template,
        "opened": _opened(request) if request.method == "POST" else template.version if template else 0,
        "previews": previews_of(_pair(form), channel, prefix=here.sender.prefix) if wants_preview else [],
    }
    return show(request, here, "notify/write.html", context)


def _writer(request: HttpRequest) -> str:
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    return visitor.email


def _shown(council: str, here: SendingService, template: TemplateView) -> HttpResponse:
    address = {"council": council, "service": here.slug, "template_id": template.id}
    return HttpResponseRedirect(reverse("notify:template", kwargs=address))


def _how() -> list[Field]:
    channels = [Option("email", _("Email")), Option("sms", _("Text message"))]
    return [RadiosField("channel", _("How is it sent?"), options=channels, is_inline=True)]


def _words(channel: Channel | None) -> list[Field]:
    """Return the boxes for a template's words; a text has no subject."""
    hint = _("Put what differs from message to message in double brackets: ((name))")
    fields = [
        TextField("name", _("Name of the template"), _("Recipients do not see it")),
        TextField("subject", _("Subject")),
        LongTextField("body", _("Message"), hint, rows=12),
        TextField("subject_cy", _("Subject in Welsh")),
        LongTextField("body_cy", _("Message in Welsh"), rows=12),
    ]
    return [field for field in fields if channel is not Channel.SMS or not field.name.startswith("subject")]


def _values(template: TemplateView) -> dict[str, str]:
    english, welsh = template.pair.english, template.pair.welsh
    return {
        "name": template.name,
        "subject": english.subject,
        "body": english.body,
        "subject_cy": welsh.subject,
        "body_cy": welsh.body,
    }


def _pair(form: Form) -> Pair:
    return Pair(Words(form.text("subject"), form.text("body")), Words(form.text("subject_cy"), form.text("body_cy")))


def _channel(form: Form) -> Channel:
    return Channel.SMS if form.text("channel") == "sms" else Channel.EMAIL


def _opened(request: HttpRequest) -> int:
    opened = request.POST.get("opened", "")
    return int(opened) if opened.isascii() and opened.isdecimal() else 0


def _checked(form: Form, channel: Channel) -> Form:
    """Return the form with what is missing."""
    names = {field.name for field in form.fields}
    if "channel" in names and form.text("channel") not in ("email", "sms"):
        form = form.refuse("channel", _("Select how it is sent"))
    if not form.text("name"):
        form = form.refuse("name", _("Enter a name"))
    if channel is Channel.EMAIL and not form.text("subject"):
        form = form.refuse("subject", _("Enter a subject"))
    if not form.text("body"):
        form = form.refuse("body", _("Enter the message"))
    return form
