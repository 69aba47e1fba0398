"""Receipts: kept as they come, applied by the worker.

Whoever hears from a provider only stores what it said; then the provider is answered. The worker applies receipts under
a lock on their messages, each once, so that a flood of them holds no provider up and none is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify.domain.delivery import FINISHED, Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.receipts import LOOKS_AFTER, Receipt, Use, applies, gives_receipts, status_after
from guildhall.notify.domain.said import keepable, keepable_name
from guildhall.notify.operations.complaints import Complaint, note_complaints
from guildhall.notify.operations.outcomes import StatusChange, note_changes
from guildhall.notify.queries.receipt_accounts import find_platform

BATCH = 200
KEPT_FOR = timedelta(days=35)
"""Longer than messages wait for a receipt, shorter than anybody asks why one was not believed."""

LATE = timedelta(days=8)
"""How old a message may be that a provider names by its own reference."""

AROUND = timedelta(days=1)
"""How far a message's moment of acceptance may lie from the moment in its id."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A receipt that nobody has looked at yet, or not with success."""

    id: UUID
    organisation_id: OrganisationId
    provider: str
    reference: str
    status: Status
    detail: str
    is_explained: bool
    is_complaint: bool
    at: datetime
    looks: int

    @property
    def message_id(self) -> MessageId | None:
        """The message it names by its id; None when it names it otherwise."""
        try:
            return MessageId(UUID(self.reference))
        except ValueError:
            return None

    @property
    def name(self) -> MessageId | str:
        return self.message_id or self.reference


@dataclass(slots=True)
class _Locked:
    """A message while its receipts are applied."""

    id: MessageId
    accepted_at: datetime
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    channel: Channel
    key_kind: str
    reference: str | None
    recipient: str
    is_abroad: bool
    provider_reference: str
    status: Status


@dataclass(frozen=True, slots=True)
class _Applied:
    """What is written about a message whose receipt was applied."""

    id: MessageId
    accepted_at: datetime
    status: Status
    at: datetime
    completed_at: datetime | None
    provider: str
    problem: str


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is written about a receipt that was looked at."""

    id: UUID
    use: str
    next_look_at: datetime | None


@transaction
def keep_receipts(receipts: Iterable[Receipt], *, now: datetime) -> int:
    """Store what providers said, durably, for the worker to apply; return how many were new.

    The current council is the one whose account with the provider they came to. The same receipt is kept once.
    """
    return note_receipts(receipts, now=now)


@part_of_a_transaction
def note_receipts(receipts: Iterable[Receipt], *, now: datetime) -> int:
    """Store what was said with the transaction that is open, and return how many were new."""
    rows = [
        (new_id(), each.provider, keepable_name(each.reference), str(each.status), keepable(each.detail),
         each.is_explained, each.is_complaint, each.at, now, now)
        for each in receipts
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP, rows)
        return cursor.rowcount


@transaction
def apply_receipts(*, now: datetime) -> int:
    """Apply one batch of the receipts that wait, in any council, and return how many were looked at.

    A receipt changes only a message that is still open (contract: notify 1.8), and only one of the council whose
    account it came to: an account of the installation's own serves all councils.
    """
    waiting = _claim(now)
    work = _Work(_find_messages(waiting, now), find_platform(), now)
    looked = [work.apply(receipt) for receipt in waiting]
    if work.applied:
        _write(_APPLY, list(work.applied.values()))
        note_changes(work.changes)
    note_complaints(work.complaints)
    if looked:
        _write(_LOOKED, looked)
    return len(looked)


@transaction
def forget_receipts(*, now: datetime) -> int:
    """Clear receipts away that nobody will ask about any more; return how many that was."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notify_receipt WHERE received_at < %s AND use <> ''", [now - KEPT_FOR])
        return cursor.rowcount


def _claim(now: datetime) -> list[_Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [now, BATCH])
        return [_waiting(*row) for row in cursor.fetchall()]


def _waiting(*columns: Any) -> _Waiting:
    receipt = _Waiting(*columns)
    return replace(receipt, status=Status(receipt.status))


def _find_messages(waiting: Sequence[_Waiting], now: datetime) -> "Mapping[MessageId | str, _Locked]":
    """Return the messages that receipts name, locked, by the name that the receipts use."""
    by_id = {each.message_id for each in waiting if each.message_id is not None}
    by_name = {each.reference for each in waiting if each.message_id is None}
    found: dict[MessageId | str, _Locked] = {}
    if by_id:
        found |= {each.id: each for each in _lock_by_id(list(by_id))}
    if by_name:
        found |= {each.provider_reference: each for each in _lock(_BY_NAME, [list(by_name), now - LATE])}
    return found


def _lock_by_id(ids: Sequence[MessageId]) -> list[_Locked]:
    """Lock messages by id. An id tells when it was made, so that only one or two months are looked into."""
    made_at = [_made_at(each) for each in ids]
    found = _lock(_BY_ID, [ids, min(made_at) - AROUND, max(made_at) + AROUND])
    missing = set(ids) - {each.id for each in found}
    return found + _lock(_BY_ID_ANYWHERE, [list(missing)]) if missing else found


def _lock(statement: str, values: list[Any]) -> list[_Locked]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_locked(*row) for row in cursor.fetchall()]


def _locked(*columns: Any) -> _Locked:
    message = _Locked(*columns)
    return replace(message, channel=Channel(message.channel), status=Status(message.status))


def _made_at(message_id: MessageId) -> datetime:
    """Return the moment in an id of version 7; a made-up id may name any moment, and then finds nothing."""
    return EPOCH + timedelta(milliseconds=min(message_id.int >> 80, _LAST_MOMENT))


class _Work:
    """A batch of receipts being applied: what is found out about one counts for the next."""

    def __init__(
        self, messages: "Mapping[MessageId | str, _Locked]", platform: OrganisationId | None, now: datetime
    ) -> None:
        self._messages, self._platform, self._now = messages, platform, now
        self.applied: dict[MessageId, _Applied] = {}
        self.changes: list[StatusChange] = []
        self.complaints: list[Complaint] = []

    def apply(self, receipt: _Waiting) -> _Looked:
        """Apply a receipt to the message in hand, and return what is written about the receipt."""
        message = self._messages.get(receipt.name)
        use = self._use_of(receipt, message)
        if message is not None and receipt.is_complaint and use in (Use.APPLIED, Use.DUPLICATE):
            self.complaints.append(_complaint(message, receipt))
            if use is Use.DUPLICATE:
                return _Looked(receipt.id, Use.APPLIED, None)
        if use is Use.NO_MESSAGE and receipt.message_id is None and receipt.looks < len(LOOKS_AFTER):
            return _Looked(receipt.id, "", self._now + LOOKS_AFTER[receipt.looks])
        if message is not None and use is Use.APPLIED:
            self._change(message, receipt)
        else:
            log.warning("receipt_not_applied", why=str(use), provider=receipt.provider, reference=receipt.reference)
        return _Looked(receipt.id, use, None)

    def _use_of(self, receipt: _Waiting, message: _Locked | None) -> Use:
        if message is None or receipt.organisation_id not in (self._platform, message.organisation_id):
            return Use.NO_MESSAGE
        if not applies(receipt.status, before=message.status):
            return Use.DUPLICATE
        if message.channel is Channel.SMS and message.is_abroad and not gives_receipts(message.recipient):
            return Use.NOT_BELIEVED
        return Use.APPLIED

    def _change(self, message: _Locked, receipt: _Waiting) -> None:
        before = message.status
        message.status = status_after(receipt.status, before=before, is_explained=receipt.is_explained)
        self.applied[message.id] = _Applied(
            message.id,
            message.accepted_at,
            message.status,
            receipt.at,
            completed_at=receipt.at if message.status in FINISHED else None,
            provider=receipt.provider,
            problem=receipt.detail if message.status in _FAILURES else "",
        )
        if message.status is not before:
            self.changes.append(_told(message, before, receipt.at))


def _complaint(message: _Locked, receipt: _Waiting) -> Complaint:
    return Complaint(
        id=receipt.id,
        message_id=message.id,
        organisation_id=message.organisation_id,
        notify_service_id=message.notify_service_id,
        template_id=message.template_id,
        reference=message.reference,
        recipient=message.recipient,
        at=receipt.at,
    )


def _told(message: _Locked, before: Status, at: datetime) -> StatusChange:
    return StatusChange(
        message_id=message.id,
        accepted_at=message.accepted_at,
        organisation_id=message.organisation_id,
        notify_service_id=message.notify_service_id,
        template_id=message.template_id,
        channel=message.channel,
        key_kind=message.key_kind,
        reference=message.reference,
        recipient=message.recipient,
        before=before,
        after=message.status,
        at=at,
    )


def _write(statement: str, rows: Sequence[_Applied] | Sequence[_Looked]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [msgspec.json.encode(rows).decode()])


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_LAST_MOMENT = 4_000_000_000_000
_FAILURES = FINISHED - {Status.DELIVERED, Status.SENT}

_KEEP = """
INSERT INTO notify_receipt (id, provider, reference, status, detail, is_explained, is_complaint, at, received_at,
    next_look_at, looks, use)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '') ON CONFLICT DO NOTHING
"""
_CLAIM = """
SELECT id, organisation_id, provider, reference, status, detail, is_explained, is_complaint, at, looks
FROM notify_receipt
WHERE next_look_at <= %s ORDER BY next_look_at, id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_MESSAGE = """
SELECT id, accepted_at, organisation_id, notify_service_id, template_id, channel, key_kind, reference, recipient,
    is_abroad, provider_reference, status
FROM notify_message WHERE {which} ORDER BY id FOR UPDATE
"""
_BY_ID = _MESSAGE.format(which="id = ANY(%s) AND accepted_at BETWEEN %s AND %s")
_BY_ID_ANYWHERE = _MESSAGE.format(which="id = ANY(%s)")
_BY_NAME = _MESSAGE.format(
    which="provider_reference = ANY(%s) AND accepted_at > %s AND provider_reference <> '' AND channel = 'sms' "
    "AND status IN ('sending', 'sent', 'pending')"
)
_APPLY = """
UPDATE notify_message AS message SET status = applied.status, next_try_at = NULL, leased_until = NULL,
    sent_at = coalesce(message.sent_at, applied.at), completed_at = applied.completed_at, problem = applied.problem,
    provider = coalesce(nullif(message.provider, ''), applied.provider)
FROM json_to_recordset(%s) AS applied (id uuid, accepted_at timestamptz, status text, at timestamptz,
    completed_at timestamptz, provider text, problem text)
WHERE message.id = applied.id AND message.accepted_at = applied.accepted_at
"""
_LOOKED = """
UPDATE notify_receipt AS receipt SET use = looked.use, next_look_at = looked.next_look_at, looks = receipt.looks + 1
FROM json_to_recordset(%s) AS looked (id uuid, use text, next_look_at timestamptz)
WHERE receipt.id = looked.id
"""
