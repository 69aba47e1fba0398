"""What a service's programs asked lately, and why some of it was refused."""

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import officers
from guildhall.kernel.paging import page_number
from guildhall.notify.pages.section import MAY_WRITE, service_at, show
from guildhall.notify.queries.program_log import list_requests


@officers(*MAY_WRITE)
def program_log(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """List the requests of a service's programs, the last first; or only those that were refused."""
    here, only_refused = service_at(service), in_address(request, "show") == "refused"
    page = list_requests(here.id, page=page_number(in_address(request, "page")), only_refused=only_refused)
    return show(request, here, "notify/program-log.html", {"page": page, "only_refused": only_refused})
