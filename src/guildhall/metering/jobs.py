"""Metering's work by the clock: days that are over are added up, and councils are told what they have used."""

from collections.abc import Iterator
from datetime import datetime

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.periodic import every
from guildhall.kernel.tenancy import acting_for
from guildhall.metering import operations
from guildhall.organisations import queries as organisations


@every(minutes=30)
def add_up(now: datetime) -> None:
    """Add up the days that are over, and write down this year's allowances, council by council."""
    for council in _councils(now):
        with acting_for(council):
            operations.close_days(now)


@every(minutes=5)
def look_for_thresholds(now: datetime) -> None:
    """Tell councils what part of their allowances and caps is used."""
    for council in _councils(now):
        with acting_for(council):
            operations.look_for_thresholds(now)


def _councils(now: datetime) -> Iterator[OrganisationId]:
    number, today = 1, clock.london_day(now)
    while True:
        page = organisations.list_councils("", today=today, page=number, only_begun=True)
        yield from (council.id for council in page.rows)
        if not page.has_next:
            break
        number += 1
    yield organisations.get_platform().id
