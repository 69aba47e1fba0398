"""Keys for programs: several for each service, each shown once and revocable."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, Option, RadiosField, TextField, taking
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, methods, officers
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.paging import page_number
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.operations import KeyNameTaken
from guildhall.organisations.pages.gate import person_at
from guildhall.organisations.pages.wording import hint_of_kind, name_of_kind, name_of_platform
from guildhall.organisations.ports import key_formats

LONGEST_NAME = 100


@officers(Role.OWNER, Role.SERVICE_MANAGER)
def keys(request: HttpRequest, council: str) -> HttpResponse:
    """List the council's keys, those in use first."""
    facts = {
        "page": queries.list_keys(page=page_number(in_address(request, "page"))),
        "name_of_platform": name_of_platform,
        "name_of_kind": name_of_kind,
        "may_create": bool(key_formats() and queries.list_services()),
        "done": in_address(request, "done"),
    }
    return render(request, "organisations/keys.html", facts)


@officers(Role.OWNER, Role.SERVICE_MANAGER)
@methods("GET", "HEAD", "POST")
def create(request: HttpRequest, council: str) -> HttpResponse:
    """Make a key, and show it this once."""
    form = _form(service=in_address(request, "service"))
    if request.method != "POST":
        return render(request, "organisations/create-key.html", {"form": form})
    form = _check(form.read(request.POST))
    if not form.is_refused:
        platform, kind = Platform(form.text("platform")), KeyKind(form.text("kind"))
        service_id, name = ServiceId(UUID(form.text("service"))), form.text("name")
        try:
            text = key_formats()[platform].make(service_id, kind, name, actor=person_at(request), now=clock.now())
        except KeyNameTaken:
            form = form.refuse("name", _("This service has a key of this name already"))
        else:
            return render(request, "organisations/key-created.html", {"key": text, "name": name})
    return render(request, "organisations/create-key.html", {"form": form})


@officers(Role.OWNER, Role.SERVICE_MANAGER)
@methods("GET", "HEAD", "POST")
def revoke(request: HttpRequest, council: str, key_id: UUID) -> HttpResponseBase:
    """Ask whether a key shall stop working for good, and do it."""
    if request.method == "POST":
        operations.revoke_key(key_id, actor=person_at(request), now=clock.now())
        return lead_to_page("organisations:keys", done="revoked", council=council)
    return render(request, "organisations/revoke-key.html", {"key": queries.get_key(key_id)})


def _form(*, service: str) -> Form:
    """Return the questions about a new key, with the service chosen that a link named."""
    language = current_language()
    services = [Option(str(service.id), service.name.in_(language)) for service in queries.list_services()]
    platforms = [Option(platform, name_of_platform(platform)) for platform in key_formats()]
    kinds = [Option(kind, name_of_kind(kind), hint_of_kind(kind)) for kind in KeyKind]
    name_hint = _("So that you know it again, such as the program that will use it")
    return Form(
        RadiosField("service", _("Which service is it for?"), options=services),
        RadiosField("platform", _("What does it open?"), options=platforms),
        RadiosField("kind", _("How far does it reach?"), options=kinds),
        TextField("name", _("Name of the key"), name_hint, width="20", longest=LONGEST_NAME, takes=taking.words),
        values={"service": service},
    )


def _check(form: Form) -> Form:
    """Look that each answer is one that was offered, and that the platform knows the kind."""
    if form.is_refused:
        return form
    for name, message in (
        ("service", _("Select a service")),
        ("platform", _("Select what the key opens")),
        ("kind", _("Select how far the key reaches")),
    ):
        if form.text(name) not in {option.value for option in form[name].field.options}:  # type: ignore[attr-defined]
            form = form.refuse(name, message)
    if not form.is_refused and form.text("kind") not in key_formats()[Platform(form.text("platform"))].kinds:
        form = form.refuse("kind", _("This platform has no keys of this kind"))
    if not form.text("name"):
        form = form.refuse("name", _("Enter a name for the key"))
    return form
