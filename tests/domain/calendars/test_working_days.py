"""Working days and bank holidays of each nation (https://www.gov.uk/bank-holidays.json)."""

from datetime import date

import pytest

from guildhall.calendars.working_days import Nation, bank_holidays, is_working_day, working_days_after

ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND = Nation


@pytest.mark.parametrize(
    ("day", "free_in"),
    [
        (date(2026, 1, 1), {*Nation}),
        (date(2026, 1, 2), {SCOTLAND}),
        (date(2026, 3, 17), {NORTHERN_IRELAND}),
        (date(2026, 4, 6), {ENGLAND_AND_WALES, NORTHERN_IRELAND}),
        (date(2026, 8, 3), {SCOTLAND}),
        (date(2026, 8, 31), {ENGLAND_AND_WALES, NORTHERN_IRELAND}),
        (date(2026, 11, 30), {SCOTLAND}),
        (date(2026, 12, 28), {*Nation}),  # for Boxing Day, which is a Saturday
        (date(2026, 11, 28), {*Nation}),  # a Saturday
        (date(2026, 12, 1), set()),
    ],
)
def test_each_nation_has_bank_holidays_of_its_own(day: date, free_in: set[Nation]) -> None:
    assert {nation for nation in Nation if not is_working_day(day, nation=nation)} == free_in


def test_a_day_itself_does_not_count_and_a_free_day_neither() -> None:
    thursday = date(2026, 4, 2)  # Good Friday and Easter Monday follow
    assert working_days_after(thursday, 0, nation=ENGLAND_AND_WALES) == thursday
    assert working_days_after(thursday, 1, nation=ENGLAND_AND_WALES) == date(2026, 4, 7)
    assert working_days_after(thursday, 1, nation=SCOTLAND) == date(2026, 4, 6)
    assert working_days_after(date(2026, 4, 5), 1, nation=ENGLAND_AND_WALES) == date(2026, 4, 7)


@pytest.mark.parametrize("nation", Nation)
def test_every_year_that_is_announced_is_whole(nation: Nation) -> None:
    days = bank_holidays(nation)
    years = {day.year for day in days}
    assert years == set(range(2018, max(years) + 1))
    assert all(sum(day.year == year for day in days) >= 8 for year in years)
