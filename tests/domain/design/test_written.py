from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from guildhall.design.brand import Brand
from guildhall.design.languages import Text
from guildhall.design.pages import written

NOVEMBER = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


def test_dates_are_written_out_in_the_language_of_the_page() -> None:
    assert written.day(NOVEMBER) == "21 November 2026"
    assert written.weekday(date(2026, 11, 21)) == "Saturday 21 November 2026"
    with translation.override("cy"):
        assert written.day(NOVEMBER) == "21 Tachwedd 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "english", "welsh"),
    [
        (9, 0, "9am", "9yb"),
        (14, 30, "2:30pm", "2:30yp"),
        (12, 0, "midday", "hanner dydd"),
        (0, 0, "midnight", "hanner nos"),
        (0, 5, "12:05am", "12:05yb"),
    ],
)
def test_the_time_is_written_with_twelve_hours(hour: int, minute: int, english: str, welsh: str) -> None:
    at = datetime(2026, 1, 1, hour, minute, tzinfo=UTC)
    assert written.time_of_day(at) == english
    with translation.override("cy"):
        assert written.time_of_day(at) == welsh


def test_a_summer_evening_is_the_next_day_in_london() -> None:
    assert written.moment(datetime(2026, 6, 30, 23, 15, tzinfo=UTC)) == "1 July 2026, 12:15am"


def test_words_are_said_in_the_language_of_the_page_and_in_english_where_no_welsh_is_written() -> None:
    with translation.override("cy"):
        assert written.words(Text("Bins", "Biniau")) == "Biniau"
        assert written.words(Text("Bins")) == "Bins"
    assert not Text("Bins", " ").is_in_both and Text("Bins", "Biniau").is_in_both


def test_a_council_is_called_by_its_welsh_name_in_welsh_if_it_has_one() -> None:
    assert Brand("Anglesey", "Ynys Môn").named("cy") == "Ynys Môn"
    assert Brand("Anglesey").named("cy") == "Anglesey"


def test_the_address_of_a_theme_changes_with_the_colour() -> None:
    assert Brand("A", colour="#000000").theme_version != Brand("A", colour="#111111").theme_version
