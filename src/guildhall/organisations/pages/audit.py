"""The audit trail of a council, for its owners and auditors."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import Role, officers
from guildhall.kernel.paging import page_number
from guildhall.organisations import queries
from guildhall.organisations.pages.wording import name_of_action, name_of_actor


@officers(Role.OWNER, Role.AUDITOR)
def trail(request: HttpRequest, council: str) -> HttpResponse:
    """Show what people did, the newest first; check that nothing was changed when asked to (``?check=1``)."""
    facts = {
        "page": queries.list_audit(page=page_number(in_address(request, "page"))),
        "name_of_action": name_of_action,
        "name_of_actor": name_of_actor,
        "is_checked": in_address(request, "check") == "1",
        "fault": queries.verify_audit() if in_address(request, "check") == "1" else None,
    }
    return render(request, "organisations/audit.html", facts)
