"""Taking a list back: asked about first, with what would be cancelled."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.leading import lead_to
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.life import MAY_BE_CANCELLED
from guildhall.notify.operations.lists import AlreadyStarted, cancel_list
from guildhall.notify.pages.lists.listing import list_url, officer_name
from guildhall.notify.pages.lists.wording import messages_in
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.queries.lists import get_list
from guildhall.organisations.pages.gate import person_at


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def cancel(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Ask whether a list is to be cancelled, and take it back before its first message.

    Whoever was first, the sending or this, the list's own page says which.
    """
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    if request.method != "POST" and view.state in MAY_BE_CANCELLED:
        return show(request, here, "notify/lists/cancel.html", {"list": view, "messages": messages_in(view)})
    try:
        cancel_list(view.id, cancelled_by=officer_name(request), actor=person_at(request), now=clock.now())
    except AlreadyStarted:
        return lead_to(list_url(council, here, view.id, done="too-late"))
    return lead_to(list_url(council, here, view.id, done="cancelled"))
