"""What is free: the rules of the metering contract, section 10, as an operator and a council meet them."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.allowance import Allowance, NoSuchYear, OrganisationType
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import (
    AllowanceOwed,
    keep_allowances,
    record_use,
    set_allowance,
    set_organisation_type,
)
from guildhall.metering.queries import allowances_of, usage_of_year
from guildhall.organisations.queries import Council, list_audit
from guildhall.organisations.testing import make_service

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OPERATOR = PersonId(new_id())


@pytest.fixture
def service(council: Council) -> UUID:
    return make_service(council).id


@transaction
def used(service: UUID, units: int, at: datetime, *, multiplier: int = 1) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=Meter.SMS_FRAGMENTS,
        quantity=units,
        service_id=service,
        at=at,
        rate_multiplier=multiplier,
    )


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def allowance(service: UUID, year: int = 2026) -> Allowance:
    return allowances_of(year, current_year=2026, service_id=service)(service)


def cost(year: int) -> Decimal:
    return usage_of_year(year, current_year=2026).total.cost


def charged_as(kind: OrganisationType) -> None:
    set_organisation_type(kind, actor=OPERATOR, now=NOW)


@pytest.mark.parametrize(("year", "pounds"), [(2026, "60.00"), (2025, "58.25"), (2024, "56.75")])
def test_a_councils_service_pays_for_what_is_beyond_ten_thousand(service: UUID, year: int, pounds: str) -> None:
    used(service, 12_500, noon(year, 6, 1))
    assert cost(year) == Decimal(pounds)


def test_each_day_is_charged_at_its_own_rate(service: UUID) -> None:
    used(service, 1_000, noon(2022, 5, 20))
    used(service, 25_000, noon(2022, 4, 20))
    assert cost(2022) == Decimal("97.70")


def test_fragments_abroad_count_as_many_times_as_their_country(service: UUID) -> None:
    used(service, 9_990, noon(2026, 4, 20))
    for _ in range(5):
        used(service, 2, noon(2026, 4, 21), multiplier=3)
    [year] = usage_of_year(2026, current_year=2026).services
    assert (year.free - 9_990, year.chargeable, year.cost) == (10, 20, Decimal("0.48"))


@pytest.mark.parametrize(
    ("kind", "units", "pounds"),
    [
        (OrganisationType.CENTRAL, 20_000, "0"),
        (OrganisationType.CENTRAL, 20_001, "0.024"),
        (OrganisationType.NHS_GP, 1, "0.024"),
        (OrganisationType.OTHER, 5_000, "0"),
        (OrganisationType.OTHER, 5_001, "0.024"),
    ],
)
def test_the_kind_of_organisation_decides_what_is_free(
    service: UUID, kind: OrganisationType, units: int, pounds: str
) -> None:
    charged_as(kind)
    used(service, units, noon(2026, 6, 1))
    assert cost(2026) == Decimal(pounds)


@pytest.mark.parametrize(
    ("last_year", "expected"),
    [(299_999, Allowance(50_000, is_custom=True)), (300_000, Allowance(0, is_high_volume=True))],
)
def test_a_service_that_sent_very_many_texts_last_year_has_none_free_whatever_was_agreed(
    service: UUID, last_year: int, expected: Allowance
) -> None:
    used(service, last_year, noon(2025, 6, 1))
    assert set_allowance(service, 2026, 50_000, actor=OPERATOR, now=NOW) == expected
    assert allowance(service) == expected


@pytest.mark.parametrize(("last_year", "free"), [(299_999, 10_000), (300_000, 0)])
def test_very_many_texts_are_three_hundred_thousand(service: UUID, last_year: int, free: int) -> None:
    used(service, last_year, noon(2026, 3, 31))
    assert allowance(service).fragments == free


def test_very_many_texts_count_by_their_countrys_rate(service: UUID) -> None:
    used(service, 100_000, noon(2025, 6, 1), multiplier=3)
    assert allowance(service) == Allowance(0, is_high_volume=True)


def test_what_was_agreed_last_year_carries_over(service: UUID) -> None:
    set_allowance(service, 2025, 50_000, actor=OPERATOR, now=NOW)
    assert allowance(service) == Allowance(50_000, is_custom=True)


def test_what_was_agreed_years_ago_still_carries_over_when_nothing_was_set_since(service: UUID) -> None:
    set_allowance(service, 2023, 50_000, actor=OPERATOR, now=NOW)
    assert allowance(service, 2026) == Allowance(50_000, is_custom=True)


def test_a_year_of_very_many_texts_ends_what_was_agreed(service: UUID) -> None:
    set_allowance(service, 2023, 50_000, actor=OPERATOR, now=NOW)
    used(service, 300_000, noon(2024, 6, 1))
    assert [allowance(service, year).fragments for year in (2024, 2025, 2026)] == [50_000, 0, 10_000]


def test_the_default_can_be_set_again(service: UUID) -> None:
    set_allowance(service, 2026, 50_000, actor=OPERATOR, now=NOW)
    set_allowance(service, 2026, None, actor=OPERATOR, now=NOW)
    assert allowance(service) == Allowance(10_000)


@pytest.mark.parametrize("year", [2015, 2027])
def test_no_allowance_is_set_before_the_first_year_or_for_one_that_has_not_begun(service: UUID, year: int) -> None:
    with pytest.raises(NoSuchYear):
        set_allowance(service, year, 1, actor=OPERATOR, now=NOW)


def test_nobody_owes_an_allowance(service: UUID) -> None:
    with pytest.raises(AllowanceOwed):
        set_allowance(service, 2026, -1, actor=OPERATOR, now=NOW)


def test_a_year_keeps_its_allowance_when_the_rules_change_later(service: UUID) -> None:
    used(service, 1, noon(2026, 6, 1))
    with transaction():
        keep_allowances(2026)
    used(service, 300_000, noon(2026, 3, 1))
    assert allowance(service) == Allowance(10_000)


def test_an_agreed_allowance_stays_when_the_kind_of_organisation_changes(council: Council, service: UUID) -> None:
    other = make_service(council, slug="other").id
    set_allowance(service, 2026, 50_000, actor=OPERATOR, now=NOW)
    set_allowance(other, 2026, None, actor=OPERATOR, now=NOW)
    charged_as(OrganisationType.CENTRAL)
    assert (allowance(service).fragments, allowance(other).fragments) == (50_000, 20_000)


def test_every_change_of_an_allowance_is_in_the_audit_trail(service: UUID) -> None:
    set_allowance(service, 2026, 50_000, actor=OPERATOR, now=NOW)
    charged_as(OrganisationType.CENTRAL)
    actions = [line.action for line in list_audit().rows]
    assert {"allowance.set", "allowance.type"} <= set(actions)


def test_one_councils_allowance_is_not_anothers(service: UUID) -> None:
    set_allowance(service, 2026, 50_000, actor=OPERATOR, now=NOW)
    with acting_for(OrganisationId(new_id())):
        assert allowance(service) == Allowance(10_000)
