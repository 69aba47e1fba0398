"""Texts that residents sent, and the numbers that they sent them to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.queries.receipt_accounts import find_platform

PAGE = 250
CONVERSATIONS = 50
RECEIVED = "guildhall.notify.received-text"


class ReceivedTextNotFound(NotFound):
    """The service received no such text, or does not keep it any more."""


@dataclass(frozen=True, slots=True)
class ReceivedTextView:
    """A text that somebody sent to a service."""

    id: UUID
    notify_service_id: NotifyServiceId
    user_number: str
    notify_number: str
    content: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """Whose number it is."""

    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId


def find_owner_of_number(number: str, *, account: OrganisationId) -> NumberOwner | None:
    """Return whose number it is, or None; ``number`` as it is dialled.

    ``account`` is whose account with a provider brings a text for it: a council's own accounts bring texts to that
    council's numbers, the installation's to the numbers that operators gave out, in whatever council.
    """
    if account == find_platform():
        return _find_owner_anywhere(number)
    with acting_for(account), reading():
        service_id = own_rows(models.InboundNumber).filter(number=number).values_list("notify_service_id", flat=True)
        found = service_id.first()
    return NumberOwner(account, NotifyServiceId(found)) if found else None


@reading
def _find_owner_anywhere(number: str) -> NumberOwner | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id, notify_service_id FROM notify_owner_of_number(%s)", [number])
        row = cursor.fetchone()
    return NumberOwner(*row) if row else None


@reading
def list_inbound_numbers(*, of: NotifyServiceId) -> Sequence[str]:
    """Return the numbers that residents may text a service at."""
    rows = own_rows(models.InboundNumber).filter(notify_service_id=of).order_by("number")
    return list(rows.values_list("number", flat=True))


@reading
def list_received_texts(*, of: NotifyServiceId, older_than: UUID | None = None) -> Sequence[ReceivedTextView]:
    """Return up to 250 texts that a service received, the newest first: the last ones, or those before one of them."""
    rows = own_rows(models.ReceivedText).filter(notify_service_id=of)
    if older_than is not None:
        if not rows.filter(id=older_than).exists():
            return []
        rows = rows.filter(id__lt=older_than)
    return [_view_of(row) for row in rows.order_by("-id")[:PAGE]]


@reading
def get_received_text(text_id: UUID, *, of: NotifyServiceId) -> ReceivedTextView:
    """Return one text that a service received.

    :raises ReceivedTextNotFound: it received none with this id.
    """
    row = own_rows(models.ReceivedText).filter(notify_service_id=of, id=text_id).first()
    if row is None:
        raise ReceivedTextNotFound("there is no such text")
    return _view_of(row)


@reading
def list_texts_from(user_number: str, *, of: NotifyServiceId, size: int = PAGE) -> Sequence[ReceivedTextView]:
    """Return what somebody wrote to a service lately, the newest first."""
    rows = own_rows(models.ReceivedText).filter(notify_service_id=of, user_number=user_number)
    return [_view_of(row) for row in rows.order_by("-id")[:size]]


@reading
def list_conversations(*, of: NotifyServiceId, page: int = 1, size: int = CONVERSATIONS) -> Page[ReceivedTextView]:
    """Return a page of the people who wrote to a service, by the last text of each, the newest first."""
    rows = own_rows(models.ReceivedText).filter(notify_service_id=of)
    last = rows.order_by("user_number", "-id").distinct("user_number").values("id")
    total, start = last.count(), (page - 1) * size
    shown = rows.filter(id__in=last).order_by("-id")[start : start + size]
    return Page([_view_of(row) for row in shown], page, size, total)


def hide_content(content: str) -> bytes:
    """Return what is kept of what somebody wrote."""
    return secrets.encrypt(content.encode("utf-8", "replace"), RECEIVED)


def _view_of(row: models.ReceivedText) -> ReceivedTextView:
    return ReceivedTextView(
        id=row.id,
        notify_service_id=NotifyServiceId(row.notify_service_id),
        user_number=row.user_number,
        notify_number=row.notify_number,
        content=secrets.decrypt(bytes(row.content), RECEIVED).decode(),
        received_at=row.received_at,
    )
