"""The officers' pages of one service that sends: their frame, its tabs, and who may do what in it.

Every page of the section lives under ``/staff/{council}/messages/{service}/…`` and answers with ``show``:

    @officers(*MAY_LOOK)
    def lists(request: HttpRequest, council: str, service: str) -> HttpResponse:
        here = service_at(service)
        return show(request, here, "notify/lists.html", {"lists": queries.list_lists(of=here.id)})

and its template says ``{% extends "notify/section.html" %}``. A tab appears for everybody with one of its roles as soon
as its page is in ``urls.py``. A tab's own pages begin with the tab's address, which is how the current one is known.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.design.pages.navigation import Section, find_page
from guildhall.kernel.audiences import Role
from guildhall.notify import queries
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries import SendingService
from guildhall.organisations.pages.gate import person_at, roles_at, visitor_at

# Notify's permissions, as our roles say them (docs/decisions/0011).
MAY_LOOK = (Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER)
MAY_SEE_FIGURES = (*MAY_LOOK, Role.FINANCE_VIEWER, Role.AUDITOR)
MAY_SEND = (Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER)
MAY_WRITE = (Role.OWNER, Role.SERVICE_MANAGER)
MAY_SET = (Role.OWNER, Role.SERVICE_MANAGER)
MAY_MARK_EMERGENCIES = (Role.OWNER,)

# (words, name of the address, roles that may open it); the address takes ``council`` and ``service``.
TABS: tuple[tuple[Text, str, tuple[Role, ...]], ...] = (
    (Text("Dashboard", "Dangosfwrdd"), "notify:dashboard", MAY_SEE_FIGURES),
    (Text("Templates", "Templedi"), "notify:templates", MAY_LOOK),
    (Text("Lists", "Rhestrau"), "notify:lists", MAY_SEND),
    (Text("Sent", "Anfonwyd"), "notify:sent", MAY_LOOK),
    (Text("Received", "Derbyniwyd"), "notify:received", MAY_LOOK),
    (Text("Letters", "Llythyrau"), "notify:letters", MAY_LOOK),
    (Text("Log", "Cofnod"), "notify:log", MAY_WRITE),
    (Text("Settings", "Gosodiadau"), "notify:service-settings", MAY_SET),
)


def service_at(slug: str) -> SendingService:
    """Return the sending service in the address.

    :raises NotFound: the council has none there.
    """
    return queries.get_sending_service(slug)


def show(
    request: HttpRequest,
    here: SendingService,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of the section, which knows its service as ``here``."""
    facts = {"here": here, "tabs": open_tabs(request, here), "may": allowed(request)}
    return render(request, template, facts | dict(context or {}), status=status)


def open_tabs(request: HttpRequest, here: SendingService) -> list[Section]:
    """Return the tabs that this officer may open, with their addresses."""
    council: str = request.council.slug  # type: ignore[attr-defined]
    open_to = roles_at(request)
    found = [
        Section(name, href)
        for name, page, roles in TABS
        if not open_to.isdisjoint(roles) and (href := find_page(page, council=council, service=here.slug))
    ]
    return [Section(tab.name, tab.href, _is_at(request.path, tab.href)) for tab in found]


def author_at(request: HttpRequest) -> Author:
    """Return the officer who writes, with the name that their versions of a template show."""
    return Author(person_at(request), visitor_at(request).email)


def allowed(request: HttpRequest) -> dict[str, bool]:
    """Say for the section's templates what this officer may do: ``{% if may.write %}``."""
    roles = roles_at(request)
    return {
        "send": not roles.isdisjoint(MAY_SEND),
        "write": not roles.isdisjoint(MAY_WRITE),
        "set": not roles.isdisjoint(MAY_SET),
        "mark_emergencies": not roles.isdisjoint(MAY_MARK_EMERGENCIES),
    }


def _is_at(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")
