"""Limits that hold across processes and cost almost nothing: a process takes a block of them and uses it up.

What is left is kept in the database and changed by one conditional statement, so that no two processes are given the
same; between two visits a process counts down its own block. A block that a process does not use in time is lost, never
given out twice.
"""

import threading
import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.refusals import Unavailable
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.rates import Bucket, block_of_day, bucket_for, largest_block
from guildhall.notify.queries.services import NotifyServiceView

SECONDS_A_BLOCK_LASTS = 5.0
_ROOM = 50_000

_TAKE_REQUESTS = """
INSERT INTO notify_requestbucket AS bucket (id, notify_service_id, key_kind, tokens, filled_at, granted)
VALUES (%(id)s, %(service)s, %(kind)s, %(capacity)s - least(%(block)s, %(capacity)s), %(now)s,
    least(%(block)s, %(capacity)s))
ON CONFLICT (notify_service_id, key_kind) DO UPDATE SET
    granted = least(%(block)s, floor({available})),
    tokens = {available} - least(%(block)s, floor({available})),
    filled_at = greatest(bucket.filled_at, excluded.filled_at)
RETURNING granted
""".format(
    available="least(%(capacity)s, bucket.tokens + %(per_second)s * greatest(0, "
    "extract(epoch FROM excluded.filled_at - bucket.filled_at)::float))"
)

_TAKE_OF_DAY = """
INSERT INTO notify_daycount AS count (id, notify_service_id, counted, day, taken, granted)
VALUES (%(id)s, %(service)s, %(counted)s, %(day)s, least(%(block)s, %(limit)s), least(%(block)s, %(limit)s))
ON CONFLICT (notify_service_id, counted, day) DO UPDATE SET
    granted = greatest(0, least(%(block)s, %(limit)s - count.taken)),
    taken = count.taken + greatest(0, least(%(block)s, %(limit)s - count.taken))
RETURNING granted
"""


class TooManyRequests(Unavailable):
    """The service has made this minute's requests with this kind of key."""

    def __init__(self, kind: str, limit: int) -> None:
        super().__init__(f"Exceeded rate limit for key type {kind.upper()} of {limit} requests per 60 seconds")


class DayIsUsedUp(Unavailable):
    """The service has sent today's messages of this kind."""

    def __init__(self, counted: str, limit: int) -> None:
        super().__init__(f"Exceeded send limits ({counted}: {limit}) for today")


@dataclass(slots=True)
class _Block:
    """What this process was given ``at`` a moment, and how much of it is left."""

    left: int
    size: int
    at: float

    @property
    def is_good(self) -> bool:
        return time.monotonic() <= self.at + SECONDS_A_BLOCK_LASTS


_requests: dict[tuple[UUID, str], _Block] = {}
_days: dict[tuple[UUID, str], tuple[date, _Block]] = {}
_taking = threading.Lock()
_asking = tuple(threading.Lock() for _ in range(64))
"""One thread asks the database for a service's next block; the others wait for what it gets."""


def take_request(service: NotifyServiceView, kind: str, *, now: datetime) -> None:
    """Count one request of a service against the limit of its kind of key.

    :raises TooManyRequests: there is none left this minute.
    """
    key = (service.id, kind)
    if _take_held_request(key):
        return
    with _asking[hash(key) % len(_asking)]:
        if not _take_held_request(key):
            _take_request_of_new_block(service, kind, now)


def check_day(service: NotifyServiceView, counted: str, limit: int, *, now: datetime) -> None:
    """Refuse early what the day's limit would refuse: make sure that one message is left, without taking it.

    :raises DayIsUsedUp: there is none.
    """
    if not _left_today(service.id, counted, now.date()):
        _take_block_of_day(service, counted, limit, now, 1)


def take_of_day(service: NotifyServiceView, counted: str, limit: int, *, now: datetime, quantity: int = 1) -> None:
    """Count messages against the day's limit: all of them, or none and a refusal.

    :raises DayIsUsedUp: fewer are left than these.
    """
    while not _take_held_of_day(service.id, counted, now.date(), quantity):
        _take_block_of_day(service, counted, limit, now, quantity)


def forget_limits() -> None:
    """Give up every block that this process holds."""
    _requests.clear()
    _days.clear()


def _take_held_request(key: tuple[UUID, str]) -> bool:
    block = _requests.get(key)
    return block is not None and block.is_good and _take(block, 1)


def _take_held_of_day(service_id: UUID, counted: str, day: date, quantity: int) -> bool:
    held = _days.get((service_id, counted))
    return held is not None and held[0] == day and _take(held[1], quantity)


def _take(block: _Block, quantity: int) -> bool:
    with _taking:
        if block.left < quantity:
            return False
        block.left -= quantity
        return True


def _left_today(service_id: UUID, counted: str, day: date) -> int:
    held = _days.get((service_id, counted))
    return held[1].left if held is not None and held[0] == day else 0


def _take_request_of_new_block(service: NotifyServiceView, kind: str, now: datetime) -> None:
    """Take from the bucket what the service will probably use while a block lasts, and one request from that."""
    key, at = (service.id, kind), time.monotonic()
    size = _expected_use(_requests.get(key), at, largest=largest_block(service.requests_a_minute))
    granted = _ask_bucket(service.organisation_id, service.id, kind, bucket_for(service.requests_a_minute), size, now)
    if granted < 1:
        raise TooManyRequests(kind, service.requests_a_minute)
    if len(_requests) > _ROOM:
        _requests.clear()
    _requests[key] = _Block(granted - 1, granted, at)


def _expected_use(last: _Block | None, at: float, *, largest: int) -> int:
    if last is None:
        return 1
    a_second = (last.size - last.left) / max(at - last.at, 0.001)
    return max(1, min(largest, round(a_second * SECONDS_A_BLOCK_LASTS)))


def _take_block_of_day(service: NotifyServiceView, counted: str, limit: int, now: datetime, quantity: int) -> None:
    """Add messages of the day to what this process holds, unless it holds enough by now. What is got is kept.

    :raises DayIsUsedUp: with all that could be got it holds fewer than ``quantity``.
    """
    key, day = (service.id, counted), now.date()
    with _asking[hash(key) % len(_asking)]:
        missing = quantity - _left_today(service.id, counted, day)
        if missing <= 0:
            return
        block = max(missing, block_of_day(limit))
        granted = _ask_day(service.organisation_id, service.id, counted, day, limit, block)
        _hold_of_day(key, day, granted)
    if granted < missing:
        raise DayIsUsedUp(counted, limit)


def _hold_of_day(key: tuple[UUID, str], day: date, granted: int) -> None:
    with _taking:
        if len(_days) > _ROOM:
            _days.clear()
        held = _days.get(key)
        left = held[1].left if held is not None and held[0] == day else 0
        _days[key] = (day, _Block(left + granted, granted, time.monotonic()))


def _ask_bucket(
    organisation_id: OrganisationId, service_id: UUID, kind: str, bucket: Bucket, block: int, now: datetime
) -> int:
    values: dict[str, Any] = {"id": new_id(), "service": service_id, "kind": kind, "block": block, "now": now}
    values |= {"capacity": bucket.capacity, "per_second": bucket.per_second}
    with acting_for(organisation_id), transaction(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")  # a crash may give a second's requests again, no more
        cursor.execute(_TAKE_REQUESTS, values)
        granted: int = cursor.fetchone()[0]
    return granted


def _ask_day(organisation_id: OrganisationId, service_id: UUID, counted: str, day: date, limit: int, block: int) -> int:
    values: dict[str, Any] = {"id": new_id(), "service": service_id, "counted": counted, "day": day, "limit": limit}
    with acting_for(organisation_id), transaction(), connection.cursor() as cursor:
        cursor.execute(_TAKE_OF_DAY, values | {"block": block})
        granted: int = cursor.fetchone()[0]
    return granted
