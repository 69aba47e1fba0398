"""The list of cases, and one case."""

from functools import partial

from django.http import HttpRequest, HttpResponse

from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.kernel.audiences import officers
from guildhall.organisations import queries as organisations
from guildhall.services.cases import queries
from guildhall.services.cases.pages import filters as filtering
from guildhall.services.cases.pages.case import show
from guildhall.services.cases.pages.people import MAY_LOOK, officer, team
from guildhall.services.tracking.domain.statuses import PublicStatus, name_of


@officers(*MAY_LOOK)
def worklist(request: HttpRequest, council: str) -> HttpResponse:
    """Show the council's cases: open ones, oldest first, until something else is asked for."""
    me, services = officer(request), organisations.list_services()
    filters = filtering.read(partial(in_address, request))
    wanted = filtering.wanted(filters, services=services, me=me.person_id)
    shown = {
        "cases": queries.list_cases(wanted),
        "counts": queries.count_cases(wanted, me=me.person_id),
        "filters": filters,
        "wanted": wanted,
        "services": services,
        "service_names": {service.id: service.name for service in services},
        "team": team(),
        "me": me,
        "statuses": list(PublicStatus),
        "name_of": name_of,
    }
    return render(request, "cases/list.html", shown)


@officers(*MAY_LOOK)
def case(request: HttpRequest, council: str, reference: str) -> HttpResponse:
    """Show a case: what was sent, what has happened, and what the officer can do."""
    return show(request, queries.get_case(reference))
