"""Emails that go into their readers' accounts instead, where the service offers that and the reader has chosen it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.transaction import on_commit

from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations.outgoing import written
from guildhall.notify.ports import Outcome, Outgoing, find_accounts
from guildhall.notify.queries.account_messages import get_account_message
from guildhall.notify.queries.remembered import forget_services, sender_of
from guildhall.organisations.operations import Subject, record_audit

CARRIER = "account"
"""What a message's row names as its provider when it went into an account."""


def carry_to_accounts(emails: Sequence[Outgoing], *, now: datetime) -> frozenset[MessageId]:
    """Put into their accounts what goes there, for good, and return which emails that were.

    Costs nothing where no service offers it. A message that is there already stays as it is. One that cannot be written
    is left to whoever sends it by email, and finds the same.
    """
    offered = [each for each in emails if sender_of(each.organisation_id, each.notify_service_id).writes_to_accounts]
    accounts = find_accounts().who_read_there({each.recipient for each in offered}) if offered else {}
    rows = [_row(each, accounts[each.recipient], now) for each in offered if each.recipient in accounts]
    carried = [row for row in rows if isinstance(row, models.AccountMessage)]
    if carried:
        _write(carried)
    return frozenset(MessageId(row.id) for row in carried)


def mark_read(message_id: MessageId, *, of: PersonId, now: datetime) -> None:
    """Note that a resident has opened a message.

    :raises NoSuchAccountMessage: they have none with this id.
    """
    message = get_account_message(message_id, of=of)
    with acting_for(message.organisation_id), transaction():
        own_rows(models.AccountMessage).filter(id=message_id, resident_id=of, read_at=None).update(read_at=now)


@transaction
def offer_accounts(notify_service_id: NotifyServiceId, is_offered: bool, *, actor: PersonId, now: datetime) -> None:
    """Let readers get a service's emails in their account if they have chosen that, or always by email again.

    :raises NotFound: the council has no such service.
    """
    on_commit(forget_services)
    if not own_rows(models.NotifyService).filter(id=notify_service_id).update(writes_to_accounts=is_offered):
        raise NotFound("there is no such notify service")
    action = "accounts.offered" if is_offered else "accounts.not_offered"
    subject = Subject("notify_service", notify_service_id, service_id=notify_service_id)
    record_audit(action, subject, actor=actor, now=now)


@transaction
def _write(rows: Sequence[models.AccountMessage]) -> None:
    models.AccountMessage.objects.bulk_create(rows, ignore_conflicts=True)


def _row(message: Outgoing, resident_id: UUID, now: datetime) -> models.AccountMessage | Outcome:
    return written(lambda: _written(message, resident_id, now), name=str(message.message_id))


def _written(message: Outgoing, resident_id: UUID, now: datetime) -> models.AccountMessage:
    email = write_email(message.words.subject, message.words.body, message.given)
    return models.AccountMessage(
        id=message.message_id,
        organisation_id=message.organisation_id,
        notify_service_id=message.notify_service_id,
        resident_id=resident_id,
        sender_name=message.sender_name,
        subject=email.subject,
        body=email.plain_text,
        language=message.language,
        arrived_at=now,
    )
