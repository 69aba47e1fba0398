"""What a council has used, and what it costs."""

from django.db.models import Min

from guildhall.kernel.clock import financial_year
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.domain.year import YearOfUse, account_for
from guildhall.metering.models import UsageEvent
from guildhall.metering.queries.allowances import allowances_of
from guildhall.metering.queries.days import days_of_use


@reading
def usage_of_year(year: int, *, current_year: int) -> YearOfUse:
    """Return what the council that is acting used in the financial year that began on 1 April ``year``.

    :raises NoSuchYear: ``year`` is before 2016 or after ``current_year``.
    """
    allowance_of = allowances_of(year, current_year=current_year)
    return account_for(year, days_of_use(year), allowance_of=allowance_of, rate_on=published_tariff().rate_on)


@reading
def list_years(*, current_year: int) -> list[int]:
    """Return the financial years that have something to show, the current one first and always among them."""
    own = UsageEvent.objects.filter(organisation_id=current_organisation())
    first = own.aggregate(first=Min("used_on"))["first"]
    return list(range(current_year, (financial_year(first) if first else current_year) - 1, -1))
