"""Adding up days that are over, so that a page of a year reads a few hundred rows instead of millions.

The mark of a council says until which day its use is added up. Who adds up holds it for himself; who tells of an act of
a day that is over shares it and adds the act to its day. So an act is in the sum exactly once, and the sums can be
made anew from the acts at any time.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.metering.operations.allowances import keep_allowances

A_DAY_IS_OVER_AFTER = timedelta(hours=1)
"""Whatever was accepted before midnight is committed by then."""

_SUM = """
INSERT INTO metering_dayofuse (id, service_id, meter, used_on, rate_multiplier, quantity)
SELECT gen_random_uuid(), service_id, meter, used_on, rate_multiplier, sum(quantity) FROM metering_usageevent
WHERE organisation_id = %(council)s AND used_on >= %(first)s AND used_on < %(until)s
GROUP BY service_id, meter, used_on, rate_multiplier
"""
_ADD_LATE = """
WITH mark AS (
    SELECT until FROM metering_addedup
    WHERE organisation_id = %(council)s AND %(at)s < now() - interval '30 minutes' FOR SHARE
), late AS (
    SELECT (%(at)s AT TIME ZONE 'Europe/London')::date AS used_on
)
INSERT INTO metering_dayofuse AS day (id, service_id, meter, used_on, rate_multiplier, quantity)
SELECT gen_random_uuid(), %(service)s, %(meter)s, used_on, %(multiplier)s, %(quantity)s FROM late, mark
WHERE used_on < until
ON CONFLICT (organisation_id, used_on, service_id, meter, rate_multiplier)
    DO UPDATE SET quantity = day.quantity + excluded.quantity
"""
_FIRST_DAY = date(2000, 4, 1)


@transaction
def add_up_days(now: datetime) -> None:
    """Add up the current council's days that are over and not added up yet."""
    first, until = _held_mark(), clock.london_day(now - A_DAY_IS_OVER_AFTER)
    if first < until:
        _sum(first, until)


def close_days(now: datetime) -> None:
    """Add up what is over, and keep this year's allowances of the current council as they are."""
    add_up_days(now)
    with transaction():
        keep_allowances(clock.financial_year(clock.london_day(now)))


@transaction
def add_up_anew() -> None:
    """Throw the current council's sums away and make them again from the acts."""
    until = _held_mark()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM metering_dayofuse WHERE organisation_id = %s", [current_organisation()])
    _sum(_FIRST_DAY, until)


@part_of_a_transaction
def add_late_use(facts: tuple[object, ...]) -> None:
    """Add an act to its day, if that has been added up already.

    :param facts: meter, quantity, rate multiplier, service and moment.
    """
    names = ("meter", "quantity", "multiplier", "service", "at")
    with connection.cursor() as cursor:
        cursor.execute(_ADD_LATE, _facts(**dict(zip(names, facts, strict=True))))


def _held_mark() -> date:
    """Return the first day that is not added up, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_addedup (id, until) VALUES (%s, %s) ON CONFLICT DO NOTHING", [new_id(), _FIRST_DAY]
        )
    until: date = _asked("SELECT until FROM metering_addedup WHERE organisation_id = %(council)s FOR UPDATE")
    return until


def _sum(first: date, until: date) -> None:
    facts = _facts(first=first, until=until)
    with connection.cursor() as cursor:
        cursor.execute(_SUM, facts)
        cursor.execute("UPDATE metering_addedup SET until = %(until)s WHERE organisation_id = %(council)s", facts)


def _asked(question: str, **facts: date) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, _facts(**facts))
        (answer,) = cursor.fetchone()
    return answer


def _facts(**facts: Any) -> dict[str, Any]:
    return {"council": current_organisation(), **facts}
