"""Letting go of what has been kept long enough: messages with their recipients and words, and what came with them.

Each service says for how many days it keeps each channel. Counts, usage and costs stay: they are rows of their own and
name nobody. A message that still waits is a promise, and stays however old it is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.facts import WAITING

AT_ONCE = 2000
INBOX_KEPT_FOR = timedelta(days=7)
_KINDS = ("live", "team", "test", "own")


class Rule(msgspec.Struct, frozen=True):
    """What a service sent over a channel before a moment is kept no longer."""

    organisation_id: UUID
    notify_service_id: UUID
    channel: str
    before: datetime


_KEPT_FOR = "SELECT organisation_id, notify_service_id, channel, days FROM notify_kept_for()"

# Found by the index under the lists, kind by kind and status by status; a message of a list is in the other half of it.
_OLD = """
SELECT message.id, message.accepted_at FROM json_to_recordset(%(rules)s)
    AS rule (organisation_id uuid, notify_service_id uuid, channel text, before timestamptz)
CROSS JOIN json_to_recordset(%(alike)s) AS alike (key_kind text, status text)
CROSS JOIN LATERAL (
    SELECT id, accepted_at FROM notify_message
    WHERE organisation_id = rule.organisation_id AND notify_service_id = rule.notify_service_id
        AND key_kind = alike.key_kind AND channel = rule.channel AND status = alike.status
        AND accepted_at < rule.before AND job_id IS {job} AND next_try_at IS NULL LIMIT %(at_once)s
) AS message
"""
_FORGET = f"""
WITH old AS MATERIALIZED ({_OLD.format(job="NULL")} UNION ALL {_OLD.format(job="NOT NULL")} LIMIT %(at_once)s),
files AS (DELETE FROM notify_letterfile AS file USING old WHERE file.message_id = old.id)
DELETE FROM notify_message AS message USING old
WHERE message.id = old.id AND message.accepted_at = old.accepted_at
"""  # noqa: S608 - our own words
_FORGET_TEXTS = """
DELETE FROM notify_receivedtext AS received USING json_to_recordset(%(rules)s)
    AS rule (organisation_id uuid, notify_service_id uuid, channel text, before timestamptz)
WHERE rule.channel = 'sms' AND received.organisation_id = rule.organisation_id
    AND received.notify_service_id = rule.notify_service_id AND received.received_at < rule.before
"""


def forget_old_messages(*, now: datetime) -> int:
    """Delete what no service keeps any longer, in many small transactions, and return how many messages that was."""
    rules, forgotten = _rules(now), 0
    while rules and (some := _forget_some(rules)):
        forgotten += some
    _forget_received(rules, now)
    return forgotten


@transaction
def drop_empty_months() -> int:
    """Drop the months of which no message can be kept any more and none is; return how many that was.

    Accepting is not held up: where the table is busy, the months stay until the next time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT notify_message_drop_empty_months()")
        dropped: int = cursor.fetchone()[0]
    return dropped


@transaction
def _rules(now: datetime) -> Sequence[Rule]:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_FOR)
        return [
            Rule(organisation_id, service, channel, now - timedelta(days=days))
            for organisation_id, service, channel, days in cursor.fetchall()
        ]


@transaction
def _forget_some(rules: Sequence[Rule]) -> int:
    alike = [{"key_kind": kind, "status": str(status)} for kind, status in product(_KINDS, set(Status) - WAITING)]
    values: dict[str, Any] = {"rules": _json(rules), "alike": _json(alike), "at_once": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, values)
        return cursor.rowcount


@transaction
def _forget_received(rules: Sequence[Rule], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TEXTS, {"rules": _json(rules)})
        cursor.execute("DELETE FROM notify_inboxentry WHERE delivered_at < %s", [now - INBOX_KEPT_FOR])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
