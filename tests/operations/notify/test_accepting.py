"""Messages are prepared, counted and written: one of a program, or many in somebody's transaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.transactions import NotInATransaction, transaction
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import (
    ChannelNotAllowed,
    DayIsUsedUp,
    JobRow,
    NewMessage,
    Prepared,
    count_all_today,
    forget_limits,
    prepare,
    write_prepared,
)
from guildhall.notify.operations.limits import take_of_day
from guildhall.notify.queries.remembered import forget_services, known_service
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

Make = Callable[..., Prepared]


@pytest.fixture
def sending(council: Council) -> Sender:
    forget_limits()
    return make_sender(council)


@pytest.fixture
def make(sending: Sender) -> Make:
    """Prepare an email to somebody."""

    def prepared(to: str = "jo@example.com", kind: KeyKind = KeyKind.LIVE, **how: Any) -> Prepared:
        wanted = NewMessage(
            Channel.EMAIL, to, to, None, sending.email, {"name": "Jo", "thing": "x"}, (), None, None, None
        )
        return prepare(wanted, sender=known_service(sending.id), kind=kind, key_id=None, now=clock.now(), **how)

    return prepared


def asked(query: str, sending: Sender) -> Any:
    with transaction(), connection.cursor() as cursor:
        cursor.execute(query, [sending.id])
        return cursor.fetchall()


def test_preparing_writes_nothing(make: Make, sending: Sender) -> None:
    make()
    assert asked("SELECT count(*) FROM notify_message WHERE notify_service_id = %s", sending) == [(0,)]


def test_many_are_written_and_counted_with_the_transaction_or_not_at_all(make: Make, sending: Sender) -> None:
    many = [make(f"p{number}@example.com", sent_by="Ann") for number in range(1201)]
    with pytest.raises(RuntimeError, match="changed my mind"), transaction():
        write_prepared(many)
        raise RuntimeError("changed my mind")
    assert asked("SELECT count(*) FROM notify_message WHERE notify_service_id = %s", sending) == [(0,)]
    with transaction():
        write_prepared(many)
    rows = asked("SELECT count(*), min(sent_by), max(status) FROM notify_message WHERE notify_service_id = %s", sending)
    assert rows == [(1201, "Ann", "created")]
    assert asked("SELECT sum(quantity) FROM metering_usageevent WHERE service_id = %s", sending) == [(1201,)]


def test_writing_the_same_again_changes_nothing(make: Make, sending: Sender) -> None:
    one = make()
    for _ in range(2):
        with transaction():
            write_prepared([one])
    assert asked("SELECT count(*) FROM notify_message WHERE notify_service_id = %s", sending) == [(1,)]
    assert asked("SELECT sum(quantity) FROM metering_usageevent WHERE service_id = %s", sending) == [(1,)]


def test_writing_is_a_step_of_somebodys_transaction(make: Make) -> None:
    with pytest.raises(NotInATransaction):
        write_prepared([make()])


def test_where_a_message_comes_from_and_when_it_goes_is_written_with_it(make: Make, sending: Sender) -> None:
    job, at = JobRow(uuid4(), 7), clock.now() + timedelta(hours=3)
    prepared = make(job=job, scheduled_for=at, language="both")
    with transaction():
        write_prepared([prepared])
    [row] = asked(
        "SELECT job_id, job_row, scheduled_for, next_try_at, language FROM notify_message WHERE notify_service_id = %s",
        sending,
    )
    assert row == (job.job_id, 7, at, at, "both")


def test_smoke_tests_are_not_written_and_test_keys_not_counted(make: Make, sending: Sender) -> None:
    smoke, test = make("simulate-delivered@notifications.service.gov.uk"), make(kind=KeyKind.TEST)
    with transaction():
        write_prepared([smoke, test])
    assert asked("SELECT key_kind FROM notify_message WHERE notify_service_id = %s", sending) == [("test",)]
    assert asked("SELECT count(*) FROM metering_usageevent WHERE service_id = %s", sending) == [(0,)]


def test_a_channel_that_is_switched_off_is_refused(make: Make, sending: Sender) -> None:
    asked("UPDATE notify_notifyservice SET may_send_emails = false WHERE id = %s RETURNING id", sending)
    forget_services()
    with pytest.raises(ChannelNotAllowed):
        make()


def test_a_day_gives_many_all_or_none(sending: Sender) -> None:
    service, noon = known_service(sending.id).view, clock.now()
    take_of_day(service, "email", 10, now=noon, quantity=6)
    with pytest.raises(DayIsUsedUp):
        take_of_day(service, "email", 10, now=noon, quantity=5)
    take_of_day(service, "email", 10, now=noon, quantity=4)
    with pytest.raises(DayIsUsedUp):
        take_of_day(service, "email", 10, now=noon)


def test_what_nobody_gets_is_not_counted_against_the_day(make: Make, sending: Sender) -> None:
    asked("UPDATE notify_notifyservice SET emails_a_day = 2 WHERE id = %s RETURNING id", sending)
    forget_services()
    smoke = make("simulate-delivered@notifications.service.gov.uk")
    count_all_today([smoke, make(kind=KeyKind.TEST), make(), make()], now=clock.now())
    with pytest.raises(DayIsUsedUp):
        count_all_today([make()], now=clock.now())
