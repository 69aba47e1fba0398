"""When a letter is picked up, printed and delivered.

Letters of a day are picked up at half past five in London; later ones belong to the next day. They are printed on the
next day on which printers work, and then travel (alphagov/notifications-utils:notifications_utils/letter_timings.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from guildhall.calendars.working_days import Nation, bank_holidays, days_after, is_working_day
from guildhall.contact.countries import Zone
from guildhall.kernel.clock import in_london, london_day
from guildhall.notify.domain.template import Postage

PICKED_UP_AT = time(17, 30)
PRINTED_BY, DELIVERED_BY = time(15, 0), time(16, 0)

_PRINTERS, _SUNDAY = Nation.ENGLAND_AND_WALES, 6


class LetterClass(StrEnum):
    """How a letter travels: the classes that a sender chooses, and how far it goes abroad."""

    FIRST = "first"
    SECOND = "second"
    ECONOMY = "economy"
    EUROPE = "europe"
    REST_OF_WORLD = "rest-of-world"


_DAYS_ON_THE_WAY: Mapping[LetterClass, tuple[int, int]] = {
    LetterClass.FIRST: (1, 1),
    LetterClass.SECOND: (4, 5),
    LetterClass.ECONOMY: (4, 7),
    LetterClass.EUROPE: (4, 6),
    LetterClass.REST_OF_WORLD: (6, 8),
}


@dataclass(frozen=True, slots=True)
class LetterTiming:
    """When a letter is taken away, printed, and at the earliest and latest delivered."""

    picked_up_at: datetime
    printed_by: datetime
    earliest_delivery: datetime
    latest_delivery: datetime


def class_of(zone: Zone, chosen: Postage) -> LetterClass:
    """Return how a letter travels: as its sender chose within the country, else by where it goes."""
    return LetterClass(chosen) if zone is Zone.UNITED_KINGDOM else LetterClass(str(zone))


def letter_timing(accepted_at: datetime, letter_class: LetterClass) -> LetterTiming:
    """Work out a letter's way from the moment it was accepted."""
    picked_up_at = pick_up_of(accepted_at)
    printed_on = days_after(london_day(picked_up_at), 1, counts=_is_printing_day)
    delivers = _is_first_class_day if letter_class is LetterClass.FIRST else _is_printing_day
    fewest, most = _DAYS_ON_THE_WAY[letter_class]
    return LetterTiming(
        picked_up_at,
        in_london(printed_on, PRINTED_BY),
        in_london(days_after(printed_on, fewest, counts=delivers), DELIVERED_BY),
        in_london(days_after(printed_on, most, counts=delivers), DELIVERED_BY),
    )


def pick_up_of(accepted_at: datetime) -> datetime:
    """Return when a letter is taken to the printer: from then on it cannot be cancelled."""
    day = london_day(accepted_at)
    today = in_london(day, PICKED_UP_AT)
    return today if accepted_at < today else in_london(day + timedelta(days=1), PICKED_UP_AT)


def _is_printing_day(day: date) -> bool:
    return is_working_day(day, nation=_PRINTERS)


def _is_first_class_day(day: date) -> bool:
    return day.weekday() < _SUNDAY and day not in bank_holidays(_PRINTERS)
