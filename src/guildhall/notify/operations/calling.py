"""Sending callbacks, in batches that the worker claims for itself: claim, commit, call, write down what came of it.

A claim is a lease: what a dead worker held is sent again, so a program may be told twice and is never not told. An
address that does not answer rests for a while, so that it takes no time from the others. Councils take turns.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.transactions import transaction
from guildhall.kernel.turns import Queue
from guildhall.notify.domain.callbacks import RESTS, Called, Outcome, may_be_tried_again, signature, wait_after
from guildhall.notify.queries.callbacks import BODY, SECRET

log = structlog.get_logger(__name__)

BATCH = 40
AT_ONCE = 20
LEASE = timedelta(seconds=60)
KEPT_FOR = timedelta(days=7)
_FORGET = 5000

Caller = Callable[[str, Mapping[str, str], bytes], Called]
"""``(url, headers, body)``: send it, and return what came of it within a few seconds. It never raises."""

_RESTS_UNTIL = """
    SELECT endpoint.rests_until FROM notify_callbackendpoint AS endpoint
    WHERE (endpoint.organisation_id, endpoint.notify_service_id, endpoint.kind)
        = (work.organisation_id, work.notify_service_id, work.kind)
"""
_QUEUE = Queue(
    "notify_callback",
    place="work.next_try_at IS NOT NULL",
    is_due=f"work.next_try_at <= %(now)s AND coalesce(({_RESTS_UNTIL}) <= %(now)s, true)",
    order_by="next_try_at",
)
_CLAIM = f"""
WITH RECURSIVE {_QUEUE.taken}
UPDATE notify_callback AS callback SET tries = callback.tries + 1, next_try_at = %(lease_ends_at)s
FROM taken JOIN notify_callback AS wanted USING (id)
    LEFT JOIN notify_callbackendpoint AS endpoint USING (organisation_id, notify_service_id, kind)
WHERE callback.id = taken.id
RETURNING callback.id, callback.organisation_id, callback.body, callback.tries, endpoint.id, endpoint.url,
    endpoint.token, endpoint.signing_secret, endpoint.tries_for_a_day
"""  # noqa: S608 - conditions of our own code
_RECORD = """
UPDATE notify_callback AS callback SET next_try_at = result.next_try_at, outcome = result.outcome,
    finished_at = CASE WHEN result.next_try_at IS NULL THEN result.at END
FROM json_to_recordset(%s) AS result (id uuid, tries smallint, next_try_at timestamptz, outcome text, at timestamptz)
WHERE callback.id = result.id AND callback.tries = result.tries AND callback.outcome = ''
"""
_ATTEMPTS = """
INSERT INTO notify_callbackattempt (id, organisation_id, callback_id, at, status, problem, took_ms)
SELECT attempt_id, organisation_id, id, at, status, problem, took_ms
FROM json_to_recordset(%s) AS result (attempt_id uuid, organisation_id uuid, id uuid, at timestamptz, status smallint,
    problem text, took_ms integer)
"""
_REST = "UPDATE notify_callbackendpoint SET rests_until = %s WHERE id = ANY(%s)"
_CLEAR = """
WITH old AS (SELECT id FROM notify_callback WHERE queued_at < %s LIMIT %s), attempts AS (
    DELETE FROM notify_callbackattempt USING old WHERE callback_id = old.id
)
DELETE FROM notify_callback USING old WHERE notify_callback.id = old.id
"""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A callback that this worker holds until its lease ends. Without an endpoint nobody wants to know any more."""

    id: UUID
    organisation_id: OrganisationId
    body: bytes
    tries: int
    endpoint_id: UUID | None
    url: str | None
    token: bytes | None
    signing_secret: bytes | None
    tries_for_a_day: bool | None


@dataclass(frozen=True, slots=True)
class _Result:
    """What is written down about an attempt."""

    attempt_id: UUID
    id: UUID
    organisation_id: OrganisationId
    tries: int
    at: datetime
    status: int | None
    problem: str
    took_ms: int
    next_try_at: datetime | None
    outcome: str


def send_callbacks(caller: Caller, *, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send one batch of what waits for programs of any council, and return how many callbacks that was."""
    claimed = _claim(now)
    if not claimed:
        return 0
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        results = list(pool.map(lambda each: _call(each, caller, clock), claimed))
    _record(results, [each for each, result in zip(claimed, results, strict=True) if result.next_try_at is not None])
    return len(claimed)


@transaction
def forget_callbacks(*, now: datetime) -> int:
    """Clear away callbacks that are older than a week, and return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [now - KEPT_FOR, _FORGET])
        return cursor.rowcount


@transaction
def _claim(now: datetime) -> list[_Claimed]:
    parameters = {"now": now, "at_most": BATCH, "lease_ends_at": now + LEASE}
    return [_Claimed(*row) for row in _QUEUE.claim(_CLAIM, parameters)]


def _call(callback: _Claimed, caller: Caller, clock: Callable[[], datetime]) -> _Result:
    at, started = clock(), time.monotonic()
    if callback.url is None:
        called = Called(None, "the service does not want to be told of this any more")
        return _result(callback, called, at, 0, wait=None, outcome=Outcome.GIVEN_UP)
    try:
        body = secrets.decrypt(bytes(callback.body), BODY)
        headers = _headers(callback, body, at)
    except Exception as fault:
        log.exception("callback_cannot_be_written", callback=str(callback.id))
        called = Called(None, f"it cannot be written: {type(fault).__name__}")
        return _result(callback, called, at, 0, wait=None, outcome=Outcome.GIVEN_UP)
    called = caller(callback.url, headers, body)
    took_ms = round((time.monotonic() - started) * 1000)
    if called.status is not None and 200 <= called.status < 300:
        return _result(callback, called, at, took_ms, wait=None, outcome=Outcome.TAKEN)
    if not may_be_tried_again(called.status):
        return _result(callback, called, at, took_ms, wait=None, outcome=Outcome.REFUSED)
    wait = wait_after(callback.tries, for_a_day=bool(callback.tries_for_a_day))
    return _result(callback, called, at, took_ms, wait=wait, outcome=Outcome.GIVEN_UP)


def _headers(callback: _Claimed, body: bytes, at: datetime) -> dict[str, str]:
    token = secrets.decrypt(bytes(callback.token or b""), SECRET).decode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
        "X-Guildhall-Callback": str(callback.id),
    }
    if callback.signing_secret:
        secret = secrets.decrypt(bytes(callback.signing_secret), SECRET).decode()
        headers["X-Guildhall-Signature"] = signature(secret, body, at=int(at.timestamp()))
    return headers


def _result(
    callback: _Claimed, called: Called, at: datetime, took_ms: int, *, wait: timedelta | None, outcome: Outcome
) -> _Result:
    return _Result(
        attempt_id=new_id(),
        id=callback.id,
        organisation_id=callback.organisation_id,
        tries=callback.tries,
        at=at,
        status=called.status,
        problem=called.problem,
        took_ms=took_ms,
        next_try_at=at + wait if wait is not None else None,
        outcome="" if wait is not None else str(outcome),
    )


@transaction
def _record(results: Sequence[_Result], unreached: Sequence[_Claimed]) -> None:
    """Write down what came of a batch. A callback that another worker has claimed meanwhile is left to it."""
    rows: Any = msgspec.json.encode(results).decode()
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [rows])
        cursor.execute(_ATTEMPTS, [rows])
        if unreached:
            rests_until = max(result.at for result in results) + RESTS
            cursor.execute(_REST, [rests_until, list({each.endpoint_id for each in unreached})])
