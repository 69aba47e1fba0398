"""Time: instants are aware and UTC, days are London's. Only faces ask the clock; everything below is told ``now``."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from guildhall.kernel.refusals import Invalid

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Read the clock. Called by faces, jobs and commands, and passed down from there."""
    return datetime.now(UTC)


def london_day(at: datetime) -> date:
    """Return the day it is in London at that instant: councils bill, count and promise by it."""
    return at.astimezone(LONDON).date()


class NoSuchTime(Invalid):
    """Clocks go forward over that time on that day, from one o'clock to two."""


def in_london(day: date, at: time) -> datetime:
    """Return the instant at which London's clocks show a time on a day.

    When clocks go back an hour comes twice: the first is meant (``comes_twice``).

    :raises NoSuchTime: it is in the hour that is left out when clocks go forward.

    >>> in_london(date(2026, 7, 1), time(9)).isoformat()
    '2026-07-01T08:00:00+00:00'
    """
    local = datetime.combine(day, at, tzinfo=LONDON)
    instant = local.astimezone(UTC)
    if instant.astimezone(LONDON).time() != at:
        raise NoSuchTime("clocks go forward over that time")
    return instant


def comes_twice(at: datetime) -> bool:
    """Whether London's clocks show an instant's time twice on its day, because they go back."""
    local = at.astimezone(LONDON)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def financial_year(day: date) -> int:
    """Return the year in which the council's financial year of ``day`` began on 1 April.

    >>> financial_year(date(2026, 3, 31)), financial_year(date(2026, 4, 1))
    (2025, 2026)
    """
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1
