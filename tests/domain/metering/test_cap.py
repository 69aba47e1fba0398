"""What counts against a cap: from the first day of its period to today, both of them included."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from guildhall.kernel.money import Pence
from guildhall.metering.domain.cap import Cap, Period, Room, Used, block_of, charged_within, tightest, units_within
from guildhall.metering.domain.charging import DayOfTexts, charge

TODAY = date(2026, 11, 21)
FIRST = {Period.MONTH: date(2026, 11, 1), Period.YEAR: date(2026, 4, 1)}
POUND = Decimal(1)


def counted(period: Period, *days: date) -> tuple[Decimal, int]:
    """Return the pounds and the units that a text of a pound and a letter of a pound on each day count as."""
    used = Used([DayOfTexts(day, 1) for day in days], [(day, POUND) for day in days])
    charges = charge(used.texts, allowance=0, rate_on=lambda day: POUND)
    cap = Cap(period, pence=Pence(10_000))
    return charged_within(cap, charges, used, TODAY), units_within(cap, charges, TODAY)


@pytest.mark.parametrize("period", Period)
def test_the_first_day_of_the_period_counts_and_the_day_before_does_not(period: Period) -> None:
    first = FIRST[period]
    assert counted(period, first) == (2 * POUND, 1)
    assert counted(period, first - timedelta(days=1)) == (0, 0)
    assert counted(period, first - timedelta(days=1), first, first + timedelta(days=1)) == (4 * POUND, 2)


@pytest.mark.parametrize("period", Period)
def test_today_counts_and_tomorrow_does_not(period: Period) -> None:
    assert counted(period, TODAY) == (2 * POUND, 1)
    assert counted(period, TODAY + timedelta(days=1)) == (0, 0)


@pytest.mark.parametrize("period", Period)
def test_what_was_charged_on_the_first_day_leaves_that_much_less_room(period: Period) -> None:
    cap = Cap(period, pence=Pence(1_000))
    used = Used([DayOfTexts(FIRST[period], 3)], [(FIRST[period], 2 * POUND)])
    left = tightest([cap], used, today=TODAY, allowance=0, rate_on=lambda day: POUND)
    assert left == Room(cap, 5)


@pytest.mark.parametrize(
    ("room", "wanted", "expected", "given"),
    [(1_000, 1, 100, 50), (1_000, 1, 50, 50), (1_000, 1, 10, 10), (1_000, 80, 100, 80), (19, 1, 100, 1), (0, 0, 9, 0)],
)
def test_a_process_is_given_a_twentieth_of_the_room_at_most_but_never_less_than_it_wants_now(
    room: int, wanted: int, expected: int, given: int
) -> None:
    assert block_of(room, wanted=wanted, expected=expected) == given
