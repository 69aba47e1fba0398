"""What a year's texts cost: the allowance is used up day by day, and the rest is charged at the rate of its day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from guildhall.kernel.money import Pence
from guildhall.metering.domain.allowance import split_against_allowance

RateOn = Callable[[date], Decimal]


@dataclass(frozen=True)
class DayOfTexts:
    """The units (fragments times the country's multiplier) that one service used on one London day."""

    day: date
    units: int


@dataclass(frozen=True)
class Charge:
    """What of a day's units was free, what was charged, and its exact price in pounds before VAT."""

    day: date
    free: int
    chargeable: int
    cost: Decimal


def charge(days: Iterable[DayOfTexts], *, allowance: int, rate_on: RateOn) -> list[Charge]:
    """Work out the charge for each day of one service's financial year.

    A day has one rate, so the order of messages within it changes nothing.
    """
    charges, used = [], 0
    for day in sorted(days, key=lambda each: each.day):
        split = split_against_allowance(day.units, allowance=allowance, already_used=used)
        charges.append(Charge(day.day, split.free, split.chargeable, split.chargeable * rate_on(day.day)))
        used += day.units
    return charges


def in_pence(pounds: Decimal) -> Pence:
    """Round an exact price half up to the penny, as an invoice would."""
    return Pence(int((pounds * 100).quantize(Decimal(1), ROUND_HALF_UP)))
