"""Accepting what programs send: checked against what is remembered, written together with others in one commit."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings
from psycopg import pq

from guildhall.kernel.group_commit import GroupCommit
from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import usage_rows_sql
from guildhall.notify.domain.delivery import ALWAYS_SIMULATED, Channel
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.domain.personalisation import Personalisation, missing_names
from guildhall.notify.domain.phone_number import PhoneNumber, check_may_be_sent_to
from guildhall.notify.domain.rates import LIVE_MESSAGES_A_DAY, counted_as, messages_a_day
from guildhall.notify.domain.sanitising import Sanitised, sanitise_values
from guildhall.notify.domain.template import Words, fill_email, fill_text, says_nothing
from guildhall.notify.operations.limits import check_day, take_of_day, take_request
from guildhall.notify.operations.own_messages import USE, PlaceholdersMissing
from guildhall.notify.queries.messages import hide_personalisation
from guildhall.notify.queries.remembered import Caller, current_template
from guildhall.notify.queries.services import NotifyServiceView
from guildhall.notify.queries.templates import TemplateView
from guildhall.organisations.domain.keys import KeyKind


class TemplateDeleted(Conflict):
    """The template was put away."""


class WrongChannel(Conflict):
    """The template is for another channel than the message."""

    def __init__(self, template: Channel, wanted: Channel) -> None:
        super().__init__(f"{template} template is not suitable for {wanted} notification")


class MessageEmpty(Invalid):
    """The words came out empty."""


class MessageTooLong(Invalid):
    """The message is longer than its channel carries. ``length`` is in characters of a text, bytes of an email."""

    def __init__(self, channel: Channel, length: int) -> None:
        super().__init__(f"the message is too long: {length}")
        self.channel, self.length = channel, length


class SenderUnknown(NotFound):
    """The service has no such reply-to address or sender name."""

    def __init__(self, channel: Channel, sender_id: UUID, service_id: UUID) -> None:
        super().__init__(f"there is no sender {sender_id} of service {service_id}")
        self.channel, self.sender_id, self.service_id = channel, sender_id, service_id


class NotOfTheTeam(Forbidden):
    """The key writes to the team and its guests only."""


class InTrial(Forbidden):
    """The service is in trial mode and writes to its team and guests only."""


class FilesNotSetUp(Forbidden):
    """A value is a file, and the service has not said whom to ask about its files."""

    def __init__(self, service_id: UUID) -> None:
        super().__init__("sending files has not been set up")
        self.service_id = service_id


class FileByText(Invalid):
    """A value is a file, and the message is a text."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that somebody's program wants sent. ``number`` is the recipient's, for a text.

    ``untrusted`` names the values to sanitise.
    """

    channel: Channel
    recipient: str
    recipient_as_given: str
    number: PhoneNumber | None
    template_id: UUID
    personalisation: Mapping[str, object]
    untrusted: Collection[str]
    reference: str | None
    sender_id: UUID | None
    unsubscribe_url: str | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted, as it will be sent."""

    id: MessageId
    service: NotifyServiceView
    template: TemplateView
    subject: str | None
    body: str
    sender: str
    reference: str | None
    unsubscribe_url: str | None
    sanitised: Mapping[str, Sanitised]


@dataclass(frozen=True, slots=True)
class _Written:
    """The words of a message, how many units of which meter they use, and their length if that is too much."""

    subject: str | None
    body: str
    meter: Meter
    quantity: int
    too_long: int | None


def admit(caller: Caller, channel: Channel, *, now: datetime) -> None:
    """Let a request in, before it is read: within the minute's limit, and with some of the day's messages left.

    :raises TooManyRequests: the service has made this minute's requests with this kind of key.
    :raises DayIsUsedUp: the service has sent today's messages.
    """
    take_request(caller.service.view, caller.key.kind, now=now)
    check_day(caller.service.view, str(channel), _limit_of_day(caller, channel), now=now)


def accept(wanted: NewMessage, *, caller: Caller, now: datetime) -> Accepted:
    """Accept a message for delivery, durably, and count it as used. From here it is delivered or reported failed.

    Recipients for smoke tests are answered and forgotten. A message of a test key is kept and never delivered.

    :raises TemplateNotFound: the service has no such template; see the refusals above for what else can be wrong.
    :raises QueueFull: too much is waiting to be written; for a while ``WriterDown``.
    """
    service = caller.service.view
    values, sanitised = sanitise_values(wanted.personalisation, wanted.untrusted)
    template = current_template(service.organisation_id, service.id, wanted.template_id)
    written = _write(wanted, template, values, service)
    sender = _sender(wanted, service)
    _check_recipient(wanted, caller)
    accepted = Accepted(
        id=MessageId(new_id()),
        service=service,
        template=template,
        subject=written.subject,
        body=written.body,
        sender=sender,
        reference=wanted.reference,
        unsubscribe_url=wanted.unsubscribe_url,
        sanitised=sanitised,
    )
    if wanted.recipient in ALWAYS_SIMULATED:
        return accepted
    if _has_file(values):
        raise FilesNotSetUp(service.id)
    if written.too_long is not None:
        raise MessageTooLong(wanted.channel, written.too_long)
    _count_today(wanted, caller, now)
    _writer.submit(_row(accepted, wanted, written, values, caller, now))
    return accepted


def _write(
    wanted: NewMessage, template: TemplateView, values: Mapping[str, object], service: NotifyServiceView
) -> _Written:
    if template.channel is not wanted.channel:
        raise WrongChannel(template.channel, wanted.channel)
    if template.is_archived:
        raise TemplateDeleted("the template has been deleted")
    given, words = Personalisation(values), template.pair.english
    if missing := missing_names(words.names, given):
        raise PlaceholdersMissing(f"Missing personalisation: {', '.join(missing)}")
    if wanted.channel is Channel.SMS and _has_file(values):
        raise FileByText("a file goes by email only")
    return _WRITE[wanted.channel](words, given, service)


def _write_email(words: Words, given: Personalisation, service: NotifyServiceView) -> _Written:
    filled = fill_email(words, given)
    if says_nothing(words, filled.body):
        raise MessageEmpty("the message is empty")
    too_large = filled.size if filled.is_too_large else None
    return _Written(filled.subject, filled.body, Meter.EMAILS, 1, too_large)


def _write_text(words: Words, given: Personalisation, service: NotifyServiceView) -> _Written:
    sent = fill_text(words, given, prefix=service.prefix)
    if sent.is_empty:
        raise MessageEmpty("the message is empty")
    shown = fill_text(words, given, prefix=None) if service.prefix else sent
    too_long = sent.length_without_prefix if sent.is_too_long else None
    return _Written(None, shown.content, Meter.SMS_FRAGMENTS, sent.fragments, too_long)


_WRITE: Mapping[Channel, Callable[[Words, Personalisation, NotifyServiceView], _Written]] = {
    Channel.EMAIL: _write_email,
    Channel.SMS: _write_text,
}


def _sender(wanted: NewMessage, service: NotifyServiceView) -> str:
    if wanted.sender_id is not None:
        chosen = service.find_sender(wanted.sender_id, wanted.channel)
        if chosen is None:
            raise SenderUnknown(wanted.channel, wanted.sender_id, service.id)
        return chosen.address
    default = service.find_default_sender(wanted.channel)
    return default.address if default else ""


def _check_recipient(wanted: NewMessage, caller: Caller) -> None:
    service, kind = caller.service.view, caller.key.kind
    is_known = wanted.recipient in caller.service.team or wanted.recipient in service.guests
    if kind is KeyKind.TEAM and not is_known:
        raise NotOfTheTeam("the key writes to the team only")
    if kind is KeyKind.LIVE and not service.is_live and not is_known:
        raise InTrial("the service is in trial mode")
    if wanted.number is not None:
        check_may_be_sent_to(wanted.number, abroad=service.may_text_abroad, landlines=service.may_text_landlines)


def _has_file(values: Mapping[str, object]) -> bool:
    return any(isinstance(value, Mapping) and "file" in value for value in values.values())


def _limit_of_day(caller: Caller, channel: Channel) -> int:
    service = caller.service.view
    own = service.emails_a_day if channel is Channel.EMAIL else service.texts_a_day
    return LIVE_MESSAGES_A_DAY if caller.key.kind is KeyKind.TEST else messages_a_day(own, is_live=service.is_live)


def _count_today(wanted: NewMessage, caller: Caller, now: datetime) -> None:
    """Count the message against the day's limits. What a test key sends is not counted: nobody gets it."""
    if caller.key.kind is KeyKind.TEST:
        return
    service, is_abroad = caller.service.view, _is_charged_as_abroad(wanted.number)
    if is_abroad:
        abroad = counted_as(wanted.channel, is_abroad=True)
        take_of_day(service, abroad, service.texts_abroad_a_day, now=now)
    take_of_day(service, str(wanted.channel), _limit_of_day(caller, wanted.channel), now=now)


def _is_charged_as_abroad(number: PhoneNumber | None) -> bool:
    return number is not None and number.is_abroad and not number.is_crown_dependency


def _row(
    accepted: Accepted,
    wanted: NewMessage,
    written: _Written,
    values: Mapping[str, object],
    caller: Caller,
    now: datetime,
) -> bytes:
    """Return the message as the writer's statement reads it, with what to count: nothing for a test key."""
    number, is_test = wanted.number, caller.key.kind is KeyKind.TEST
    row = {
        "id": accepted.id,
        "accepted_at": now,
        "organisation_id": accepted.service.organisation_id,
        "notify_service_id": accepted.service.id,
        "template_id": accepted.template.id,
        "template_version": accepted.template.version,
        "channel": wanted.channel,
        "key_id": caller.key.id,
        "key_kind": caller.key.kind,
        "recipient": wanted.recipient,
        "recipient_as_given": wanted.recipient_as_given,
        "personalisation": f"\\x{hide_personalisation(values).hex()}",
        "reference": wanted.reference,
        "sender": accepted.sender,
        "unsubscribe_url": wanted.unsubscribe_url,
        "fragments": 0 if number is None else written.quantity,
        "rate_multiplier": 1 if number is None else number.rate_multiplier,
        "is_abroad": number is not None and number.is_abroad,
        "meter": written.meter,
        "quantity": 0 if is_test else written.quantity,
    }
    return msgspec.json.encode(row)


_COLUMNS = {
    "id": "uuid",
    "accepted_at": "timestamptz",
    "organisation_id": "uuid",
    "notify_service_id": "uuid",
    "template_id": "uuid",
    "template_version": "integer",
    "channel": "text",
    "key_id": "uuid",
    "key_kind": "text",
    "recipient": "text",
    "recipient_as_given": "text",
    "personalisation": "bytea",
    "reference": "text",
    "sender": "text",
    "unsubscribe_url": "text",
    "fragments": "smallint",
    "rate_multiplier": "smallint",
    "is_abroad": "boolean",
}
_STATEMENT = f"""
WITH wanted AS (
    SELECT * FROM json_to_recordset($1::json)
        AS row ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())}, meter text, quantity integer)
), used AS (
    SELECT organisation_id, '{USE}' AS source, id::text AS event_id, meter, quantity, rate_multiplier,
        notify_service_id AS service_id, accepted_at AS used_at
    FROM wanted WHERE quantity > 0
), counted AS ({usage_rows_sql("used")})
INSERT INTO notify_message ({", ".join(_COLUMNS)}, language, status, tries, next_try_at, provider,
    provider_reference, problem)
SELECT {", ".join(_COLUMNS)}, 'en', 'created', 0, accepted_at, '', '', '' FROM wanted ON CONFLICT DO NOTHING
"""  # noqa: S608 - names in our own code

_writer = GroupCommit(
    "messages",
    lambda: pq.PGconn.connect(settings.LOGIN_URLS["writer"].encode()),
    _STATEMENT.encode(),
)
