"""The promise of a cap: no charge beyond what was agreed, whoever sends at the same time; and emergencies pass."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import CapReached, CapsNothing, agree_cap, forget_caps, lift_cap, take_within_cap
from guildhall.metering.operations.caps import _blocks
from guildhall.metering.operations.use import record_use
from guildhall.metering.queries import cost_preview, usage_of_year
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service

MAY = datetime(2026, 5, 10, 12, tzinfo=UTC)
SOMEBODY = PersonId(new_id())


@pytest.fixture
def service(council: Council) -> Iterator[UUID]:
    made = make_service(council).id
    yield made
    _blocks.pop(made, None)
    forget_caps()


def send(service: UUID, units: int = 1, *, at: datetime = MAY, is_emergency: bool = False) -> None:
    """Do what accepting a text does: take what it uses, then write it down."""
    take_within_cap(service, meter=Meter.SMS_FRAGMENTS, units=units, is_emergency=is_emergency, now=at)
    used(service, units, at=at)


@transaction
def used(service: UUID, units: int, *, at: datetime = MAY) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=Meter.SMS_FRAGMENTS,
        quantity=units,
        service_id=service,
        at=at,
    )


def charged(service: UUID) -> str:
    [year] = usage_of_year(2026, current_year=2026).services
    return str(year.cost)


def agree(service: UUID, period: Period = Period.YEAR, *, pence: int | None = None, units: int | None = None) -> None:
    agreed = None if pence is None else Pence(pence)
    agree_cap(service, Cap(period, agreed, units), actor=SOMEBODY, now=MAY)


def sent_until_refused(service: UUID, *, at: datetime = MAY, units: int = 1, most: int = 300) -> int:
    for count in range(most):
        try:
            send(service, units, at=at)
        except CapReached:
            return count
    return most


def test_a_service_without_a_cap_is_not_held_back_and_asks_nothing(council: Council, service: UUID) -> None:
    take_within_cap(service, meter=Meter.SMS_FRAGMENTS, units=1, is_emergency=False, now=MAY)
    asked: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        for _ in range(100):
            take_within_cap(service, meter=Meter.SMS_FRAGMENTS, units=1, is_emergency=False, now=MAY)
    assert asked == []


def test_no_charge_beyond_an_agreed_cap(council: Council, service: UUID) -> None:
    used(service, 10_000 - 5)
    agree(service, pence=50)  # 20 units at 2.4p are 48p; the next would be 50.4p
    assert sent_until_refused(service) == 25
    assert charged(service) == "0.4800"


def test_a_cap_of_nothing_keeps_a_service_within_its_free_allowance(council: Council, service: UUID) -> None:
    used(service, 9_990)
    agree(service, pence=0)
    assert sent_until_refused(service) == 10
    assert charged(service) == "0.0000"


def test_a_message_is_not_sent_in_part(council: Council, service: UUID) -> None:
    agree(service, units=10)
    assert sent_until_refused(service, units=3) == 3
    send(service)
    with pytest.raises(CapReached):
        send(service)


def test_a_cap_in_fragments_counts_the_free_ones_too(council: Council, service: UUID) -> None:
    agree(service, units=25)
    assert sent_until_refused(service) == 25


def test_a_months_cap_begins_anew_with_the_month(council: Council, service: UUID) -> None:
    agree(service, Period.MONTH, units=12)
    assert sent_until_refused(service) == 12
    assert sent_until_refused(service, at=datetime(2026, 5, 31, 22, 59, tzinfo=UTC)) == 0
    assert sent_until_refused(service, at=datetime(2026, 5, 31, 23, 0, tzinfo=UTC)) == 12


def test_a_months_money_counts_only_what_was_charged_in_the_month(council: Council, service: UUID) -> None:
    used(service, 12_500, at=datetime(2026, 4, 20, tzinfo=UTC))
    agree(service, Period.MONTH, pence=24)
    assert sent_until_refused(service) == 10


def test_the_tighter_of_two_caps_holds_and_is_named(council: Council, service: UUID) -> None:
    agree(service, Period.YEAR, units=100)
    agree(service, Period.MONTH, units=7)
    assert sent_until_refused(service) == 7
    with pytest.raises(CapReached, match=r"cap \(7 text message fragments\) for this month.*owner or finance viewer"):
        send(service)


def test_a_raised_cap_lets_more_through_and_a_lifted_one_all(council: Council, service: UUID) -> None:
    agree(service, units=5)
    assert sent_until_refused(service) == 5
    agree(service, units=8)
    assert sent_until_refused(service) == 3
    lift_cap(service, Period.YEAR, actor=SOMEBODY, now=MAY)
    assert sent_until_refused(service, most=30) == 30


def test_an_emergency_always_passes_and_is_counted_and_reported(council: Council, service: UUID) -> None:
    agree(service, units=5)
    assert sent_until_refused(service) == 5
    send(service, 4, is_emergency=True)
    with pytest.raises(CapReached):
        send(service)
    assert [each.texts for each in usage_of_year(2026, current_year=2026).services] == [9]
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT past_cap, taken FROM metering_purse WHERE service_id = %s", [service])
        assert cursor.fetchone() == (4, 9)


def test_emails_and_payments_pass_a_cap_because_they_cost_nothing(council: Council, service: UUID) -> None:
    agree(service, pence=0, units=0)
    for meter in (Meter.EMAILS, Meter.PAYMENTS):
        take_within_cap(service, meter=meter, units=1, is_emergency=False, now=MAY)


def test_many_senders_at_once_stay_within_the_cap_and_use_all_of_it(council: Council, service: UUID) -> None:
    used(service, 10_000)
    agree(service, pence=240)
    together, sent = threading.Barrier(8), []

    def hurry() -> None:
        together.wait()
        with acting_for(council.id):
            sent.append(sent_until_refused(service))
        connection.close()

    threads = [threading.Thread(target=hurry) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 100
    assert charged(service) == "2.4000"


def test_two_processes_that_both_hold_blocks_stay_within_the_cap(council: Council, service: UUID) -> None:
    """Another process is one whose blocks are not ours: what it holds is counted as taken."""
    agree(service, units=100)
    ours = theirs = 0
    held: dict[UUID, object] = {}
    for _ in range(200):
        try:
            send(service)
            ours += 1
        except CapReached:
            pass
        mine = _blocks.pop(service, None)
        if service in held:
            _blocks[service] = held.pop(service)  # type: ignore[assignment]
        try:
            send(service)
            theirs += 1
        except CapReached:
            pass
        if service in _blocks:
            held[service] = _blocks.pop(service)
        if mine is not None:
            _blocks[service] = mine
    assert 90 <= ours + theirs <= 100
    assert min(ours, theirs) > 0


def test_what_a_dead_process_held_can_be_used_again(council: Council, service: UUID) -> None:
    agree(service, units=100)
    take_within_cap(service, meter=Meter.SMS_FRAGMENTS, units=60, is_emergency=False, now=MAY)
    _blocks.clear()  # the process dies: 60 units were taken, nothing was sent
    assert sent_until_refused(service) == 40
    assert sent_until_refused(service, at=MAY + timedelta(minutes=3)) == 60


def test_units_taken_with_a_transaction_are_given_back_when_it_fails(council: Council, service: UUID) -> None:
    agree(service, units=10)
    with pytest.raises(ZeroDivisionError), transaction():
        take_within_cap(service, meter=Meter.SMS_FRAGMENTS, units=10, is_emergency=False, now=MAY)
        raise ZeroDivisionError
    assert sent_until_refused(service) == 10


@pytest.mark.parametrize(("pence", "units"), [(None, None), (-1, None), (None, -1)])
def test_a_cap_that_caps_nothing_is_refused(
    council: Council, service: UUID, pence: int | None, units: int | None
) -> None:
    with pytest.raises(CapsNothing):
        agree(service, pence=pence, units=units)


def test_anothers_cap_is_not_ours(council: Council, service: UUID, other_council: Council) -> None:
    with acting_for(other_council.id):
        theirs = make_service(other_council).id
        agree(theirs, units=0)
    send(service)
    with acting_for(None), pytest.raises(CapReached):
        take_within_cap(theirs, meter=Meter.SMS_FRAGMENTS, units=1, is_emergency=False, now=MAY)


def test_a_preview_tells_what_a_list_would_cost_and_whether_the_cap_leaves_room(
    council: Council, service: UUID
) -> None:
    used(service, 9_990)
    agree(service, pence=100)
    seen = cost_preview(service, units={MAY.date(): 30}, now=MAY)
    assert (seen.used, seen.free_left, seen.free, seen.charged, seen.cost_pence) == (9_990, 10, 10, 20, 48)
    assert seen.is_within_cap
    assert not cost_preview(service, units={MAY.date(): 60}, now=MAY).is_within_cap


def test_a_preview_sets_next_years_messages_against_next_years_allowance(council: Council, service: UUID) -> None:
    march = datetime(2027, 3, 30, 12, tzinfo=UTC)
    used(service, 10_000, at=march - timedelta(days=20))
    units = {march.date(): 10, march.date() + timedelta(days=3): 10}
    seen = cost_preview(service, units=units, now=march)
    assert (seen.free, seen.charged, seen.cost_pence) == (10, 10, 24)


def send_letter(service: UUID, *, is_emergency: bool = False) -> None:
    take_within_cap(service, meter=Meter.LETTERS_SECOND, units=1, is_emergency=is_emergency, now=MAY)


@transaction
def printed(service: UUID, sheets: int = 1) -> None:
    record_use(
        source="test",
        event_id=str(new_id()),
        meter=Meter.LETTERS_SECOND,
        quantity=1,
        service_id=service,
        at=MAY,
        rate_multiplier=sheets,
    )


def test_letters_use_a_cap_up_too_and_are_refused_when_it_leaves_too_little(council: Council, service: UUID) -> None:
    used(service, 10_000)
    agree(service, pence=200)
    send_letter(service)
    printed(service)
    printed(service)  # 73p each: 54p are left
    assert sent_until_refused(service) == 22
    with pytest.raises(CapReached):
        send_letter(service)
    send_letter(service, is_emergency=True)


def test_processes_that_share_nothing_but_the_purse_stay_within_the_cap_too(council: Council, service: UUID) -> None:
    """Inside a transaction nothing of the process's own is used: each take is as another process's."""
    agree(service, units=40)
    together, sent = threading.Barrier(8), []

    def hurry() -> None:
        together.wait()
        with acting_for(council.id):
            for _ in range(10):
                with suppress(CapReached), transaction():
                    take_within_cap(service, meter=Meter.SMS_FRAGMENTS, units=1, is_emergency=False, now=MAY)
                    sent.append(1)
        connection.close()

    threads = [threading.Thread(target=hurry) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 40
