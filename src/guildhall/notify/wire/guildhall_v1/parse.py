"""Reading what our own addresses are sent: a template and its recipients, each with a language of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guildhall.kernel.refusals import Refused
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations import NewMessage
from guildhall.notify.operations.accepting.batches import Row
from guildhall.notify.wire.notify_v2 import fields
from guildhall.notify.wire.notify_v2.fields import Body, Fault, Field, Window, not_of_type, read_fields
from guildhall.notify.wire.notify_v2.parse import check_files
from guildhall.notify.wire.notify_v2.refusals import Malformed

MOST_RECIPIENTS = 10_000
LANGUAGES: Mapping[object, Shown] = {"en": "en", "cy": "cy", "both": "both"}


@dataclass(frozen=True, slots=True)
class Batch:
    """A template and whom to send it to; ``recipients`` are not read yet."""

    template_id: UUID
    recipients: Sequence[object]
    shared: Mapping[str, Any]


def read_batch(body: Body, window: Window) -> Batch:
    """Return the template and the recipients of a batch.

    :raises Malformed: it breaks the schema.
    """
    read = read_fields(body, _BATCH, required=("template_id", "recipients"), window=window)
    return Batch(read["template_id"], read["recipients"], read)


def read_rows(batch: Batch, channel: Channel, window: Window) -> Sequence[Row | Refused]:
    """Return the message of each recipient, in order; in its place what is wrong with one that breaks the schema.

    :raises Malformed: letters are not sent in batches.
    """
    read = _READERS.get(channel)
    if read is None:
        raise Malformed("template_id must be of an email or a text message template")
    return [_try(read, recipient, batch, window) for recipient in batch.recipients]


def _try(read: "_Reader", recipient: object, batch: Batch, window: Window) -> Row | Refused:
    if not isinstance(recipient, dict):
        return Malformed(not_of_type(recipient, "object"))
    try:
        return read(recipient, batch, window)
    except Malformed as refusal:
        return refusal


def _read_email(recipient: Body, batch: Batch, window: Window) -> Row:
    read = read_fields(recipient, _EMAIL, required=("email_address",), window=window)
    check_files(read)
    wanted = NewMessage(
        channel=Channel.EMAIL,
        recipient=read["email_address"],
        recipient_as_given=str(recipient["email_address"]),
        number=None,
        template_id=batch.template_id,
        personalisation=read.get("personalisation") or {},
        untrusted=batch.shared.get("sanitise_content_for", frozenset()),
        reference=read.get("reference"),
        sender_id=batch.shared.get("email_reply_to_id"),
        unsubscribe_url=read.get("one_click_unsubscribe_url"),
        scheduled_for=batch.shared.get("scheduled_for"),
    )
    return Row(wanted, read.get("language", "en"))


def _read_text_message(recipient: Body, batch: Batch, window: Window) -> Row:
    read = read_fields(recipient, _TEXT_MESSAGE, required=("phone_number",), window=window)
    number = read["phone_number"]
    wanted = NewMessage(
        channel=Channel.SMS,
        recipient=number.digits,
        recipient_as_given=str(recipient["phone_number"]),
        number=number,
        template_id=batch.template_id,
        personalisation=read.get("personalisation") or {},
        untrusted=frozenset(),
        reference=read.get("reference"),
        sender_id=batch.shared.get("sms_sender_id"),
        unsubscribe_url=None,
        scheduled_for=batch.shared.get("scheduled_for"),
    )
    return Row(wanted, read.get("language", "en"))


def _recipients(value: object, window: Window) -> Sequence[object]:
    if not isinstance(value, list):
        raise Fault(not_of_type(value, "array"))
    if not 1 <= len(value) <= MOST_RECIPIENTS:
        raise Fault(f"must be 1 to {MOST_RECIPIENTS}; there are {len(value)}")
    return value


def _language(value: object, window: Window) -> Shown:
    found = LANGUAGES.get(value) if isinstance(value, str) else None
    if found is None:
        raise Fault(f"{value} is not one of [en, cy, both]")
    return found


_Reader = Callable[[Body, Batch, Window], Row]
_READERS: Mapping[Channel, _Reader] = {Channel.EMAIL: _read_email, Channel.SMS: _read_text_message}
_BATCH: Mapping[str, Field] = {
    "template_id": fields.identifier,
    "recipients": _recipients,
    "scheduled_for": fields.schedule,
    "email_reply_to_id": fields.identifier,
    "sms_sender_id": fields.identifier,
    "sanitise_content_for": fields.names,
}
_COMMON: Mapping[str, Field] = {
    "personalisation": fields.values,
    "reference": fields.reference,
    "language": _language,
}
_EMAIL: Mapping[str, Field] = {
    "email_address": fields.email_address,
    **_COMMON,
    "one_click_unsubscribe_url": fields.https_address,
}
_TEXT_MESSAGE: Mapping[str, Field] = {"phone_number": fields.phone_number, **_COMMON}
