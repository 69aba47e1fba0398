"""One message that an officer sends from the screen."""

from datetime import datetime

from django.db import connection

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction
from guildhall.notify import models
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations.accepting import NewMessage, Prepared, count_today, prepare, write_prepared
from guildhall.notify.operations.accepting.within_cap import stay_within_cap
from guildhall.notify.queries.remembered import known_service
from guildhall.notify.queries.services import NotifyServiceView
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.operations import Subject, record_audit


def prepare_one(
    wanted: NewMessage, *, service: NotifyServiceView, language: Shown, sent_by: str, now: datetime
) -> Prepared:
    """Find out how an officer's message will read and what it uses. Nothing is sent, counted or written.

    :raises ChannelNotAllowed: the service may not send messages of this channel.
    :raises InTrial: the service is in trial mode, and the recipient is neither of its team nor its guest.
    :raises PlaceholdersMissing: a value is missing; ``accepting.preparing`` has what else can be wrong.
    """
    sender = known_service(service.id)
    return prepare(wanted, sender=sender, kind=KeyKind.LIVE, key_id=None, now=now, language=language, sent_by=sent_by)


def send_one(prepared: Prepared, *, once_key: str, actor: PersonId, now: datetime) -> MessageId:
    """Send an officer's message, and return its id. The same ``once_key`` sends it once, however often it is asked for.

    :raises DayIsUsedUp: the service has sent today's messages.
    :raises CapReached: the service's money is used up, and the template is none for emergencies.
    """
    sent_before = _find(once_key)
    if sent_before is not None:
        return sent_before
    count_today(prepared, now=now)
    return _write(prepared, once_key, actor, now)


@transaction
def _write(prepared: Prepared, once_key: str, actor: PersonId, now: datetime) -> MessageId:
    first = _claim(once_key, prepared.id)
    if first == prepared.id:
        stay_within_cap(prepared, now=now)
        write_prepared([prepared])
        subject = Subject("message", prepared.id, prepared.template.name, prepared.service.id)
        details = {"channel": str(prepared.template.channel)}
        record_audit("message.sent", subject, actor=actor, now=now, details=details)
    return first


@reading
def _find(once_key: str) -> MessageId | None:
    row = own_rows(models.SentOnce).filter(key=once_key).first()
    return MessageId(row.message_id) if row else None


@part_of_a_transaction
def _claim(once_key: str, message_id: MessageId) -> MessageId:
    """Return the id under which the message is sent: ours, or the one of whoever was first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_sentonce (id, key, message_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [new_id(), once_key, message_id],
        )
        if cursor.rowcount:
            return message_id
    return MessageId(own_rows(models.SentOnce).get(key=once_key).message_id)
