"""A cap: the most that a service may use or be charged in a month or a financial year, agreed beforehand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from guildhall.kernel.clock import financial_year
from guildhall.kernel.money import Pence
from guildhall.metering.domain.charging import Charge, DayOfTexts, RateOn, charge

PARTS_OF_ROOM = 20
"""A process is given at most this part of what is left, so that little is held by processes that do not use it."""


class Period(StrEnum):
    """How long a cap holds before it begins anew."""

    MONTH = "month"
    YEAR = "year"

    def began_on(self, day: date) -> date:
        """Return the first day of the month, or of the financial year, of ``day``."""
        return day.replace(day=1) if self is Period.MONTH else date(financial_year(day), 4, 1)


@dataclass(frozen=True)
class Cap:
    """What was agreed for a period: ``pence`` charged before VAT, ``units`` used (free ones among them), or both."""

    period: Period
    pence: Pence | None = None
    units: int | None = None


@dataclass(frozen=True)
class Used:
    """What a service used since its financial year began, or may be using now: texts, and pounds for letters."""

    texts: Sequence[DayOfTexts]
    letters: Sequence[tuple[date, Decimal]] = ()

    @property
    def units(self) -> int:
        return sum(day.units for day in self.texts)

    def and_more(self, units: int, today: date) -> "Used":
        """Return it with some more units of texts today."""
        return Used([*self.texts, DayOfTexts(today, units)], self.letters)


@dataclass(frozen=True)
class Room:
    """How many more units a cap leaves."""

    cap: Cap
    units: int


def tightest(caps: Iterable[Cap], used: Used, *, today: date, allowance: int, rate_on: RateOn) -> Room | None:
    """Return the cap that leaves a service the fewest units of texts today, or None where there is no cap."""
    charges = charge(used.texts, allowance=allowance, rate_on=rate_on)
    free_left = max(0, allowance - sum(day.units for day in used.texts))
    rooms = [Room(cap, _units_left(cap, charges, used, today, free_left, rate_on(today))) for cap in caps]
    return min(rooms, key=lambda room: room.units, default=None)


def charged_within(cap: Cap, charges: Sequence[Charge], used: Used, today: date) -> Decimal:
    """Return the pounds that count against a cap today: of texts, and of letters, of which none is free."""
    begun = cap.period.began_on(today)
    texts = sum((each.cost for each in charges if begun <= each.day <= today), Decimal(0))
    return texts + sum((cost for day, cost in used.letters if begun <= day <= today), Decimal(0))


def units_within(cap: Cap, charges: Sequence[Charge], today: date) -> int:
    """Return the units of texts that count against a cap today, free ones among them."""
    begun = cap.period.began_on(today)
    return sum(each.free + each.chargeable for each in charges if begun <= each.day <= today)


def block_of(room: int, *, wanted: int, expected: int) -> int:
    """Decide how many units to give a process that wants ``wanted`` now and expects to use ``expected`` soon."""
    return max(wanted, min(expected, room // PARTS_OF_ROOM))


def _units_left(cap: Cap, charges: Sequence[Charge], used: Used, today: date, free_left: int, rate: Decimal) -> int:
    left = []
    if cap.units is not None:
        left.append(cap.units - units_within(cap, charges, today))
    if cap.pence is not None:
        pounds = max(Decimal(0), Decimal(cap.pence) / 100 - charged_within(cap, charges, used, today))
        left.append(free_left + int(pounds // rate))
    return max(0, min(left))
