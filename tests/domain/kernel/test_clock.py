"""Clocks go forward and back: an hour is left out in March and comes twice in October."""

from datetime import UTC, date, datetime, time

import pytest

from guildhall.kernel.clock import NoSuchTime, comes_twice, in_london

FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 1, 5), time(9, 30), datetime(2026, 1, 5, 9, 30, tzinfo=UTC)),
        (date(2026, 7, 1), time(0), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (FORWARD, time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (FORWARD, time(2), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (BACK, time(0, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (BACK, time(2), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_a_time_on_a_day_is_an_instant(day: date, at: time, instant: datetime) -> None:
    assert in_london(day, at) == instant
    assert not comes_twice(instant)


@pytest.mark.parametrize("at", [time(1), time(1, 59)])
def test_the_hour_that_is_left_out_has_no_instant(at: time) -> None:
    with pytest.raises(NoSuchTime):
        in_london(FORWARD, at)


@pytest.mark.parametrize("at", [time(1), time(1, 59)])
def test_of_the_hour_that_comes_twice_the_first_is_meant(at: time) -> None:
    instant = in_london(BACK, at)
    assert instant == datetime(2026, 10, 25, 0, at.minute, tzinfo=UTC)
    assert comes_twice(instant)
