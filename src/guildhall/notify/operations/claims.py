"""Taking messages to deliver, and writing down what became of them.

A claim is a lease: what a dead worker held is claimed again when the lease ends. Nobody knows then whether the dead one
handed it over, so it is marked: the recipient may get it twice. What was recorded after a try has no lease any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations.outcomes import StatusChange, note_changes

LEASE = timedelta(seconds=60)

# Without this, whoever plans by old statistics reads and sorts all that waits to find the first few hundred.
_READ_IN_ORDER = "SET LOCAL enable_sort = off"

# Uploaded lists stand behind what somebody waits for: a code to sign in is not kept waiting by 100,000 reminders.
_CLAIM = """
WITH waiting AS (
    SELECT id, accepted_at FROM notify_message
    WHERE channel = %(channel)s AND CASE WHEN job_id IS NULL THEN 0 ELSE 1 END = %(is_of_a_list)s
        AND next_try_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)
    ORDER BY next_try_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
)
UPDATE notify_message AS message SET tries = message.tries + 1, leased_until = %(lease_ends_at)s,
    may_be_repeated = message.may_be_repeated OR message.leased_until IS NOT NULL
FROM waiting WHERE message.id = waiting.id AND message.accepted_at = waiting.accepted_at
RETURNING message.id, {moment} message.accepted_at) * 1000000)::bigint, message.organisation_id,
    message.notify_service_id, message.template_id, message.template_version, message.key_kind, message.recipient,
    message.language, message.personalisation, message.reference, message.sender, message.unsubscribe_url,
    message.postage, message.is_abroad,
    {moment} coalesce(message.scheduled_for, message.accepted_at)) * 1000000)::bigint, message.status, message.tries,
    message.may_be_repeated
""".replace("{moment}", "(extract(epoch FROM")

_RECORD = """
UPDATE notify_message AS message SET status = outcome.status, tries = outcome.tries_made,
    next_try_at = outcome.next_try_at, leased_until = NULL, sent_at = coalesce(message.sent_at, outcome.sent_at),
    completed_at = outcome.completed_at, provider = outcome.provider, provider_reference = outcome.provider_reference,
    problem = outcome.problem, may_be_repeated = message.may_be_repeated OR outcome.may_be_repeated
FROM json_to_recordset(%s) AS outcome (id uuid, accepted_at timestamptz, tries smallint, tries_made smallint,
    status text, next_try_at timestamptz, sent_at timestamptz, completed_at timestamptz, provider text,
    provider_reference text, problem text, may_be_repeated boolean)
WHERE message.id = outcome.id AND message.accepted_at = outcome.accepted_at AND message.tries = outcome.tries
    AND message.next_try_at IS NOT NULL
RETURNING message.id
"""


class Claimed(NamedTuple):
    """A message that this worker holds until its lease ends.

    ``due`` is the moment from which it waits, in microseconds since 1970: reading a thousand instants from the driver
    costs more than reading all the rest.
    """

    id: MessageId
    accepted_at: datetime
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    template_version: int
    key_kind: str
    recipient: str
    language: str
    personalisation: bytes
    reference: str | None
    sender: str
    unsubscribe_url: str | None
    postage: str
    is_abroad: bool
    due: int
    status: str
    tries: int
    may_be_repeated: bool

    @property
    def due_at(self) -> datetime:
        return _moment(self.due)


@dataclass(frozen=True, slots=True)
class Result:
    """What is written down about a claimed message. ``tries_made`` is one less when it was given back untried."""

    status: Status
    tries_made: int
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    completed_at: datetime | None = None
    provider: str = ""
    provider_reference: str = ""
    problem: str = ""
    may_be_repeated: bool = False


@transaction
def claim(channel: Channel, *, at_most: int, now: datetime) -> list[Claimed]:
    """Hold messages of any council that are due: first what stands alone, then what belongs to an uploaded list."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_IN_ORDER)
    alone = _claim(channel, 0, at_most, now)
    return alone if len(alone) == at_most else alone + _claim(channel, 1, at_most - len(alone), now)


@part_of_a_transaction
def record(results: Sequence[tuple[Claimed, Result]], *, channel: Channel, at: datetime) -> None:
    """Write down what became of claimed messages, and tell whom it concerns.

    A message that another worker has claimed meanwhile, or that a receipt has finished, is left as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [msgspec.json.encode([_row_of(*each) for each in results]).decode()])
        written = {row[0] for row in cursor.fetchall()}
    note_changes(list(_changes((each for each in results if each[0].id in written), channel, at)))


def _claim(channel: Channel, is_of_a_list: int, at_most: int, now: datetime) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "channel": str(channel),
                "is_of_a_list": is_of_a_list,
                "now": now,
                "at_most": at_most,
                "lease_ends_at": now + LEASE,
            },
        )
        return [Claimed(row[0], _moment(row[1]), *row[2:]) for row in cursor.fetchall()]


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _row_of(message: Claimed, result: Result) -> dict[str, object]:
    return {
        "id": message.id,
        "accepted_at": message.accepted_at,
        "tries": message.tries,
        "tries_made": result.tries_made,
        "status": result.status,
        "next_try_at": result.next_try_at,
        "sent_at": result.sent_at,
        "completed_at": result.completed_at,
        "provider": result.provider,
        "provider_reference": result.provider_reference,
        "problem": result.problem,
        "may_be_repeated": result.may_be_repeated,
    }


def _changes(written: Iterable[tuple[Claimed, Result]], channel: Channel, at: datetime) -> Iterable[StatusChange]:
    for message, result in written:
        if message.status != result.status:
            yield StatusChange(
                message_id=message.id,
                accepted_at=message.accepted_at,
                organisation_id=message.organisation_id,
                notify_service_id=message.notify_service_id,
                template_id=message.template_id,
                channel=channel,
                key_kind=message.key_kind,
                reference=message.reference,
                recipient=message.recipient,
                before=Status(message.status),
                after=result.status,
                at=at,
            )
