"""Telling a council in time how much of its allowances and caps is used: once for each part of each period."""

from datetime import datetime
from fractions import Fraction

from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.events import announce
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.domain.thresholds import reached
from guildhall.metering.events import AllowanceThresholdReached
from guildhall.metering.queries.days import days_of_use
from guildhall.metering.queries.limits import limits_of

_ONCE = """
INSERT INTO metering_thresholdreached (id, service_id, limited_by, begins_on, percent, reached_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@transaction
def look_for_thresholds(now: datetime) -> None:
    """Announce the thresholds that the current council's services have reached and that were not announced yet."""
    today = clock.london_day(now)
    days = days_of_use(clock.financial_year(today))
    texting = {each.service_id for each in days if each.meter is Meter.SMS_FRAGMENTS and each.service_id}
    for service_id in sorted(texting):
        for limited_by, begins_on, part in limits_of(service_id, today).parts:
            _announce_new(AllowanceThresholdReached(service_id, limited_by, begins_on, 0), part, now)


@part_of_a_transaction
def _announce_new(of: AllowanceThresholdReached, part: Fraction, now: datetime) -> None:
    """Announce the highest threshold that is new. One that a higher one has overtaken is noted, and nobody is told."""
    told = [percent for percent in reached(part) if _is_new(of, percent, now)]
    if told:
        announce(AllowanceThresholdReached(of.service_id, of.limited_by, of.begins_on, max(told)))


def _is_new(of: AllowanceThresholdReached, percent: int, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ONCE, [new_id(), of.service_id, of.limited_by, of.begins_on, percent, now])
        return cursor.rowcount == 1
