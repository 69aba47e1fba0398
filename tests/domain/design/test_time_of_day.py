"""A time of day is read however people type it, and what could mean two times is asked for again."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.design.domain.time_of_day import LONGEST, HalfOfDayMissing, NotATime, read_time_of_day


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9am", time(9)),
        ("9 am", time(9)),
        ("9 AM", time(9)),
        ("9 a.m.", time(9)),
        ("09:00am", time(9)),
        ("9:30am", time(9, 30)),
        ("9.30 pm", time(21, 30)),
        ("9.30p.m.", time(21, 30)),
        ("930pm", time(21, 30)),
        ("9 30 pm", time(21, 30)),
        ("0930", time(9, 30)),
        ("1430", time(14, 30)),
        ("9:30", time(9, 30)),
        ("09:30", time(9, 30)),
        ("14.00", time(14)),
        ("14", time(14)),
        ("00:15", time(0, 15)),
        ("12am", time(0)),
        ("12:30 am", time(0, 30)),
        ("12pm", time(12)),
        ("12 noon", time(12)),
        ("Noon", time(12)),
        ("midday", time(12)),
        ("Midnight", time(0)),
        ("12 midnight", time(0)),
        ("9yb", time(9)),
        ("2:30yp", time(14, 30)),
        ("9 y.b.", time(9)),
        ("hanner dydd", time(12)),
        ("canol nos", time(0)),
    ],
)
def test_a_time_is_read_however_it_is_typed(typed: str, read: time) -> None:
    assert read_time_of_day(typed) == read


@pytest.mark.parametrize("typed", ["1", "9", "09", "12", " 7 "])
def test_an_hour_that_comes_twice_a_day_is_asked_for_again(typed: str) -> None:
    with pytest.raises(HalfOfDayMissing):
        read_time_of_day(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "24:00", "25:00", "9:60", "13pm", "0am", "9:3", "9:300", "9am pm", "9 o'clock", "am", "9:30:15", "-9"],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(NotATime):
        read_time_of_day(typed)


@given(st.times(), st.sampled_from(["%H:%M", "%H.%M", "%H%M", "%I:%M%p", "%I.%M %p", "%I%M %p"]))
def test_every_minute_of_a_day_is_read_back(at: time, written: str) -> None:
    assert read_time_of_day(at.strftime(written)) == at.replace(second=0, microsecond=0)


@given(st.text(max_size=LONGEST + 5))
def test_no_text_is_too_strange_to_be_refused(typed: str) -> None:
    try:
        read_time_of_day(typed)
    except NotATime as refusal:
        assert str(refusal)
