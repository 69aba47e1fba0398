"""The caps that were agreed, and how much room they leave."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.money import Pence
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.cap import Cap, Period, Room, Used, charged_within, tightest
from guildhall.metering.domain.charging import DayOfTexts, charge
from guildhall.metering.domain.letter_tariff import published_letter_tariff
from guildhall.metering.domain.meters import LETTERS, Meter
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.domain.year import price_of_letters
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
def get_used(service_id: UUID, today: date) -> Used:
    """Return what one of the current council's services used since its financial year began."""
    days = [each for each in days_of_use(clock.financial_year(today), service_id=service_id) if each.day <= today]
    texts = [DayOfTexts(each.day, each.units) for each in days if each.meter is Meter.SMS_FRAGMENTS]
    return Used(texts, [(each.day, price_of_letters(each)) for each in days if each.meter in LETTERS])


@reading
def find_tightest(service_id: UUID, caps: Sequence[Cap], used: Used, today: date) -> Room | None:
    """Return the cap that leaves a service the fewest units, had it used so much since its financial year began."""
    year = clock.financial_year(today)
    allowance = allowances_of(year, current_year=year, service_id=service_id)(service_id)
    rate_on = published_tariff().rate_on
    return tightest(caps, used, today=today, allowance=allowance.fragments, rate_on=rate_on)


@reading
def find_cap_against(service_id: UUID, meter: Meter, *, sheets: int, today: date) -> Cap | None:
    """Return a cap that leaves too little money for a letter that travels so, or None when none does."""
    year, used = clock.financial_year(today), get_used(service_id, today)
    allowance = allowances_of(year, current_year=year, service_id=service_id)(service_id).fragments
    charges = charge(used.texts, allowance=allowance, rate_on=published_tariff().rate_on)
    price = published_letter_tariff().price_on(today, meter, sheets=sheets)
    for cap in list_caps(service_id):
        if cap.pence is not None and charged_within(cap, charges, used, today) + price > Decimal(cap.pence) / 100:
            return cap
    return None


def _cap_of(row: AgreedCap) -> Cap:
    return Cap(Period(row.period), None if row.pence is None else Pence(row.pence), row.units)
