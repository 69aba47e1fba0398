"""Keeping count of what became of messages, so that nobody has to count them.

What is accepted and waits is not counted here: that would cost every accept a row. It is counted where it waits, in the
small index of messages that are to be tried; a message is counted here from its first change of status.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel.clock import london_day
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.facts import WAITING

AT_ONCE = 5000


class Change(Protocol):
    """What is to be known of a message that went from one status to another."""

    @property
    def accepted_at(self) -> datetime: ...
    @property
    def organisation_id(self) -> UUID: ...
    @property
    def notify_service_id(self) -> UUID: ...
    @property
    def template_id(self) -> UUID: ...
    @property
    def channel(self) -> str: ...
    @property
    def key_kind(self) -> str: ...
    @property
    def before(self) -> Status: ...
    @property
    def after(self) -> Status: ...


class _Counted(msgspec.Struct, frozen=True):
    """What messages have in common that are counted together."""

    organisation_id: UUID
    notify_service_id: UUID
    template_id: UUID
    channel: str
    key_kind: str
    accepted_on: date
    status: str


_WRITE = """
INSERT INTO notify_statuscount (id, organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on,
    status, messages)
SELECT gen_random_uuid(), organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on, status,
    messages
FROM json_to_recordset(%s) AS counted (organisation_id uuid, notify_service_id uuid, template_id uuid, channel text,
    key_kind text, accepted_on date, status text, messages integer)
"""

_ADD_UP = """
WITH fresh AS (
    SELECT id FROM notify_statuscount WHERE NOT is_added_up LIMIT %s
), taken AS (
    DELETE FROM notify_statuscount AS mine USING fresh WHERE mine.id = fresh.id RETURNING mine.*
), earlier AS (
    DELETE FROM notify_statuscount AS mine USING (
        SELECT DISTINCT notify_service_id, template_id, channel, key_kind, accepted_on, status FROM taken
    ) AS same
    WHERE mine.is_added_up AND (mine.notify_service_id, mine.accepted_on) = (same.notify_service_id, same.accepted_on)
        AND (mine.template_id, mine.channel, mine.key_kind, mine.status)
            = (same.template_id, same.channel, same.key_kind, same.status)
    RETURNING mine.*
), added_up AS (
    INSERT INTO notify_statuscount (id, organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on,
        status, messages, is_added_up)
    SELECT gen_random_uuid(), organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on, status,
        sum(messages), true
    FROM (SELECT * FROM taken UNION ALL SELECT * FROM earlier) AS rows
    GROUP BY organisation_id, notify_service_id, template_id, channel, key_kind, accepted_on, status
    HAVING sum(messages) <> 0
)
SELECT count(*) FROM taken
"""


@part_of_a_transaction
def count_changes(changes: Sequence[Change]) -> None:
    """Count messages out of the status they had and into the one they have now.

    A batch costs as many rows as there are templates, days and statuses in it, whatever its size. Nothing is looked up
    and nothing locked, so counting never waits for anybody.
    """
    counts: Counter[_Counted] = Counter()
    for change in changes:
        if change.before not in WAITING:
            counts[_counted(change, change.before)] -= 1
        if change.after not in WAITING:
            counts[_counted(change, change.after)] += 1
    rows = [msgspec.structs.asdict(same) | {"messages": number} for same, number in counts.items() if number]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [msgspec.json.encode(rows).decode()])


@transaction
def add_up_counts() -> int:
    """Make one row of those that count the same messages; return how many new ones were added up.

    Whoever removes a row writes its number into the sum, in one statement: a worker that dies changes no sum. Two at
    once would only wait for each other, so the second goes away.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('notify_statuscount'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_ADD_UP, [AT_ONCE])
        added_up: int = cursor.fetchone()[0]
    return added_up


def _counted(change: Change, status: Status) -> _Counted:
    return _Counted(
        change.organisation_id,
        change.notify_service_id,
        change.template_id,
        str(change.channel),
        str(change.key_kind),
        london_day(change.accepted_at),
        str(status),
    )
