"""Money, days, references, pages: the small things that everything else counts on."""

from datetime import UTC, date, datetime

import pytest

from guildhall.kernel.clock import financial_year, london_day
from guildhall.kernel.ids import new_id, new_reference, new_secret
from guildhall.kernel.money import Pence, in_pounds
from guildhall.kernel.paging import Page, page_number


@pytest.mark.parametrize(
    ("amount", "written"), [(0, "£0.00"), (5, "£0.05"), (4500, "£45.00"), (123450, "£1,234.50"), (-250, "-£2.50")]
)
def test_money_is_written_as_people_read_it(amount, written):
    assert in_pounds(Pence(amount)) == written


def test_a_summer_evening_is_still_the_same_day_in_london():
    assert london_day(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert london_day(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_the_financial_year_begins_on_the_first_of_april():
    assert financial_year(date(2026, 3, 31)) == 2025
    assert financial_year(date(2026, 4, 1)) == 2026


def test_ids_sort_in_the_order_they_were_made():
    made = [new_id() for _ in range(200)]
    assert sorted(made) == made
    assert {identity.version for identity in made} == {7}


def test_a_reference_can_be_read_out_on_the_telephone():
    """Eight characters, no look-alikes, the third and sixth digits (alphagov/forms-runner, services contract 1.7)."""
    for reference in (new_reference() for _ in range(500)):
        assert len(reference) == 8
        assert set(reference) <= set("ABCDEFGHJKLMNPRSTUVWXY23456789")
        assert reference[2].isdigit() and reference[5].isdigit()


def test_secrets_do_not_repeat_and_hold_256_bits():
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(secret) for secret in made} == {43}


@pytest.mark.parametrize(("text", "number"), [("3", 3), (None, 1), ("", 1), ("0", 1), ("-2", 1), ("x", 1), ("９", 1)])
def test_a_page_number_that_is_none_means_the_first_page(text, number):
    assert page_number(text) == number


def test_a_page_knows_its_neighbours():
    middle = Page(rows=[1], number=2, size=10, total=21)
    assert (middle.pages, middle.has_previous, middle.has_next) == (3, True, True)
    empty: Page[int] = Page(rows=[], number=1, size=10, total=0)
    assert (empty.pages, empty.has_previous, empty.has_next) == (1, False, False)
