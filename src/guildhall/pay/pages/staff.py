"""What officers see of their council's payments."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import Role, officers
from guildhall.kernel.paging import page_number
from guildhall.organisations.queries import list_services
from guildhall.pay import queries
from guildhall.pay.domain.states import Status

# The words officers read for each status, and the colour of its tag.
STATUSES = {
    Status.CREATED: (gettext_noop("Not started"), "govuk-tag--grey"),
    Status.STARTED: (gettext_noop("In progress"), "govuk-tag--light-blue"),
    Status.SUBMITTED: (gettext_noop("To be confirmed"), "govuk-tag--light-blue"),
    Status.CAPTURABLE: (gettext_noop("Waiting for capture"), "govuk-tag--yellow"),
    Status.SUCCESS: (gettext_noop("Paid"), "govuk-tag--green"),
    Status.FAILED: (gettext_noop("Failed"), "govuk-tag--red"),
    Status.CANCELLED: (gettext_noop("Cancelled by the service"), "govuk-tag--grey"),
    Status.ERROR: (gettext_noop("Error"), "govuk-tag--red"),
}
_REASONS = {
    "P0010": gettext_noop("Declined"),
    "P0020": gettext_noop("Expired"),
    "P0030": gettext_noop("Cancelled by the payer"),
}


@officers(Role.OWNER, Role.SERVICE_MANAGER, Role.FINANCE_VIEWER)
def payments(request: HttpRequest, council: str) -> HttpResponse:
    """The council's payments, newest first, each with what became of it."""
    page = queries.list_payments(page=page_number(in_address(request, "page")))
    services = {service.id: service.name for service in list_services()}
    return render(request, "pay/payments.html", {"page": page, "services": services, "tag_of": _tag_of})


def _tag_of(payment: queries.PaymentView) -> dict[str, str]:
    words, colour = STATUSES[payment.status]
    return {"text": _(_REASONS.get(payment.code or "", words)), "classes": colour}
