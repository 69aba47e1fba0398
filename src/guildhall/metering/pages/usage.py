"""The council's use: by service against the allowance, and by month, one financial year at a time."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.pages import render
from guildhall.design.pages.downloads import as_csv
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, officers
from guildhall.metering import queries
from guildhall.metering.domain.export import COLUMNS, lines_of
from guildhall.metering.domain.year import ServiceKey, ServiceYear, YearOfUse
from guildhall.metering.pages import wording
from guildhall.organisations.pages.gate import roles_at
from guildhall.organisations.queries import get_service, list_services

MAY_LOOK = (Role.OWNER, Role.SERVICE_MANAGER, Role.FINANCE_VIEWER)
MAY_AGREE = (Role.OWNER, Role.FINANCE_VIEWER)


@officers(*MAY_LOOK)
def usage(request: HttpRequest, council: str) -> HttpResponse:
    """Show a financial year: the one in the address, else the current one."""
    use, years = _asked_for(request)
    services = {service.id: service for service in list_services()}
    words = {"use": use, "years": years, "services": services, "centres": queries.list_cost_centres(), **_words()}
    return render(request, "metering/usage.html", words)


@officers(*MAY_LOOK)
def service(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show a service's financial year: what was used, free and charged, its caps, and what the council was told."""
    found = get_service(service)
    use, years = _asked_for(request)
    year = next((each for each in use.services if each.service_id == found.id), None)
    limits = queries.limits_of(found.id, clock.london_day(clock.now()))
    words = {
        "service": found,
        "use": use,
        "year": year or _nothing(found.id, use.year, years[0]),
        "years": years,
        "limits": limits,
        "alerts": queries.list_alerts(found.id, since=limits.begins_on),
        "centre": queries.list_cost_centres().get(found.id, ""),
        "may_agree": not roles_at(request).isdisjoint(MAY_AGREE),
        "done": in_address(request, "done"),
        **_words(),
    }
    return render(request, "metering/service.html", words)


@officers(*MAY_LOOK)
def export(request: HttpRequest, council: str) -> HttpResponseBase:
    """Give a financial year as a table for spreadsheets: a line for each service and month."""
    use, _years = _asked_for(request)
    language = current_language()
    names: dict[ServiceKey, str] = {each.id: each.name.in_(language) for each in list_services()}
    names[None] = _("The council itself")
    lines = lines_of(use, names=names, cost_centres=queries.list_cost_centres())
    return as_csv(COLUMNS, lines, f"usage-{council}-{use.year}-{use.year + 1}.csv")


def _asked_for(request: HttpRequest) -> tuple[YearOfUse, Sequence[int]]:
    years = queries.list_years(current_year=clock.financial_year(clock.london_day(clock.now())))
    wanted = in_address(request, "year")
    year = next((year for year in years if str(year) == wanted), years[0])
    return queries.usage_of_year(year, current_year=years[0]), years


def _nothing(service_id: ServiceKey, year: int, current_year: int) -> ServiceYear:
    """Return the year of a service that used nothing."""
    allowance = queries.allowances_of(year, current_year=current_year)(service_id)
    return ServiceYear.unused(service_id, allowance)


def _words() -> dict[str, object]:
    names = ("pounds_of", "month_of", "percent_of", "limits_in", "name_of_period")
    return {name: getattr(wording, name) for name in names}
