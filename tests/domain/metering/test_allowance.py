"""Golden values of the metering contract, section 10 (alphagov/notifications-api:app/dao/annual_billing_dao.py)."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts import cases

from guildhall.metering.domain.allowance import (
    Allowance,
    NoSuchYear,
    OrganisationType,
    Split,
    allowance_for,
    default_allowance,
    split_against_allowance,
)
from guildhall.metering.domain.charging import Charge, DayOfTexts, charge
from guildhall.metering.domain.tariff import NoRateYet, published_tariff

TARIFF = published_tariff()


def price_of(units_by_day: dict[date, int], *, kind: OrganisationType | None, year: int) -> Decimal:
    allowance = default_allowance(year, kind, TARIFF.allowances)
    days = [DayOfTexts(day, units) for day, units in units_by_day.items()]
    return sum((each.cost for each in charge(days, allowance=allowance, rate_on=TARIFF.rate_on)), Decimal(0))


def usual(year: int = 2026, *, fragments_last_year: int = 0, last_year: Allowance | None = None) -> Allowance:
    return allowance_for(
        year, current_year=2026, default=10_000, fragments_last_year=fragments_last_year, last_year=last_year
    )


def test_a_message_may_be_part_free_and_part_charged() -> None:
    assert split_against_allowance(3, allowance=10_000, already_used=9_999) == Split(free=1, chargeable=2)


def test_what_was_not_sent_after_all_gives_back_what_was_charged_before_what_was_free() -> None:
    assert split_against_allowance(-3, allowance=10_000, already_used=10_002) == Split(free=-1, chargeable=-2)
    days = [DayOfTexts(date(2026, 5, 1), 12_500), DayOfTexts(date(2026, 5, 2), -2_600)]
    assert sum(each.cost for each in charge(days, allowance=10_000, rate_on=TARIFF.rate_on)) == 0


def test_nothing_is_free_once_the_allowance_is_used_up() -> None:
    assert split_against_allowance(3, allowance=10_000, already_used=10_000) == Split(free=0, chargeable=3)
    assert split_against_allowance(3, allowance=10_000, already_used=12_000) == Split(free=0, chargeable=3)


@pytest.mark.parametrize(
    ("kind", "year", "units_by_day", "pounds"),
    [
        (OrganisationType.LOCAL, 2026, {date(2026, 5, 1): 12_500}, "60.00"),
        (OrganisationType.LOCAL, 2025, {date(2025, 5, 1): 12_500}, "58.25"),
        (OrganisationType.LOCAL, 2024, {date(2024, 5, 1): 12_500}, "56.75"),
        (OrganisationType.LOCAL, 2022, {date(2022, 4, 9): 25_000, date(2022, 5, 1): 1_000}, "97.70"),
        (OrganisationType.LOCAL, 2026, {date(2026, 4, 1): 9_990, date(2026, 4, 2): 30}, "0.48"),
        (OrganisationType.CENTRAL, 2026, {date(2026, 5, 1): 20_000}, "0.00"),
        (OrganisationType.CENTRAL, 2026, {date(2026, 5, 1): 20_001}, "0.024"),
        (OrganisationType.NHS_GP, 2026, {date(2026, 5, 1): 1}, "0.024"),
        (None, 2026, {date(2026, 5, 1): 5_001}, "0.024"),
    ],
)
def test_a_year_costs_what_notify_would_charge(
    kind: OrganisationType | None, year: int, units_by_day: dict[date, int], pounds: str
) -> None:
    assert price_of(units_by_day, kind=kind, year=year) == Decimal(pounds)


def test_the_message_that_crosses_the_allowance_is_charged_in_part() -> None:
    days = [DayOfTexts(date(2026, 4, 2), 30), DayOfTexts(date(2026, 4, 1), 9_990)]
    assert charge(days, allowance=10_000, rate_on=TARIFF.rate_on)[1] == Charge(
        date(2026, 4, 2), free=10, chargeable=20, cost=Decimal("0.4800")
    )


def test_a_rate_begins_at_midnight_in_london() -> None:
    assert TARIFF.rate_on(date(2026, 3, 31)) == Decimal("0.0233")
    assert TARIFF.rate_on(date(2026, 4, 1)) == Decimal("0.0240")
    assert TARIFF.rate_on(date(2022, 4, 30)) == Decimal("0.0161")
    assert TARIFF.rate_on(date(2022, 5, 1)) == Decimal("0.0172")


def test_there_is_no_rate_before_the_first() -> None:
    assert TARIFF.rate_on(date(2016, 5, 18)) == Decimal("0.0165")
    with pytest.raises(NoRateYet):
        TARIFF.rate_on(date(2016, 5, 17))


def test_a_quiet_service_has_the_default_of_its_type() -> None:
    assert usual(fragments_last_year=299_999) == Allowance(10_000)


def test_a_service_that_sent_very_many_texts_has_none_free_whatever_was_agreed() -> None:
    agreed = Allowance(50_000, is_custom=True)
    assert usual(fragments_last_year=300_000, last_year=agreed) == Allowance(0, is_high_volume=True)


def test_an_agreed_allowance_carries_over() -> None:
    agreed = Allowance(50_000, is_custom=True)
    assert usual(last_year=agreed) == agreed


def test_last_years_default_does_not_carry_over() -> None:
    assert usual(last_year=Allowance(20_000)) == Allowance(10_000)


@pytest.mark.parametrize("year", [2015, 2027])
def test_a_year_before_the_first_or_after_the_current_one_is_refused(year: int) -> None:
    with pytest.raises(NoSuchYear):
        usual(year)


@pytest.mark.parametrize(
    ("kind", "year", "fragments"),
    [
        (OrganisationType.LOCAL, 2016, 25_000),
        (OrganisationType.LOCAL, 2023, 20_000),
        (OrganisationType.LOCAL, 2025, 10_000),
        (OrganisationType.NHS_NOTIFY, 2026, 0),
        (OrganisationType.NHS_GP, 2023, 10_000),
        (OrganisationType.NHS_GP, 2024, 0),
        (OrganisationType.SCHOOL_OR_COLLEGE, 2026, 5_000),
        (None, 2026, 5_000),
    ],
)
def test_a_default_holds_until_it_is_changed(kind: OrganisationType | None, year: int, fragments: int) -> None:
    assert default_allowance(year, kind, TARIFF.allowances) == fragments


def test_there_was_no_allowance_before_the_first_year() -> None:
    with pytest.raises(NoSuchYear):
        default_allowance(2015, OrganisationType.LOCAL, TARIFF.allowances)


@given(
    st.lists(st.tuples(st.dates(date(2026, 4, 1), date(2027, 3, 31)), st.integers(1, 9_000)), max_size=12),
    st.integers(0, 30_000),
)
def test_no_unit_is_lost_or_free_twice_whatever_the_order(uses: list[tuple[date, int]], allowance: int) -> None:
    days = [DayOfTexts(day, units) for day, units in uses]
    charges = charge(days, allowance=allowance, rate_on=TARIFF.rate_on)
    total = sum(units for _, units in uses)
    assert sum(each.free for each in charges) == min(allowance, total)
    assert sum(each.chargeable for each in charges) == max(0, total - allowance)


def test_our_copy_of_the_published_figures_says_what_its_source_says() -> None:
    source = cases("metering/notify-allowances.json")
    ours = json.loads((Path("src/guildhall/metering/data/text_messages.json")).read_text())
    assert (ours["allowances"], ours["rates"]) == (source["allowances"], source["sms_rate_gbp"])
