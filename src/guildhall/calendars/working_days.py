"""Which days are worked: Monday to Friday, except the bank holidays of a nation (``data/bank_holidays.csv``)."""

import csv
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

_SATURDAY = 5


class Nation(StrEnum):
    """Who has bank holidays of its own. GOV.UK calls it a division."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


def bank_holidays(nation: Nation) -> Mapping[date, str]:
    """Return the bank holidays of a nation with their English names, from 2018 to the last year that is announced.

    >>> bank_holidays(Nation.SCOTLAND)[date(2026, 11, 30)]
    'St Andrew’s Day'
    """
    return _bank_holidays()[nation]


def is_working_day(day: date, *, nation: Nation) -> bool:
    """Return whether offices work on a day. Beyond the years that are announced only weekends are known to be free.

    >>> is_working_day(date(2026, 11, 30), nation=Nation.SCOTLAND)
    False
    """
    return day.weekday() < _SATURDAY and day not in bank_holidays(nation)


def working_days_after(day: date, days: int, *, nation: Nation) -> date:
    """Return the working day that is so many of them after a day, which itself does not count.

    >>> working_days_after(date(2026, 4, 2), 1, nation=Nation.ENGLAND_AND_WALES)  # the day before Good Friday
    datetime.date(2026, 4, 7)
    """
    return days_after(day, days, counts=lambda each: is_working_day(each, nation=nation))


def days_after(day: date, days: int, *, counts: Callable[[date], bool]) -> date:
    """Return the day that is so many days after another, where only some days count: the first itself never does."""
    for _ in range(days):
        day += timedelta(days=1)
        while not counts(day):
            day += timedelta(days=1)
    return day


@lru_cache(maxsize=1)
def _bank_holidays() -> Mapping[Nation, Mapping[date, str]]:
    text = resources.files("guildhall.calendars").joinpath("data/bank_holidays.csv").read_text(encoding="utf-8")
    found: dict[Nation, dict[date, str]] = {nation: {} for nation in Nation}
    for row in csv.DictReader(text.splitlines()):
        found[Nation(row["division"])][date.fromisoformat(row["date"])] = row["title"]
    return MappingProxyType({nation: MappingProxyType(days) for nation, days in found.items()})
