"""What a resident reads in their account, of every council."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.kernel.ids import OrganisationId, PersonId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.tenancy import acting_as_resident
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import MessageId

PAGE = 20


class NoSuchAccountMessage(NotFound):
    """The resident has no such message."""


@dataclass(frozen=True, slots=True)
class AccountMessageView:
    """A message in a resident's account. ``body`` is plain text."""

    id: MessageId
    organisation_id: OrganisationId
    sender_name: str
    subject: str
    body: str
    language: str
    arrived_at: datetime
    is_read: bool


def list_account_messages(resident: PersonId, *, page: int = 1) -> Page[AccountMessageView]:
    """Return a page of a resident's messages of all councils, the newest first."""
    with acting_as_resident(resident), reading():
        rows = models.AccountMessage.objects.filter(resident_id=resident).order_by("-arrived_at", "-id")
        start = (page - 1) * PAGE
        return Page([_view_of(row) for row in rows[start : start + PAGE]], page, PAGE, rows.count())


def count_unread(resident: PersonId) -> int:
    """Return how many messages a resident has not opened yet."""
    with acting_as_resident(resident), reading():
        return models.AccountMessage.objects.filter(resident_id=resident, read_at=None).count()


def get_account_message(message_id: MessageId, *, of: PersonId) -> AccountMessageView:
    """Return one of a resident's messages.

    :raises NoSuchAccountMessage: they have none with this id.
    """
    with acting_as_resident(of), reading():
        row = models.AccountMessage.objects.filter(resident_id=of, id=message_id).first()
        if row is None:
            raise NoSuchAccountMessage("there is no such message")
        return _view_of(row)


def _view_of(row: models.AccountMessage) -> AccountMessageView:
    return AccountMessageView(
        id=MessageId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        sender_name=row.sender_name,
        subject=row.subject,
        body=row.body,
        language=row.language,
        arrived_at=row.arrived_at,
        is_read=row.read_at is not None,
    )
