"""Where officers start: their councils, and the parts of one council that their roles open."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.navigation import Section, open_sections
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import Role, officers, signed_in
from guildhall.organisations import queries
from guildhall.organisations.pages.gate import person_at, roles_at
from guildhall.organisations.pages.wording import names_of_roles


@signed_in
def councils(request: HttpRequest) -> HttpResponseBase:
    """List the councils that the visitor works in; lead on where there is only one."""
    memberships = queries.list_memberships_of(person_at(request))
    is_operator = queries.is_operator(person_at(request))
    if len(memberships) == 1 and not is_operator:
        return lead_to_page("organisations:staff-home", council=memberships[0][0].slug)
    facts = {"memberships": memberships, "is_operator": is_operator, "names_of_roles": names_of_roles}
    return render(request, "organisations/councils.html", facts)


@officers()
def home(request: HttpRequest, council: str) -> HttpResponse:
    """Show the parts of the officers' side that the visitor's roles open."""
    facts = {
        "parts": _parts(council, roles_at(request)),
        "my_roles": names_of_roles(roles_at(request)),
        "done": in_address(request, "done"),
    }
    return render(request, "organisations/staff-home.html", facts)


def _parts(council: str, roles: frozenset[Role]) -> list[tuple[Section, Text]]:
    """The parts that the roles open, in the menu's order, each with what it is for."""
    return [
        (section, settings.STAFF_SUMMARIES.get(listed[1], Text("")))
        for listed in settings.STAFF_NAVIGATION
        for section in open_sections([listed], council, roles, "")
    ]
