"""Time: instants are aware and UTC, days are London's. Only faces ask the clock; everything below is told ``now``."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Read the clock. Called by faces, jobs and commands, and passed down from there."""
    return datetime.now(UTC)


def london_day(at: datetime) -> date:
    """Return the day it is in London at that instant: councils bill, count and promise by it."""
    return at.astimezone(LONDON).date()


def financial_year(day: date) -> int:
    """Return the year in which the council's financial year of ``day`` began on 1 April.

    >>> financial_year(date(2026, 3, 31)), financial_year(date(2026, 4, 1))
    (2025, 2026)
    """
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1
