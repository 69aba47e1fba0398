"""Told in time: at half, four fifths and all of an allowance or cap; once each; those who look after the money."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from tests.conftest import Settle

from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import agree_cap, look_for_thresholds, record_use
from guildhall.metering.queries import list_alerts
from guildhall.notify.queries import list_messages
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.fixture
def service(council: Council) -> UUID:
    return make_service(council).id


@transaction
def used(service: UUID, units: int, at: datetime = NOW) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=Meter.SMS_FRAGMENTS,
        quantity=units,
        service_id=service,
        at=at,
    )


def told(service: UUID) -> list[tuple[str, int]]:
    look_for_thresholds(NOW)
    return sorted((alert.limited_by, alert.percent) for alert in list_alerts(service, since=date(2026, 4, 1)))


def letters(settle: Settle) -> list[tuple[str, str]]:
    settle()
    return [(message.recipient, message.subject or "") for message in list_messages().rows]


def test_each_part_of_the_allowance_is_noticed_once(service: UUID) -> None:
    used(service, 4_999)
    assert told(service) == []
    used(service, 1)
    assert told(service) == [("allowance", 50)]
    assert told(service) == [("allowance", 50)]
    used(service, 3_000)
    assert told(service) == [("allowance", 50), ("allowance", 80)]
    used(service, 2_000)
    assert told(service) == [("allowance", 50), ("allowance", 80), ("allowance", 100)]


def test_a_cap_is_watched_by_money_and_by_units(service: UUID) -> None:
    agree_cap(service, Cap(Period.YEAR, pence=Pence(240)), actor=PersonId(new_id()), now=NOW)
    agree_cap(service, Cap(Period.MONTH, units=20_000), actor=PersonId(new_id()), now=NOW)
    used(service, 10_050)
    assert [each for each in told(service) if each[0] != "allowance"] == [("month", 50), ("year", 50)]


def test_owners_and_finance_viewers_are_written_to_once(council: Council, service: UUID, settle: Settle) -> None:
    owner, money = make_officer(council, Role.OWNER), make_officer(council, Role.FINANCE_VIEWER)
    make_officer(council, Role.CASEWORKER)
    used(service, 8_500)
    look_for_thresholds(NOW)
    look_for_thresholds(NOW)
    found = letters(settle)
    assert sorted(to for to, _ in found) == sorted([owner.email, money.email])
    assert "80% of its free text messages of the year is used: Bulky waste collection" in found[0][1]


def test_a_new_month_is_told_of_anew(service: UUID) -> None:
    agree_cap(service, Cap(Period.MONTH, units=10), actor=PersonId(new_id()), now=NOW)
    used(service, 10, datetime(2026, 5, 10, tzinfo=UTC))
    look_for_thresholds(datetime(2026, 5, 11, tzinfo=UTC))
    used(service, 5)
    assert ("month", 50) in told(service)
    assert len([each for each in told(service) if each == ("month", 50)]) == 2
