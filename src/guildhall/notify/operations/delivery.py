"""Handing messages over, in batches that the worker claims for itself.

Claim, commit, hand over, record: a claim is a lease, so what a dead worker held is claimed again when the lease ends. A
hand-over whose outcome nobody recorded is repeated under the same name; nothing is ever guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import Channel, Status, after_failed_try, outcome_of_test
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.ports import HandedOver, Outcome, Outgoing, Provider, TryLater, Undeliverable
from guildhall.notify.queries.messages import show_personalisation, shown_language
from guildhall.notify.queries.remembered import sender_of, template_version

BATCH = 200
LEASE = timedelta(seconds=60)

log = structlog.get_logger(__name__)

_CLAIM = """
WITH waiting AS (
    SELECT id, accepted_at FROM notify_message WHERE channel = %(channel)s AND next_try_at <= %(now)s
    ORDER BY next_try_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
UPDATE notify_message AS message SET tries = message.tries + 1, next_try_at = %(lease_ends_at)s
FROM waiting WHERE message.id = waiting.id AND message.accepted_at = waiting.accepted_at
RETURNING message.id, message.accepted_at, message.organisation_id, message.notify_service_id, message.template_id,
    message.template_version, message.channel, message.key_kind, message.recipient, message.language,
    message.personalisation, message.sender, message.unsubscribe_url, message.tries
"""

_RECORD = """
UPDATE notify_message AS message SET status = outcome.status, tries = outcome.tries_made,
    next_try_at = outcome.next_try_at, sent_at = coalesce(message.sent_at, outcome.sent_at),
    completed_at = outcome.completed_at, provider = outcome.provider,
    provider_reference = outcome.provider_reference, problem = outcome.problem
FROM json_to_recordset(%s) AS outcome (id uuid, accepted_at timestamptz, tries smallint, tries_made smallint,
    status text, next_try_at timestamptz, sent_at timestamptz, completed_at timestamptz, provider text,
    provider_reference text, problem text)
WHERE message.id = outcome.id AND message.accepted_at = outcome.accepted_at AND message.tries = outcome.tries
    AND message.completed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message that this worker holds until its lease ends."""

    id: MessageId
    accepted_at: datetime
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    template_version: int
    channel: Channel
    key_kind: str
    recipient: str
    language: str
    personalisation: bytes
    sender: str
    unsubscribe_url: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What is written down about a message after a try."""

    id: MessageId
    accepted_at: datetime
    tries: int
    tries_made: int
    status: Status
    next_try_at: datetime | None
    sent_at: datetime | None
    completed_at: datetime | None
    provider: str = ""
    provider_reference: str = ""
    problem: str = ""


def deliver_waiting(
    channel: Channel, provider: Provider | None, *, now: datetime, clock: Callable[[], datetime]
) -> int:
    """Hand over one batch of what waits in any council for this channel, and return how many messages that was.

    Without a provider, messages wait. What cannot be handed over while the claim is good is left for the next batch.
    """
    claimed = _claim(channel, now)
    recorded = [_pretend(message, now) for message in claimed if message.key_kind == "test"]
    real = [message for message in claimed if message.key_kind != "test"]
    step = provider.at_once if provider is not None else BATCH
    for start in range(0, len(real), step):
        messages, at = real[start : start + step], clock()
        if at > now + LEASE / 2:
            recorded += [_left(message, at) for message in real[start:]]
            break
        recorded += _hand_over(messages, provider, now=at, clock=clock)
    if recorded:
        _record(recorded)
    return len(claimed)


@transaction
def _claim(channel: Channel, now: datetime) -> list[_Claimed]:
    values: dict[str, Any] = {"channel": str(channel), "now": now, "batch": BATCH, "lease_ends_at": now + LEASE}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        return [_read(*row) for row in cursor.fetchall()]


def _read(*columns: Any) -> _Claimed:
    message = _Claimed(*columns)
    return replace(message, channel=Channel(message.channel))


@transaction
def _record(recorded: Sequence[_Recorded]) -> None:
    """Write down what became of a batch. A message that another worker has claimed meanwhile is left to it."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [msgspec.json.encode(recorded).decode()])


def _hand_over(
    messages: Sequence[_Claimed], provider: Provider | None, *, now: datetime, clock: Callable[[], datetime]
) -> list[_Recorded]:
    outgoing = [each for each in map(_write, messages) if each is not None]
    outcomes: Mapping[MessageId, Outcome] = {}
    if provider is not None and outgoing:
        handed_over = provider.hand_over(outgoing, now=now)
        outcomes = {each.message_id: outcome for each, outcome in zip(outgoing, handed_over, strict=True)}
    name, done_at = provider.name if provider else "", clock()
    otherwise = TryLater("no provider carries this channel, or the message cannot be written")
    return [_outcome(message, outcomes.get(message.id, otherwise), name, done_at) for message in messages]


def _write(message: _Claimed) -> Outgoing | None:
    """Return the message as a provider gets it, or None if it cannot be written now; the others of its batch can."""
    try:
        service = sender_of(message.organisation_id, message.notify_service_id)
        template = template_version(message.organisation_id, message.template_id, message.template_version)
        return Outgoing(
            message_id=message.id,
            channel=message.channel,
            recipient=message.recipient,
            sender_name=service.name,
            sender=message.sender,
            words=template.pair.shown(shown_language(message.language), message.channel),
            given=show_personalisation(message.personalisation),
            prefix=service.prefix,
            unsubscribe_url=message.unsubscribe_url,
            accepted_at=message.accepted_at,
            tries=message.tries,
        )
    except Exception:
        log.exception("message_cannot_be_written", message=str(message.id))
        return None


def _outcome(message: _Claimed, outcome: Outcome, provider: str, at: datetime) -> _Recorded:
    same = (message.id, message.accepted_at, message.tries, message.tries)
    match outcome:
        case HandedOver(reference, is_delivered=True):
            return _Recorded(*same, Status.DELIVERED, None, at, at, provider, reference)
        case HandedOver(reference):
            return _Recorded(*same, Status.SENDING, None, at, None, provider, reference)
        case Undeliverable(problem):
            return _Recorded(*same, Status.PERMANENT_FAILURE, None, at, at, provider, "", problem)
        case TryLater(problem):
            step = after_failed_try(message.tries, message.channel)
            if step.wait is None:
                return _Recorded(*same, step.status, None, None, at, provider, "", problem)
            return _Recorded(*same, step.status, at + step.wait, None, None, provider, "", problem)


def _pretend(message: _Claimed, at: datetime) -> _Recorded:
    """Give a message of a test key the end that its recipient stands for. No provider sees it."""
    status = outcome_of_test(message.recipient)
    return _Recorded(message.id, message.accepted_at, message.tries, message.tries, status, None, at, at, "test")


def _left(message: _Claimed, at: datetime) -> _Recorded:
    """Give back a message that was not tried."""
    made = message.tries - 1
    return _Recorded(message.id, message.accepted_at, message.tries, made, Status.CREATED, at, None, None)
