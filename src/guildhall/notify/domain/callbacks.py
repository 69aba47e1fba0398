"""What a service's own program is told, in exactly the words of the contract, and how long we try (notify 1.11)."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit
from uuid import UUID

from guildhall.kernel.refusals import Invalid
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.networks import is_public

TRIES = 6
"""The first one, and five more."""

BETWEEN_TRIES = timedelta(seconds=300)
_FOR_A_DAY = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 180, 240, 240, 240, 300)
)  # 24 hours less nine minutes
RESTS = timedelta(seconds=30)
"""How long an address that did not answer is left alone."""

LONGEST_URL = 2000

TOLD_OF = frozenset({Status.DELIVERED, Status.PERMANENT_FAILURE, Status.TEMPORARY_FAILURE, Status.TECHNICAL_FAILURE})
"""Statuses that a program is told of: the ends of a message. It is never told that one is pending."""


class Kind(StrEnum):
    """What there is to be told of. The words are Notify's."""

    DELIVERY_STATUS = "delivery_status"
    INBOUND_SMS = "inbound_sms"
    COMPLAINT = "complaint"
    RETURNED_LETTER = "returned_letter"


class Outcome(StrEnum):
    """How a callback ended: the program took it, said no, or could not be reached in time."""

    TAKEN = "taken"
    REFUSED = "refused"
    GIVEN_UP = "given-up"


class NotACallbackAddress(Invalid):
    """Nothing can be sent there. ``why`` is ``https``, ``length``, ``shape`` or ``private``."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this is no address for callbacks: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Address:
    """Where to send to, taken apart."""

    is_https: bool
    host: str
    port: int
    path: str


def read_address(url: str, *, may_be_loopback: bool) -> Address:
    """Take an address apart.

    :param may_be_loopback: in a sandbox, a program on the same machine may be told without encryption.
    :raises NotACallbackAddress: it is not ``https``, names a user, is too long, or is plainly a private address.
    """
    if len(url) > LONGEST_URL or not url.isascii() or any(mark <= " " for mark in url):
        raise NotACallbackAddress("length" if len(url) > LONGEST_URL else "shape")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise NotACallbackAddress("shape") from fault
    if parts.scheme not in ("https", "http") or not host or parts.username is not None:
        raise NotACallbackAddress("shape" if host else "https")
    if parts.scheme == "http" and not (may_be_loopback and is_loopback(host)):
        raise NotACallbackAddress("https")
    if _is_private_literal(host) and not (may_be_loopback and is_loopback(host)):
        raise NotACallbackAddress("private")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme == "https", host, port or (443 if parts.scheme == "https" else 80), path)


def is_loopback(host: str) -> bool:
    """Decide whether a host is this machine."""
    address = _literal(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def wait_after(tries: int, *, for_a_day: bool) -> timedelta | None:
    """Return how long to wait after the ``tries``-th attempt failed, or None when that is enough."""
    if for_a_day:
        return _FOR_A_DAY[tries - 1] if tries <= len(_FOR_A_DAY) else None
    return BETWEEN_TRIES if tries < TRIES else None


def may_be_tried_again(status: int | None) -> bool:
    """Decide whether an answer (None: there was none) may change: the server is ill or busy, not against us."""
    return status is None or status >= 500 or status == 429


def signature(secret: str, body: bytes, *, at: int) -> str:
    """Return what proves that we sent a body, and when: ``t=1700000000,v1=…`` over ``t.body``."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


@dataclass(frozen=True, slots=True)
class Ended:
    """A message that has come to its end."""

    id: UUID
    reference: str | None
    to: str
    status: Status
    created_at: datetime
    completed_at: datetime | None
    sent_at: datetime | None
    channel: str
    template_id: UUID
    template_version: int


def delivery_status(message: Ended) -> Mapping[str, object]:
    """Say that a message has come to its end (alphagov/notifications-api:app/celery/service_callback_tasks.py)."""
    return {
        "id": str(message.id),
        "reference": message.reference,
        "to": message.to,
        "status": str(message.status),
        "created_at": _moment(message.created_at),
        "completed_at": _moment(message.completed_at),
        "sent_at": _moment(message.sent_at),
        "notification_type": message.channel,
        "template_id": str(message.template_id),
        "template_version": message.template_version,
    }


def inbound_sms(
    id: UUID, *, source: str, destination: str, message: str, received_at: datetime
) -> Mapping[str, object]:
    """Say that somebody wrote to a service by text."""
    return {
        "id": str(id),
        "source_number": source,
        "destination_number": destination,
        "message": message,
        "date_received": _moment(received_at),
    }


def complaint(id: UUID, *, message_id: UUID, reference: str | None, to: str, at: datetime) -> Mapping[str, object]:
    """Say that somebody called a message unwanted."""
    return {
        "notification_id": str(message_id),
        "complaint_id": str(id),
        "reference": reference,
        "to": to,
        "complaint_date": _moment(at),
    }


@dataclass(frozen=True, slots=True)
class Returned:
    """A letter that came back. What a letter was not made from is None."""

    message_id: UUID
    reference: str | None
    sent_on: datetime | None
    sent_by: str | None
    template_name: str
    template_id: UUID
    template_version: int
    spreadsheet: str | None = None
    row: int | None = None
    uploaded: str | None = None


def returned_letter(letter: Returned) -> Mapping[str, object]:
    """Say that a letter came back."""
    return {
        "notification_id": str(letter.message_id),
        "reference": letter.reference,
        "date_sent": _moment(letter.sent_on),
        "sent_by": letter.sent_by,
        "template_name": letter.template_name,
        "template_id": str(letter.template_id),
        "template_version": letter.template_version,
        "spreadsheet_file_name": letter.spreadsheet,
        "spreadsheet_row_number": letter.row,
        "upload_letter_file_name": letter.uploaded,
    }


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _is_private_literal(host: str) -> bool:
    address = _literal(host)
    if address is not None:
        return not is_public(address)
    return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host


@dataclass(frozen=True, slots=True)
class Called:
    """What came of an attempt: the status of the answer, or None and why there was none."""

    status: int | None
    problem: str = ""
