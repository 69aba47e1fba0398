"""Texts that residents send: kept for the service whose number they wrote to."""

import hashlib
from datetime import datetime
from typing import Any

import structlog
from django.db import connection
from django.db.utils import IntegrityError

from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.callbacks import Kind, inbound_sms
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.received_text import IncomingText, number_as_dialled, sender_as_kept
from guildhall.notify.operations.callbacks import News, queue_news
from guildhall.notify.queries.receipt_accounts import find_platform
from guildhall.notify.queries.received import NumberOwner, find_owner_of_number, hide_content
from guildhall.organisations.operations import Subject, record_audit

log = structlog.get_logger(__name__)


class NumberTaken(Conflict):
    """Another service receives what is sent to this number."""


class NotANumberToText(Invalid):
    """A number that can be texted has from 3 to 15 digits."""


def receive_text(text: IncomingText, *, account: OrganisationId, now: datetime) -> bool:
    """Keep a text for the service whose number it was sent to, durably and once; return whether there is one.

    ``account`` is the organisation whose account with the provider it came to. A council's own account brings texts to
    that council's numbers, the installation's to everybody's. A text to a number of nobody's is forgotten.
    """
    number = number_as_dialled(text.to)
    owner = find_owner_of_number(number)
    if owner is None or account not in (owner.organisation_id, find_platform()):
        log.warning("text_to_a_number_of_nobody", number=number, provider=text.provider)
        return False
    with acting_for(owner.organisation_id):
        _keep(text, number, owner, now)
    return True


def give_number(service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> str:
    """Let a service of the current council receive what is sent to a number; return it as it is dialled.

    Saying it again changes nothing.

    :raises NumberTaken: another service has it.
    :raises NotANumberToText: nobody could text it.
    """
    dialled = number_as_dialled(number)
    if not 3 <= len(dialled) <= 15:
        raise NotANumberToText("a number that can be texted has from 3 to 15 digits")
    try:
        _give(service_id, dialled, actor=actor, now=now)
    except IntegrityError as fault:
        owner = find_owner_of_number(dialled)
        if owner is None or owner.notify_service_id != service_id:
            raise NumberTaken("another service receives what is sent to this number") from fault
    return dialled


@transaction
def take_number_away(service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> None:
    """Forget from now on what is sent to a number of one of the council's services. Saying it again changes nothing."""
    if own_rows(models.InboundNumber).filter(notify_service_id=service_id, number=number).delete()[0]:
        _audit("number.taken_away", service_id, number, actor=actor, now=now)


@transaction
def _give(service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> None:
    models.InboundNumber.objects.create(number=number, notify_service_id=service_id)
    _audit("number.given", service_id, number, actor=actor, now=now)


@part_of_a_transaction
def _audit(action: str, service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> None:
    subject = Subject("notify_service", service_id, service_id=service_id)
    record_audit(action, subject, actor=actor, now=now, details={"number": number})


@transaction
def _keep(text: IncomingText, number: str, owner: NumberOwner, now: datetime) -> None:
    """Keep a text, and tell the service's program of it, unless it was kept before."""
    text_id, sender, content = new_id(), sender_as_kept(text.sender), text.content.replace("\0", "")
    facts: dict[str, Any] = {
        "id": text_id,
        "notify_service_id": owner.notify_service_id,
        "user_number": sender,
        "notify_number": number,
        "content": hide_content(content),
        "provider": text.provider,
        "sent_at": text.sent_at,
        "received_at": now,
        "digest": _digest(text),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, facts)
        is_new = bool(cursor.rowcount)
    if is_new:
        told = inbound_sms(text_id, source=sender, destination=number, message=content, received_at=now)
        queue_news([News(owner.organisation_id, owner.notify_service_id, Kind.INBOUND_SMS, text_id, told)])


def _digest(text: IncomingText) -> bytes:
    """Tell a text from any other by the provider's name for it and all that the provider says of it."""
    parts = (text.provider, text.name, text.to, text.sender, text.content, text.sent_at.isoformat())
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


_KEEP = """
INSERT INTO notify_receivedtext (id, notify_service_id, user_number, notify_number, content, provider, sent_at,
    received_at, digest)
VALUES (%(id)s, %(notify_service_id)s, %(user_number)s, %(notify_number)s, %(content)s, %(provider)s, %(sent_at)s,
    %(received_at)s, %(digest)s)
ON CONFLICT DO NOTHING
"""
