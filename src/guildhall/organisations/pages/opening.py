"""Opening the council to residents: what that does is said before it is done."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, methods, officers
from guildhall.organisations import operations, queries
from guildhall.organisations.pages.gate import person_at


@officers(Role.OWNER)
@methods("GET", "HEAD", "POST")
def opening(request: HttpRequest, council: str) -> HttpResponseBase:
    """Say what becomes public, and open the council."""
    if request.method == "POST":
        operations.open_council(actor=person_at(request), now=clock.now())
        return lead_to_page("organisations:staff-home", done="opened", council=council)
    return render(request, "organisations/open.html", {"services": queries.list_services(only_live=True)})
