"""What a council has used, and what it costs."""

from datetime import date

from django.db.models import F, Min, QuerySet, Sum

from guildhall.kernel.clock import financial_year
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.allowance import (
    Allowance,
    OrganisationType,
    allowance_for,
    default_allowance,
)
from guildhall.metering.domain.meters import Meter
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.domain.year import DayOfUse, ServiceKey, YearOfUse, account_for
from guildhall.metering.models import UsageEvent


@reading
def usage_of_year(year: int, *, current_year: int, organisation_type: OrganisationType | None) -> YearOfUse:
    """Return what the council that is acting used in the financial year that began on 1 April ``year``.

    :raises NoSuchYear: ``year`` is before 2016 or after ``current_year``.
    """
    tariff = published_tariff()
    default = default_allowance(year, organisation_type, tariff.allowances)
    last_year = _fragments_by_service(current_year - 1)

    def allowance_of(service_id: ServiceKey) -> Allowance:
        return allowance_for(
            year,
            current_year=current_year,
            default=default,
            fragments_last_year=last_year.get(service_id, 0),
            last_year=None,
        )

    allowance_of(None)  # refuses a year that has not begun also when nothing was used in it
    return account_for(year, _days_of_use(year), allowance_of=allowance_of, rate_on=tariff.rate_on)


@reading
def list_years(*, current_year: int) -> list[int]:
    """Return the financial years that have something to show, the current one first and always among them."""
    first = UsageEvent.objects.aggregate(first=Min("used_on"))["first"]
    return list(range(current_year, (financial_year(first) if first else current_year) - 1, -1))


def _days_of_use(year: int) -> list[DayOfUse]:
    days = _of_year(year).values_list("service_id", "meter", "used_on").annotate(units=_UNITS).order_by("used_on")
    return [DayOfUse(service_id, Meter(meter), day, units) for service_id, meter, day, units in days]


def _fragments_by_service(year: int) -> dict[ServiceKey, int]:
    texts = _of_year(year).filter(meter=Meter.SMS_FRAGMENTS)
    return dict(texts.order_by().values_list("service_id").annotate(units=_UNITS))


def _of_year(year: int) -> "QuerySet[UsageEvent]":
    return UsageEvent.objects.filter(used_on__gte=date(year, 4, 1), used_on__lt=date(year + 1, 4, 1))


_UNITS = Sum(F("quantity") * F("rate_multiplier"))
