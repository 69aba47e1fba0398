"""Where officers start: their councils, and the parts of one council that their roles open."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from guildhall.design.pages import render
from guildhall.kernel.audiences import officers, signed_in
from guildhall.organisations import queries
from guildhall.organisations.pages.gate import person_at, roles_at
from guildhall.organisations.pages.wording import names_of_roles


@signed_in
def councils(request: HttpRequest) -> HttpResponseBase:
    """List the councils that the visitor works in; lead on where there is only one."""
    memberships = queries.list_memberships_of(person_at(request))
    is_operator = queries.is_operator(person_at(request))
    if len(memberships) == 1 and not is_operator:
        return redirect("organisations:staff-home", council=memberships[0][0].slug)
    facts = {"memberships": memberships, "is_operator": is_operator, "names_of_roles": names_of_roles}
    return render(request, "organisations/councils.html", facts)


@officers()
def home(request: HttpRequest, council: str) -> HttpResponse:
    """Show the parts of the officers' side that the visitor's roles open."""
    return render(request, "organisations/staff-home.html", {"my_roles": names_of_roles(roles_at(request))})
