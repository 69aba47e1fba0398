"""Numbers, ids and moments from outside are looked at for their length before they are converted."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from guildhall.kernel.outside import LARGEST_INTEGER, read_day, read_id, read_moment, whole_number
from guildhall.kernel.paging import page_number
from guildhall.kernel.paths import Number

NOT_NUMBERS = ["", None, "-1", "+1", " 1", "1.0", "1e3", "²", "١٢", "１", "0x1", "1_000", "9" * 400, "9" * 5_000]


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_only_plain_digits_and_no_more_than_can_count_are_a_number(text: str | None) -> None:
    assert whole_number(text) is None
    assert page_number(text) == 1


def test_a_number_is_read_up_to_the_largest_that_a_column_holds() -> None:
    assert whole_number("0") == 0
    assert whole_number("2147483647") == LARGEST_INTEGER
    assert whole_number("2147483648") is None
    assert (whole_number("1000", most=1000), whole_number("1001", most=1000)) == (1000, None)


@pytest.mark.parametrize("text", ["", None, "x" * 32, "١" * 32, "a" * 80_000, "{" * 80_000])
def test_what_spells_no_id_is_none(text: str | None) -> None:
    assert read_id(text) is None


def test_an_id_is_read_as_it_is_written() -> None:
    wanted = UUID("0190163c-694f-7e32-8c9b-8b6d0a3d7e11")
    assert read_id(str(wanted)) == read_id(wanted.hex) == read_id(f"urn:uuid:{wanted}") == wanted


@pytest.mark.parametrize("text", ["", None, "0000-01-01", "10000-01-01", "2026-02-30", "2026-01-01" + "0" * 80_000])
def test_a_day_that_the_calendar_has_not_is_none(text: str | None) -> None:
    assert read_day(text) is None
    assert read_day("2026-02-28") == date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["", None, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T25:00", "2026-01-01T00:00" * 9],
)
def test_a_moment_beyond_the_calendar_is_none(text: str | None) -> None:
    assert read_moment(text) is None
    assert read_moment("2026-02-28T12:00:00Z") == datetime(2026, 2, 28, 12, tzinfo=UTC)


def test_a_number_in_a_path_that_no_column_holds_leads_nowhere() -> None:
    assert Number().to_python("2147483647") == LARGEST_INTEGER
    with pytest.raises(ValueError, match="no such number"):
        Number().to_python("2147483648")
