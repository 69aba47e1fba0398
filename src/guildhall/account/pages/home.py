"""The resident's own page: everything they have asked of any council, in one place."""

from django.http import HttpRequest, HttpResponse

from guildhall.account.pages.asking import person_at
from guildhall.account.queries import list_what_a_resident_asked
from guildhall.design.pages import render
from guildhall.kernel.audiences import signed_in
from guildhall.notify.queries.account_messages import count_unread
from guildhall.organisations.queries import list_memberships_of
from guildhall.services.tracking.domain.statuses import name_of


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show what the resident has asked for, the newest first."""
    person_id = person_at(request)
    facts = {
        "asked": list_what_a_resident_asked(person_id),
        "name_of": name_of,
        "unread": count_unread(person_id),
        "works_somewhere": bool(list_memberships_of(person_id)),
    }
    return render(request, "account/home.html", facts)
