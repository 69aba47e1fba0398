"""The caps that were agreed, and how much room they leave."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.money import Pence
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.cap import Cap, Period, Room, tightest
from guildhall.metering.domain.charging import DayOfTexts
from guildhall.metering.domain.meters import Meter
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.models import AgreedCap
from guildhall.metering.queries.allowances import allowances_of
from guildhall.metering.queries.days import days_of_use


@reading
def list_caps(service_id: UUID) -> Sequence[Cap]:
    """Return the caps of one of the current council's services: none, one for the month, one for the year, or both."""
    return [_cap_of(row) for row in own_rows(AgreedCap).filter(service_id=service_id).order_by("period")]


@reading
def list_capped_services() -> Mapping[UUID, OrganisationId]:
    """Return the services of every council that have a cap, and whose each is. Asked before the council is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT service_id, organisation_id FROM metering_capped_services()")
        return {service_id: OrganisationId(organisation_id) for service_id, organisation_id in cursor.fetchall()}


@reading
def list_texts(service_id: UUID, today: date) -> list[DayOfTexts]:
    """Return the units of texts that one of the current council's services used since its financial year began."""
    days = days_of_use(clock.financial_year(today), service_id=service_id)
    return [
        DayOfTexts(each.day, each.units) for each in days if each.meter is Meter.SMS_FRAGMENTS and each.day <= today
    ]


@reading
def find_tightest(service_id: UUID, caps: Sequence[Cap], days: Sequence[DayOfTexts], today: date) -> Room | None:
    """Return the cap that leaves a service the fewest units, had it used ``days`` since its financial year began."""
    year = clock.financial_year(today)
    allowance = allowances_of(year, current_year=year, service_id=service_id)(service_id)
    rate_on = published_tariff().rate_on
    return tightest(caps, days, today=today, allowance=allowance.fragments, rate_on=rate_on)


def _cap_of(row: AgreedCap) -> Cap:
    return Cap(Period(row.period), None if row.pence is None else Pence(row.pence), row.units)
