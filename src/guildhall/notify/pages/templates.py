"""Templates, for officers: what the council's messages say in both languages."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import Field, Form, LongTextField, Option, RadiosField, SelectField, TextField
from guildhall.design.pages import render
from guildhall.kernel.audiences import Role, officers
from guildhall.kernel.visitor import Visitor
from guildhall.notify import operations, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.pages.previews import previews_of
from guildhall.notify.queries import NotifyServiceView, TemplateView

MAY_LOOK = (Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER)
MAY_WRITE = (Role.OWNER, Role.SERVICE_MANAGER)


@officers(*MAY_LOOK)
def templates(request: HttpRequest, council: str) -> HttpResponse:
    """List the council's templates by service."""
    services = queries.list_notify_services()
    listed = [(service, queries.list_templates(of=service.id)) for service in services]
    return render(request, "notify/templates.html", {"listed": listed})


@officers(*MAY_LOOK)
def template(request: HttpRequest, council: str, template_id: UUID, version: int = 0) -> HttpResponse:
    """Show what a template says, in its last version or an older one, and its history."""
    shown = queries.get_template(TemplateId(template_id), version=version or None)
    service = queries.get_notify_service(shown.notify_service_id)
    context = {
        "template": shown,
        "service": service,
        "versions": queries.list_versions(shown.id, of=service.id),
        "previews": previews_of(shown.pair, shown.channel, prefix=service.prefix),
        "is_old": bool(version),
    }
    return render(request, "notify/template.html", context)


@officers(*MAY_WRITE)
def add(request: HttpRequest, council: str) -> HttpResponse:
    """Ask for a new template, show it as it will be read, and add it."""
    services = queries.list_notify_services()
    form = Form(*_where(services), *_words(None))
    if request.method != "POST":
        return render(request, "notify/write.html", {"form": form, "services": services, "template": None})
    form = form.read(request.POST)
    form = _checked(form, _channel(form), services)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, form, None, services)
    added = operations.add_template(
        notify_service_id=NotifyServiceId(UUID(form.text("service"))),
        channel=_channel(form),
        name=form.text("name"),
        pair=_pair(form),
        saved_by=_writer(request),
    )
    return _shown(council, added)


@officers(*MAY_WRITE)
def edit(request: HttpRequest, council: str, template_id: UUID) -> HttpResponse:
    """Ask for new words, show them as they will be read, and save them as the next version."""
    template = queries.get_template(TemplateId(template_id))
    services = [queries.get_notify_service(template.notify_service_id)]
    form = Form(*_words(template.channel), values=_values(template))
    if request.method != "POST":
        return _asked(request, form, template, services)
    form = _checked(form.read(request.POST), template.channel, services)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, form, template, services)
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
        return _asked(request, form.refuse("name", problem), template, services)
    return _shown(council, saved)


def _asked(
    request: HttpRequest, form: Form, template: TemplateView | None, services: Sequence[NotifyServiceView]
) -> HttpResponse:
    channel = template.channel if template else _channel(form)
    wants_preview = "preview" in request.POST and not form.is_refused
    context = {
        "form": form,
        "template": template,
        "services": services,
        "opened": _opened(request) if request.method == "POST" else template.version if template else 0,
        "previews": previews_of(_pair(form), channel, prefix=services[0].prefix) if wants_preview else [],
    }
    return render(request, "notify/write.html", context)


def _writer(request: HttpRequest) -> str:
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    return visitor.email


def _shown(council: str, template: TemplateView) -> HttpResponse:
    return HttpResponseRedirect(reverse("notify:template", kwargs={"council": council, "template_id": template.id}))


def _where(services: Sequence[NotifyServiceView]) -> list[Field]:
    options = [Option(str(service.id), service.name) for service in services]
    channels = [Option("email", _("Email")), Option("sms", _("Text message"))]
    return [
        SelectField("service", _("Service"), options=options),
        RadiosField("channel", _("How is it sent?"), options=channels, is_inline=True),
    ]


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


def _checked(form: Form, channel: Channel, services: Sequence[NotifyServiceView]) -> Form:
    """Return the form with what is missing."""
    names = {field.name for field in form.fields}
    if "service" in names and form.text("service") not in {str(service.id) for service in services}:
        form = form.refuse("service", _("Select a service"))
    if "channel" in names and form.text("channel") not in ("email", "sms"):
        form = form.refuse("channel", _("Select how it is sent"))
    if not form.text("name"):
        form = form.refuse("name", _("Enter a name"))
    if channel is Channel.EMAIL and not form.text("subject"):
        form = form.refuse("subject", _("Enter a subject"))
    if not form.text("body"):
        form = form.refuse("body", _("Enter the message"))
    return form
