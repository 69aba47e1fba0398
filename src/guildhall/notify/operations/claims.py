"""Taking messages to deliver, and writing down what became of them.

A claim is a lease: what a dead worker held is claimed again when the lease ends. Nobody knows then whether the dead one
handed it over, so it is marked: the recipient may get it twice. It is also suspected of having been the death of the
worker, until a try of it has been recorded. What was recorded has no lease any more.

Councils take turns: each that has something due gets an equal share of a claim, however much another one has waiting.
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
from guildhall.kernel.turns import Queue
from guildhall.notify.domain.delivery import Channel, Quarantine, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.said import keepable, keepable_name
from guildhall.notify.operations.outcomes import StatusChange, note_changes
from guildhall.notify.operations.quarantine import Quarantined, note_quarantined

LEASE = timedelta(seconds=60)

KEPT_FOR_LISTS = 5
"""Of every so many messages claimed, one is kept for uploaded lists if any wait."""

_PLACE = """channel = %(channel)s AND CASE WHEN job_id IS NULL THEN 0 ELSE 1 END = %(is_of_a_list)s
    AND next_try_at IS NOT NULL"""
_IS_DUE = "next_try_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)"

_QUEUE = Queue(
    "notify_message",
    place=_PLACE,
    is_due=_IS_DUE,
    order_by="next_try_at",
    columns="id, accepted_at, leased_until IS NOT NULL AS is_suspect",
)
_CLAIM = f"""
WITH RECURSIVE {_QUEUE.taken}
UPDATE notify_message AS message SET tries = message.tries + 1, leased_until = %(lease_ends_at)s,
    may_be_repeated = message.may_be_repeated OR taken.is_suspect
FROM taken WHERE message.id = taken.id AND message.accepted_at = taken.accepted_at
RETURNING message.id, (extract(epoch FROM message.accepted_at) * 1000000)::bigint, message.organisation_id,
    message.notify_service_id, message.template_id, message.template_version, message.key_kind, message.recipient,
    message.language, message.personalisation, message.reference, message.sender, message.unsubscribe_url,
    message.postage, message.is_abroad,
    (extract(epoch FROM coalesce(message.scheduled_for, message.accepted_at)) * 1000000)::bigint, message.status,
    message.tries, message.may_be_repeated, taken.is_suspect, message.crashes
"""  # noqa: S608 - conditions of our own code

_TAKE_ALONE = """
UPDATE notify_message SET crashes = crashes + 1, leased_until = %s WHERE id = %s AND accepted_at = %s AND tries = %s
"""

_RECORD = """
UPDATE notify_message AS message SET status = outcome.status, tries = outcome.tries_made,
    next_try_at = outcome.next_try_at, leased_until = outcome.suspected_from,
    crashes = CASE WHEN outcome.suspected_from IS NULL THEN 0 ELSE message.crashes END,
    sent_at = coalesce(message.sent_at, outcome.sent_at), completed_at = outcome.completed_at,
    provider = outcome.provider, provider_reference = outcome.provider_reference, problem = outcome.problem,
    may_be_repeated = message.may_be_repeated OR outcome.may_be_repeated
FROM json_to_recordset(%s) AS outcome (id uuid, accepted_at timestamptz, tries smallint, tries_made smallint,
    status text, next_try_at timestamptz, sent_at timestamptz, completed_at timestamptz, provider text,
    provider_reference text, problem text, may_be_repeated boolean, suspected_from timestamptz)
WHERE message.id = outcome.id AND message.accepted_at = outcome.accepted_at AND message.tries = outcome.tries
    AND message.next_try_at IS NOT NULL
RETURNING message.id
"""


class Claimed(NamedTuple):
    """A message that this worker holds until its lease ends.

    It ``is_suspect`` when a worker that held it was not heard of again; ``crashes`` counts when it was alone then.
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
    is_suspect: bool
    crashes: int

    @property
    def due_at(self) -> datetime:
        return _moment(self.due)


@dataclass(frozen=True, slots=True)
class Result:
    """What is written down about a claimed message. ``tries_made`` is one less when it was given back untried.

    ``suspected_from`` keeps it a suspect, to be tried alone; ``quarantine`` says why it is given up because of itself.
    """

    status: Status
    tries_made: int
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    completed_at: datetime | None = None
    provider: str = ""
    provider_reference: str = ""
    problem: str = ""
    may_be_repeated: bool = False
    suspected_from: datetime | None = None
    quarantine: Quarantine | None = None


@transaction
def claim(channel: Channel, *, at_most: int, now: datetime) -> list[Claimed]:
    """Hold messages that are due, an equal share of each council's; a few more than ``at_most`` when there are many.

    Uploaded lists stand behind what somebody waits for: a code to sign in is not kept waiting by 100,000 reminders. But
    a part of every claim is theirs, so that those who send one by one never keep them waiting for ever.
    """
    singly = _claim(channel, 0, at_most, now)
    return singly + _claim(channel, 1, max(at_most - len(singly), at_most // KEPT_FOR_LISTS), now)


@transaction
def take_alone(message: Claimed, *, now: datetime) -> bool:
    """Note before a suspect is tried that it is in hand alone. False: another worker has it by now."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ALONE, [now + LEASE, message.id, message.accepted_at, message.tries])
        return bool(cursor.rowcount)


@part_of_a_transaction
def record(results: Sequence[tuple[Claimed, Result]], *, channel: Channel, at: datetime) -> None:
    """Write down what became of claimed messages, and tell whom it concerns.

    A message that another worker has claimed meanwhile, or that a receipt has finished, is left as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [msgspec.json.encode([_row_of(*each) for each in results]).decode()])
        written = {row[0] for row in cursor.fetchall()}
    recorded = [each for each in results if each[0].id in written]
    note_changes(list(_changes(recorded, channel, at)))
    note_quarantined([_quarantined(*each, channel, each[1].quarantine, at) for each in recorded if each[1].quarantine])


def _claim(channel: Channel, is_of_a_list: int, at_most: int, now: datetime) -> list[Claimed]:
    parameters = {
        "channel": str(channel),
        "is_of_a_list": is_of_a_list,
        "now": now,
        "at_most": at_most,
        "lease_ends_at": now + LEASE,
    }
    return [Claimed(row[0], _moment(row[1]), *row[2:]) for row in _QUEUE.claim(_CLAIM, parameters)]


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
        "provider_reference": keepable_name(result.provider_reference),
        "problem": keepable(result.problem),
        "may_be_repeated": result.may_be_repeated,
        "suspected_from": result.suspected_from,
    }


def _quarantined(message: Claimed, result: Result, channel: Channel, reason: Quarantine, at: datetime) -> Quarantined:
    return Quarantined(
        message_id=message.id,
        organisation_id=message.organisation_id,
        notify_service_id=message.notify_service_id,
        template_id=message.template_id,
        channel=channel,
        reason=reason,
        problem=keepable(result.problem),
        at=at,
    )


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
