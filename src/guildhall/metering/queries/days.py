"""What was used, day by day: days that are over as they were added up, later ones from the acts themselves."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.meters import Meter
from guildhall.metering.domain.year import DayOfUse, ServiceKey

# One statement, so that a day that is being added up meanwhile is seen once, here or there.
_LINES = """
WITH mark AS (
    SELECT coalesce(max(until), '-infinity'::date) AS until FROM metering_addedup WHERE organisation_id = %(council)s
), line AS (
    SELECT service_id, meter, used_on, rate_multiplier, quantity FROM metering_dayofuse
    WHERE organisation_id = %(council)s AND used_on BETWEEN %(first)s AND %(last)s
        AND used_on < (SELECT until FROM mark) AND (%(service)s::uuid IS NULL OR service_id = %(service)s)
    UNION ALL
    SELECT service_id, meter, used_on, rate_multiplier, sum(quantity)::bigint FROM metering_usageevent
    WHERE organisation_id = %(council)s AND used_on <= %(last)s
        AND used_on >= greatest(%(first)s, (SELECT until FROM mark))
        AND (%(service)s::uuid IS NULL OR service_id = %(service)s)
    GROUP BY service_id, meter, used_on, rate_multiplier
)
"""
_DAYS = "SELECT service_id, meter, used_on, quantity, rate_multiplier FROM line ORDER BY used_on"
_FRAGMENTS = """
SELECT service_id, extract(year FROM used_on - interval '3 months')::integer AS year, sum(quantity * rate_multiplier)
FROM line WHERE meter = 'sms_fragments' GROUP BY 1, 2
"""

_DIFFERENT = """
WITH counted AS (
    SELECT service_id, meter, used_on, rate_multiplier, sum(quantity)::bigint AS quantity FROM metering_usageevent
    WHERE organisation_id = %(council)s
        AND used_on < (SELECT max(until) FROM metering_addedup WHERE organisation_id = %(council)s)
    GROUP BY 1, 2, 3, 4
), kept AS (
    SELECT service_id, meter, used_on, rate_multiplier, quantity FROM metering_dayofuse
    WHERE organisation_id = %(council)s
)
SELECT count(DISTINCT used_on) FROM (
    (SELECT * FROM counted EXCEPT SELECT * FROM kept) UNION ALL (SELECT * FROM kept EXCEPT SELECT * FROM counted)
) AS different
"""

FragmentsByYear = Mapping[ServiceKey, Mapping[int, int]]


@reading
def days_of_use(year: int, *, service_id: UUID | None = None) -> list[DayOfUse]:
    """Return what the current council (or one of its services) used on each day of the financial year ``year``."""
    rows = _asked(_DAYS, date(year, 4, 1), date(year + 1, 3, 31), service_id)
    return [DayOfUse(service, Meter(meter), day, int(number), times) for service, meter, day, number, times in rows]


@reading
def fragments_by_year(*, before: int, service_id: UUID | None = None) -> FragmentsByYear:
    """Return how many units of texts each service used in each financial year before ``before``."""
    years: dict[ServiceKey, dict[int, int]] = {}
    for service, year, units in _asked(_FRAGMENTS, date(2000, 4, 1), date(before, 3, 31), service_id):
        years.setdefault(service, {})[year] = int(units)
    return years


@reading
def count_wrong_days() -> int:
    """Return how many of the current council's days were added up to something else than their acts make."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, {"council": current_organisation()})
        return int(cursor.fetchone()[0])


def _asked(question: str, first: date, last: date, service_id: UUID | None) -> list[tuple[Any, ...]]:
    asked: dict[str, Any] = {"council": current_organisation(), "first": first, "last": last, "service": service_id}
    with connection.cursor() as cursor:
        cursor.execute(_LINES + question, asked)
        return cursor.fetchall()
