"""The resident's own page: everything they have asked of any council, in one place."""

from django.http import HttpRequest, HttpResponse

from guildhall.account.pages.asking import person_at
from guildhall.account.queries import list_what_a_resident_asked
from guildhall.design.pages import render
from guildhall.kernel.audiences import signed_in
from guildhall.services.tracking.domain.statuses import name_of


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show what the resident has asked for, the newest first."""
    asked = list_what_a_resident_asked(person_at(request))
    return render(request, "account/home.html", {"asked": asked, "name_of": name_of})
