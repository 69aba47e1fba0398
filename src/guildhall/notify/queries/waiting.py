"""How much waits to be done in all councils together, for whoever watches the installation. The worker's login asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from guildhall.kernel.transactions import reading
from guildhall.notify.domain.delivery import Channel

_MESSAGES = "SELECT channel, count(*), min(next_try_at) FROM notify_message WHERE next_try_at <= %s GROUP BY channel"
_OTHERS = {
    "callbacks": "SELECT count(*) FROM notify_callback WHERE next_try_at <= %s",
    "receipts": "SELECT count(*) FROM notify_receipt WHERE next_look_at <= %s",
    "lists to check": "SELECT count(*) FROM notify_uploadedlist WHERE state = 'checking' AND uploaded_at <= %s",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages of a channel that are due, and how long the first of them has been."""

    channel: Channel
    messages: int
    longest: timedelta


@reading
def count_due_messages(*, now: datetime) -> Sequence[Waiting]:
    """Return what is due of every channel."""
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [now])
        found = {channel: (count, now - since) for channel, count, since in cursor.fetchall()}
    return [Waiting(channel, *found.get(str(channel), (0, timedelta()))) for channel in Channel]


@reading
def count_other_work(*, now: datetime) -> Mapping[str, int]:
    """Return how much else is due, by what it is."""
    counted = {}
    with connection.cursor() as cursor:
        for name, statement in _OTHERS.items():
            cursor.execute(statement, [now])
            (counted[name],) = cursor.fetchone() or (0,)
    return counted
