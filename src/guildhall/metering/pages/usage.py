"""The council's use: by service against the allowance, and by month, one financial year at a time."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse

from guildhall.design.pages import render
from guildhall.design.pages.speaking import current_language
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, officers
from guildhall.metering import queries
from guildhall.organisations.queries import list_services


@officers(Role.OWNER, Role.SERVICE_MANAGER, Role.FINANCE_VIEWER)
def usage(request: HttpRequest, council: str) -> HttpResponse:
    """Show a financial year: the one in the address, else the current one."""
    years = queries.list_years(current_year=clock.financial_year(clock.london_day(clock.now())))
    wanted = request.GET.get("year", "")
    year = next((year for year in years if str(year) == wanted), years[0])
    use = queries.usage_of_year(year, current_year=years[0])
    names = {service.id: service.name for service in list_services()}
    words = {"use": use, "years": years, "names": names, "pounds_of": _pounds, "month_of": _month}
    return render(request, "metering/usage.html", words)


def _pounds(cost: Decimal) -> str:
    """Write a cost rounded half up to the penny, as an invoice would."""
    return f"£{cost.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def _month(begins_on: date) -> str:
    """Write a month out: ``November 2026``."""
    return format_date(begins_on, "LLLL y", locale=current_language())
