"""Sending once more what did not arrive."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.leading import lead_to
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.notify.domain.ids import ListId
from guildhall.notify.operations import TemplateDeleted
from guildhall.notify.operations.lists import NothingFailed, upload_failed_rows
from guildhall.notify.pages.lists.listing import list_url, officer_name
from guildhall.notify.pages.section import MAY_SEND, service_at
from guildhall.notify.queries.lists import get_list
from guildhall.organisations.pages.gate import person_at


@officers(*MAY_SEND)
@methods("POST")
def resend(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Make a new list of the rows that failed."""
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    try:
        again = upload_failed_rows(
            view.id, uploaded_by=officer_name(request), actor=person_at(request), now=clock.now(), clock=clock.now
        )
    except (NothingFailed, TemplateDeleted):
        return lead_to(list_url(council, here, view.id, done="nothing-failed"))
    return lead_to(list_url(council, here, again, done="resend"))
