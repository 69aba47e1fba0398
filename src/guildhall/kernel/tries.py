"""Counting tries: the count and the decision are one statement, so that fifty guesses at once are still six.

One try may count against several: the account that is guessed at, the network that guesses. It is taken from all of
them or from none, always in the same order, so that two who count against the same never wait for each other.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import new_id
from guildhall.kernel.limits import Against, Counted
from guildhall.kernel.refusals import Unavailable
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction

log = logging.getLogger(__name__)

# A lapsed count and a lock that is over both start again at one. A locked count is not touched: no row comes back.
_TAKE = """
INSERT INTO kernel_trycount AS so_far (id, action, whom, tries, lapses_at, locked_until)
VALUES (%(id)s, %(action)s, %(whom)s, 1, %(lapses_at)s,
    CASE WHEN %(limit)s <= 1 THEN coalesce(%(locked_until)s, %(lapses_at)s) END)
ON CONFLICT ON CONSTRAINT kernel_one_count_per_action_and_whom DO UPDATE SET
    tries = CASE WHEN so_far.lapses_at <= %(now)s OR so_far.locked_until IS NOT NULL THEN 1
                 ELSE so_far.tries + 1 END,
    lapses_at = CASE WHEN so_far.lapses_at <= %(now)s OR so_far.locked_until IS NOT NULL THEN excluded.lapses_at
                     ELSE so_far.lapses_at END,
    locked_until = CASE WHEN so_far.lapses_at > %(now)s AND so_far.locked_until IS NULL
                             AND so_far.tries + 1 >= %(limit)s
                        THEN coalesce(%(locked_until)s::timestamptz, so_far.lapses_at) END
WHERE so_far.locked_until IS NULL OR so_far.locked_until <= %(now)s
RETURNING locked_until
"""
_WHEN_OPEN = "SELECT locked_until FROM kernel_trycount WHERE action = %(action)s AND whom = %(whom)s"
_GIVE_BACK = """
UPDATE kernel_trycount SET tries = greatest(tries - 1, 0), locked_until = NULL
WHERE action = %(action)s AND whom = %(whom)s AND lapses_at > %(now)s
"""
_RESET = "DELETE FROM kernel_trycount WHERE action = %(action)s AND whom = %(whom)s"
_PURGE = "DELETE FROM kernel_trycount WHERE lapses_at < %(before)s AND coalesce(locked_until, lapses_at) < %(before)s"
_COUNTED = """
SELECT tries FROM kernel_trycount
WHERE action = %(action)s AND whom = %(whom)s AND greatest(lapses_at, locked_until) > %(now)s
"""
_LOCKED = "SELECT action, count(*) FROM kernel_trycount WHERE locked_until > %(now)s GROUP BY action"

_NARROWEST_FIRST = list(Against)
_LATER = timedelta(hours=1)
"""Counts are kept a little longer than they matter, so that none is deleted while it is being used."""


class LockedOut(Unavailable):
    """It was tried too often. It can be tried again when the lock ends, in ``minutes``."""

    def __init__(self, counted: Counted, minutes: int) -> None:
        super().__init__(f"this was tried too often; wait {minutes} minutes")
        self.counted = counted
        self.minutes = minutes

    @property
    def against(self) -> Against:
        return self.counted.against


def take_tries(*counts: Counted, now: datetime) -> bool:
    """Count one try before anything is compared, in a transaction of its own: a failure later does not undo it.

    Return whether it was the last that one of the counts allows.

    The last try that a limit allows is looked at, and locks as it is taken; if it succeeds, ``reset_tries`` or
    ``give_back`` takes the lock away again.

    :raises LockedOut: one of the counts was used up, and nothing was counted.
    """
    with transaction():
        return count_tries(*counts, now=now)


@part_of_a_transaction
def count_tries(*counts: Counted, now: datetime) -> bool:
    """Count one try as part of what it is for: if that does not happen, it was not tried.

    :raises LockedOut: one of the counts was used up.
    """
    return any([_take(counted, now) for counted in _in_order(counts)])


@part_of_a_transaction
def give_back(*counts: Counted, now: datetime) -> None:
    """Take the last try off the counts: it was right, and only wrong ones are to count."""
    _execute(_GIVE_BACK, counts, now=now)


@part_of_a_transaction
def reset_tries(*counts: Counted) -> None:
    """Start counting afresh, and unlock: the person has shown who they are."""
    _execute(_RESET, counts)


@transaction
def purge_old_tries(*, now: datetime) -> None:
    """Delete the counts that have lapsed, of everybody."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, {"before": now - _LATER})


@reading
def count_locks(*, now: datetime) -> Mapping[str, int]:
    """Return how many are locked out of each action at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, {"now": now})
        return dict(cursor.fetchall())


@reading
def count_tries_of(counted: Counted, *, now: datetime) -> int:
    """Return how many tries are counted at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, _names(counted) | {"now": now})
        found = cursor.fetchone()
    return found[0] if found else 0


def _take(counted: Counted, now: datetime) -> bool:
    limit, names = counted.limit, _names(counted)
    values = {
        "id": new_id(),
        "now": now,
        "lapses_at": now + limit.counted_for,
        "limit": limit.tries,
        "locked_until": now + limit.locked_for if limit.locked_for else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, names | values)
        taken = cursor.fetchone()
        if taken is None:
            cursor.execute(_WHEN_OPEN, names)
            raise LockedOut(counted, _minutes_until(cursor.fetchone(), now))
    if is_last := taken[0] is not None:
        _log_lock(counted)
    return is_last


def _log_lock(counted: Counted) -> None:
    """Log each lock once. Only a network is named, because that is what an operator can act on."""
    whom = f" by {counted.whom}" if counted.against is Against.NETWORK else ""
    log.warning("%s: the %d tries of one %s are used up%s", counted.action, counted.limit.tries, counted.against, whom)


def _minutes_until(found: tuple[datetime] | None, now: datetime) -> int:
    return max(1, ceil((found[0] - now).total_seconds() / 60)) if found else 1


def _execute(statement: str, counts: tuple[Counted, ...], **more: Any) -> None:
    with connection.cursor() as cursor:
        for counted in _in_order(counts):
            cursor.execute(statement, _names(counted) | more)


def _in_order(counts: tuple[Counted, ...]) -> list[Counted]:
    """The narrowest first: what many count against is held for the shortest time."""
    return sorted(counts, key=lambda counted: (_NARROWEST_FIRST.index(counted.against), counted.action, counted.whom))


def _names(counted: Counted) -> dict[str, Any]:
    """Name the count without keeping whose it is: most addresses that are guessed at belong to nobody here."""
    return {"action": counted.action, "whom": secrets.derive("tries", counted.action, counted.whom)}
