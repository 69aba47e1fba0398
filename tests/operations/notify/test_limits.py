"""Limits hold whoever asks, in however many threads and processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from guildhall.notify import queries
from guildhall.notify.domain.rates import bucket_for
from guildhall.notify.operations import DayIsUsedUp, NotifyServiceId, TooManyRequests, forget_limits
from guildhall.notify.operations.limits import _ask_day, check_day, take_of_day, take_request
from guildhall.notify.queries import NotifyServiceView

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def service(sender: NotifyServiceId) -> NotifyServiceView:
    forget_limits()
    return queries.get_notify_service(sender)


def taken(take: Callable[[], None], refusal: type[Exception], callers: int) -> int:
    """Return how many of so many callers at once were let through."""

    def call(_: int) -> bool:
        try:
            take()
        except refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as threads:
        return sum(threads.map(call, range(callers)))


def test_a_day_ends_at_its_limit_however_many_ask_at_once(service: NotifyServiceView) -> None:
    def take() -> None:
        forget_limits()  # as if every caller were a process of its own
        take_of_day(service, "email", 20, now=NOON)

    assert taken(take, DayIsUsedUp, 60) <= 20
    forget_limits()
    with pytest.raises(DayIsUsedUp, match=r"^Exceeded send limits \(email: 20\) for today$"):
        take_of_day(service, "email", 20, now=NOON)


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_one_process_after_the_other_a_day_is_used_to_its_last_message_and_no_further(
    service: NotifyServiceView, limit: int
) -> None:
    for _ in range(limit):
        forget_limits()
        take_of_day(service, "email", limit, now=NOON)
    forget_limits()
    with pytest.raises(DayIsUsedUp):
        take_of_day(service, "email", limit, now=NOON)


def test_processes_that_ask_at_once_are_given_exactly_the_limit_between_them(service: NotifyServiceView) -> None:
    def ask() -> None:
        if not _ask_day(service.organisation_id, service.id, "email", NOON.date(), 20, 1):
            raise DayIsUsedUp("email", 20)

    assert taken(ask, DayIsUsedUp, 60) == 20


def test_several_messages_are_taken_together_or_not_at_all(service: NotifyServiceView) -> None:
    take_of_day(service, "email", 10, now=NOON, quantity=7)
    with pytest.raises(DayIsUsedUp):
        take_of_day(service, "email", 10, now=NOON, quantity=4)
    take_of_day(service, "email", 10, now=NOON, quantity=3)
    with pytest.raises(DayIsUsedUp):
        check_day(service, "email", 10, now=NOON)


def test_threads_of_one_process_use_a_day_to_its_last_message(service: NotifyServiceView) -> None:
    assert taken(lambda: take_of_day(service, "sms", 30, now=NOON), DayIsUsedUp, 60) == 30


def test_a_new_day_begins_at_midnight_and_channels_count_apart(service: NotifyServiceView) -> None:
    take_of_day(service, "email", 1, now=NOON)
    with pytest.raises(DayIsUsedUp):
        check_day(service, "email", 1, now=NOON)
    check_day(service, "sms", 1, now=NOON)
    take_of_day(service, "email", 1, now=NOON + timedelta(days=1))


def test_looking_takes_nothing(service: NotifyServiceView) -> None:
    for _ in range(5):
        check_day(service, "email", 1, now=NOON)
    take_of_day(service, "email", 1, now=NOON)


def test_a_minutes_requests_are_shared_by_all_processes_and_come_back_with_time(service: NotifyServiceView) -> None:
    slow = replace(service, requests_a_minute=60)
    capacity = bucket_for(60).capacity

    def take(now: datetime = NOON) -> None:
        forget_limits()
        take_request(slow, "live", now=now)

    assert taken(take, TooManyRequests, 3 * capacity) == capacity
    with pytest.raises(TooManyRequests):
        take()
    take(NOON + timedelta(seconds=1))
    with pytest.raises(TooManyRequests):
        take(NOON + timedelta(seconds=1))


def test_a_clock_that_goes_back_gives_nothing_twice(service: NotifyServiceView) -> None:
    slow = replace(service, requests_a_minute=1)
    for _ in range(bucket_for(1).capacity):
        take_request(slow, "live", now=NOON)
    for moment in (NOON - timedelta(hours=1), NOON):
        with pytest.raises(TooManyRequests):
            take_request(slow, "live", now=moment)
