"""What was sent, for officers: to whom, when, and what became of it."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.kernel.audiences import officers
from guildhall.kernel.paging import page_number
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Status
from guildhall.notify.pages.templates import MAY_LOOK

STATUSES = {
    Status.CREATED: Text("Waiting", "Yn aros"),
    Status.SENDING: Text("Sending", "Yn anfon"),
    Status.SENT: Text("Sent", "Wedi’i anfon"),
    Status.PENDING: Text("Sending", "Yn anfon"),
    Status.DELIVERED: Text("Delivered", "Wedi cyrraedd"),
    Status.TEMPORARY_FAILURE: Text(
        "Not delivered: inbox full or phone off", "Heb gyrraedd: blwch llawn neu ffôn i ffwrdd"
    ),
    Status.PERMANENT_FAILURE: Text(
        "Not delivered: address does not exist", "Heb gyrraedd: nid yw’r cyfeiriad yn bodoli"
    ),
    Status.TECHNICAL_FAILURE: Text("Not delivered: our fault", "Heb gyrraedd: ein bai ni"),
}
COLOURS = {
    Status.DELIVERED: "govuk-tag--green",
    Status.SENT: "govuk-tag--green",
    Status.TEMPORARY_FAILURE: "govuk-tag--red",
    Status.PERMANENT_FAILURE: "govuk-tag--red",
    Status.TECHNICAL_FAILURE: "govuk-tag--red",
}


@officers(*MAY_LOOK)
def messages(request: HttpRequest, council: str) -> HttpResponse:
    """List the council's messages, the newest first."""
    listed = queries.list_messages(page=page_number(request.GET.get("page")))
    return render(request, "notify/messages.html", {"listed": listed, "statuses": STATUSES, "colours": COLOURS})
