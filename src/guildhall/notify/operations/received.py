"""Texts that residents send: kept for the service whose number they wrote to."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.callbacks import Kind, inbound_sms
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.received_text import (
    IncomingText,
    content_as_kept,
    number_as_dialled,
    sender_as_kept,
    what_tells_it_apart,
)
from guildhall.notify.operations.callbacks import News, queue_news
from guildhall.notify.queries.received import NumberOwner, find_owner_of_number, hide_content
from guildhall.organisations.operations import Subject, record_audit

log = structlog.get_logger(__name__)


class NumberTaken(Conflict):
    """Another service receives what is sent to this number."""


class NotANumberToText(Invalid):
    """A number that can be texted has from 3 to 15 digits."""


@dataclass(frozen=True, slots=True)
class Given:
    """A number that a service receives texts for: of its council's own provider, or of the installation's too."""

    service_id: NotifyServiceId
    number: str
    is_of_installation: bool

    @property
    def names(self) -> Mapping[str, UUID | str]:
        """What names the number as this service's own."""
        return {"notify_service_id": self.service_id, "number": self.number}


def receive_text(text: IncomingText, *, account: OrganisationId, now: datetime) -> bool:
    """Keep a text for the service whose number it was sent to, durably and once; return whether there is one.

    ``account`` is the organisation whose account with the provider it came to. A council's own account brings texts to
    that council's numbers, the installation's to those that an operator gave out. A text to a number of nobody's is
    forgotten.
    """
    number = number_as_dialled(text.to)
    owner = find_owner_of_number(number, account=account)
    if owner is None:
        log.warning("text_to_a_number_of_nobody", number=number, provider=text.provider)
        return False
    with acting_for(owner.organisation_id):
        _keep(text, number, owner, now)
    return True


def give_number(service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> str:
    """Let a service of the current council receive what its council's own accounts bring for a number.

    Returns the number as it is dialled. Saying it again changes nothing. What the installation's accounts bring for the
    number goes to whom an operator gave it: no council takes another's by naming it.

    :raises NumberTaken: another service of the council has it.
    :raises NotANumberToText: nobody could text it.
    """
    return _give(Given(service_id, _dialled(number), is_of_installation=False), actor=actor, now=now)


def give_installations_number(service_id: NotifyServiceId, number: str, *, actor: PersonId, now: datetime) -> str:
    """Let a service of the current council receive what the installation's accounts bring for a number, too.

    :raises NumberTaken: another service has it.
    :raises NotANumberToText: nobody could text it.
    """
    return _give(Given(service_id, _dialled(number), is_of_installation=True), actor=actor, now=now)


def _dialled(number: str) -> str:
    dialled = number_as_dialled(number)
    if not 3 <= len(dialled) <= 15:
        raise NotANumberToText("a number that can be texted has from 3 to 15 digits")
    return dialled


@transaction
def take_number_away(service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> None:
    """Forget from now on what is sent to a number of one of the council's services. Saying it again changes nothing."""
    if own_rows(models.InboundNumber).filter(notify_service_id=service_id, number=number).delete()[0]:
        _audit("number.taken_away", service_id, number, actor=actor, now=now)


@transaction
def _give(given: Given, *, actor: PersonId | None, now: datetime) -> str:
    own = own_rows(models.InboundNumber).filter(**given.names)
    if given.is_of_installation:
        own.filter(is_of_installation=False).delete()
    if _is_new(given):
        _audit("number.given", given.service_id, given.number, actor=actor, now=now)
    elif not own.exists():
        raise NumberTaken("another service receives what is sent to this number")
    return given.number


@part_of_a_transaction
def _is_new(given: Given) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, {"id": new_id(), "is_of_installation": given.is_of_installation, **given.names})
        return bool(cursor.rowcount)


@part_of_a_transaction
def _audit(action: str, service_id: NotifyServiceId, number: str, *, actor: PersonId | None, now: datetime) -> None:
    subject = Subject("notify_service", service_id, service_id=service_id)
    record_audit(action, subject, actor=actor, now=now, details={"number": number})


@transaction
def _keep(text: IncomingText, number: str, owner: NumberOwner, now: datetime) -> None:
    """Keep a text, and tell the service's program of it, unless it was kept before."""
    text_id, sender, content = new_id(), sender_as_kept(text.sender), content_as_kept(text.content)
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
    return hashlib.sha256("\0".join(what_tells_it_apart(text)).encode("utf-8", "surrogatepass")).digest()


_GIVE = """
INSERT INTO notify_inboundnumber (id, number, notify_service_id, is_of_installation)
VALUES (%(id)s, %(number)s, %(notify_service_id)s, %(is_of_installation)s)
ON CONFLICT DO NOTHING
"""
_KEEP = """
INSERT INTO notify_receivedtext (id, notify_service_id, user_number, notify_number, content, provider, sent_at,
    received_at, digest)
VALUES (%(id)s, %(notify_service_id)s, %(user_number)s, %(notify_number)s, %(content)s, %(provider)s, %(sent_at)s,
    %(received_at)s, %(digest)s)
ON CONFLICT DO NOTHING
"""
