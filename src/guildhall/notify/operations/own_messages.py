"""What Guildhall's own modules send: receipts, news of a case, codes. It goes out exactly if its news is committed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection

from guildhall.contact.email_address import parse_email_address
from guildhall.contact.phone_number import parse_phone_number
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.kernel.visitor import Language
from guildhall.metering import operations as metering
from guildhall.metering.domain.meters import Meter
from guildhall.notify import models, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation, missing_names
from guildhall.notify.domain.template import Shown, Words, fill_text
from guildhall.notify.queries.messages import hide_personalisation

USE = "notify.message"


class PlaceholdersMissing(Invalid):
    """The template asks for words that the sender did not give."""


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """A message that one of our own modules wants sent, in one language or (None) in both.

    ``once_key`` names the occasion: the same occasion is told once, however often it is asked for.
    """

    notify_service_id: NotifyServiceId
    template_key: str
    channel: Literal["email", "sms"]
    to: str
    language: Language | None
    personalisation: Mapping[str, str]
    reference: str
    once_key: str
    resident_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class _Written:
    """A message's recipient, and how many units of which meter it uses."""

    recipient: str
    meter: Meter
    quantity: int
    rate_multiplier: int
    is_abroad: bool


@part_of_a_transaction
def send(wanted: OwnMessage, *, now: datetime) -> MessageId:
    """Send a message with the transaction that is open: it goes out exactly if that commits, and is counted as used.

    :raises TemplateNotFound: the service has no template of that key.
    :raises PlaceholdersMissing: the template asks for words that were not given.
    :raises NotAnEmailAddress: nobody can be written to at ``to``; for texts, ``NotAPhoneNumber``.
    """
    message_id = MessageId(new_id())
    first_id = _claim(wanted.once_key, message_id)
    if first_id != message_id:
        return first_id
    channel, language = Channel(wanted.channel), _shown(wanted.language)
    service = queries.get_notify_service(wanted.notify_service_id)
    template = queries.get_template_by_key(wanted.template_key, of=service.id)
    written = _write(wanted, channel, template.pair.shown(language, channel), prefix=service.prefix)
    sender = service.find_default_sender(channel)
    row = models.Message(
        template_id=template.id,
        template_version=template.version,
        channel=str(channel),
        language=language,
        sender=sender.address if sender else "",
        fragments=written.quantity if channel is Channel.SMS else 0,
    )
    _keep(row, wanted, written, message_id, now=now)
    return message_id


def _keep(row: models.Message, wanted: OwnMessage, written: _Written, message_id: MessageId, *, now: datetime) -> None:
    """Write the message down, to be delivered, and count what it uses."""
    row.id, row.accepted_at, row.next_try_at = message_id, now, now
    row.notify_service_id, row.key_kind = wanted.notify_service_id, "own"
    row.recipient, row.recipient_as_given = written.recipient, wanted.to
    row.personalisation = hide_personalisation(wanted.personalisation)
    row.reference, row.resident_id = wanted.reference, wanted.resident_id
    row.rate_multiplier, row.is_abroad = written.rate_multiplier, written.is_abroad
    row.save(force_insert=True)
    metering.record_use(
        source=USE,
        event_id=str(message_id),
        meter=written.meter,
        quantity=written.quantity,
        service_id=wanted.notify_service_id,
        at=now,
        rate_multiplier=written.rate_multiplier,
    )


def _shown(language: Language | None) -> Shown:
    return language or "both"


def _claim(once_key: str, message_id: MessageId) -> MessageId:
    """Return the id under which the occasion is told: ours, or the one that was first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_sentonce (id, key, message_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [new_id(), once_key, message_id],
        )
        if cursor.rowcount:
            return message_id
    return MessageId(models.SentOnce.objects.get(key=once_key).message_id)


def _write(wanted: OwnMessage, channel: Channel, words: Words, *, prefix: str | None) -> _Written:
    given = Personalisation(wanted.personalisation)
    if missing := missing_names(words.names, given):
        raise PlaceholdersMissing(f"{wanted.template_key} asks for {', '.join(missing)}")
    if channel is Channel.EMAIL:
        return _Written(parse_email_address(wanted.to), Meter.EMAILS, 1, 1, False)
    number = parse_phone_number(wanted.to)
    fragments = fill_text(words, given, prefix=prefix).fragments
    return _Written(number.digits, Meter.SMS_FRAGMENTS, fragments, number.rate_multiplier, number.is_abroad)
