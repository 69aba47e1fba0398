"""Reading what mail servers write back: that an email could not be delivered (RFC 3464), or was not wanted (RFC 5965).

Our emails carry the message's id in their Message-ID, and a report carries the headers of what it is about: so a report
is matched without addresses made for the purpose.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime
from uuid import UUID

from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.receipts import Receipt

PROVIDER = "smtp"
_LONGEST_DETAIL = 500
_NAME = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>", re.IGNORECASE)
_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MAILBOX_IS_FULL = ("2", "2")
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})


def read_bounce(mail: bytes, *, now: datetime) -> Sequence[Receipt]:
    """Return what a mail says became of ours; nothing if it is no report, or not about a message of ours.

    A refusal for good is a permanent failure, one that may pass a temporary one, and so is a full mailbox, whatever
    its server calls it. A report of a delay says nothing yet: the server goes on trying. What a reader complains of has
    been delivered.
    """
    report = message_from_bytes(mail, policy=policy.compat32)
    message_id = _find_message_id(report)
    if message_id is None:
        return []
    at = _moment(report, now)
    if kind := _kind_of_complaint(report):
        return [Receipt(PROVIDER, str(message_id), Status.DELIVERED, f"complaint: {kind}", at, is_complaint=True)]
    return [
        Receipt(PROVIDER, str(message_id), status, _detail(recipient), at)
        for recipient in _recipients(report)
        if (status := _status(recipient)) is not None
    ]


def _kind_of_complaint(report: Message) -> str:
    """Return how the reader's mail service names the complaint; nothing if the mail is none."""
    for part in report.walk():
        if part.get_content_type() == "message/feedback-report":
            fields = part.get_payload(0) if part.is_multipart() else None
            kind = str(fields.get("Feedback-Type", "")).strip().lower() if isinstance(fields, Message) else ""
            return kind if kind in _COMPLAINTS else ""
    return ""


def _recipients(report: Message) -> Iterator[Message]:
    """Yield what the report says of each recipient; what comes first is about the report as a whole."""
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (block for block in blocks[1:] if isinstance(block, Message))


def _status(recipient: Message) -> Status | None:
    action = str(recipient.get("Action", "")).strip().lower()
    if action == "delivered":
        return Status.DELIVERED
    if action != "failed":
        return None
    code = _CODE.search(str(recipient.get("Status", ""))) or _CODE.search(str(recipient.get("Diagnostic-Code", "")))
    if code is None or (code[1] == "5" and (code[2], code[3]) != _MAILBOX_IS_FULL):
        return Status.PERMANENT_FAILURE
    return Status.TEMPORARY_FAILURE


def _detail(recipient: Message) -> str:
    said = recipient.get("Diagnostic-Code") or recipient.get("Status") or ""
    return " ".join(str(said).split())[:_LONGEST_DETAIL]


def _find_message_id(report: Message) -> UUID | None:
    """Return the id in the Message-ID of the email that came back, whole or only its headers."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            returned = message_from_bytes(content) if isinstance(content, bytes) else part
        elif part is not report and part.get("Message-ID"):
            returned = part  # what a message/rfc822 part holds
        else:
            continue
        if name := _NAME.fullmatch(str(returned.get("Message-ID", "")).strip()):
            return UUID(name[1])
    return None


def _moment(report: Message, now: datetime) -> datetime:
    try:
        at = parsedate_to_datetime(str(report.get("Date")))
        return min((at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC), now)
    except (TypeError, ValueError, OverflowError):
        return now
