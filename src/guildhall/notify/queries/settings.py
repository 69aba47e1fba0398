"""What a service's settings show beside what messages need: how far it has come, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.audiences import Role
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.settings import Readiness
from guildhall.notify.queries.services import get_notify_service
from guildhall.notify.queries.templates import list_templates
from guildhall.organisations import queries as organisations

_LARGEST_TEAM = 10_000
_MANAGERS = frozenset({Role.OWNER, Role.SERVICE_MANAGER})


class ReplyToCheckNotFound(NotFound):
    """There is no such check, or it was answered or withdrawn."""


@dataclass(frozen=True, slots=True)
class ReplyToCheckView:
    """A reply-to address that waits to be confirmed."""

    id: UUID
    notify_service_id: NotifyServiceId
    address: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Guests:
    """Whom, beside its team, a service may write to in trial mode and with team keys."""

    emails: Sequence[str]
    phones: Sequence[str]


@reading
def get_readiness(service_id: NotifyServiceId) -> Readiness:
    """Return how far a service has come towards leaving trial mode.

    :raises NotifyServiceNotFound: the council has no such notify service.
    """
    service = get_notify_service(service_id)
    members = organisations.list_members(size=_LARGEST_TEAM).rows
    return Readiness(
        managers=sum(1 for member in members if not member.roles.isdisjoint(_MANAGERS)),
        templates=frozenset(each.channel for each in list_templates(of=service_id) if each.key is None),
        senders=frozenset(sender.channel for sender in service.senders),
    )


@reading
def get_guests(service_id: NotifyServiceId) -> Guests:
    """Return a service's guest list, as it is compared."""
    row = own_rows(models.NotifyService).get(id=service_id)
    return Guests(tuple(row.guest_emails), tuple(row.guest_phones))


@reading
def list_reply_to_checks(*, of: NotifyServiceId) -> Sequence[ReplyToCheckView]:
    """Return the addresses that wait to be confirmed, the latest first."""
    rows = own_rows(models.ReplyToCheck).filter(notify_service_id=of, confirmed_at=None)
    return [_view_of(row) for row in rows.order_by("-asked_at", "id")]


@reading
def get_reply_to_check(check_id: UUID, *, of: NotifyServiceId) -> ReplyToCheckView:
    """Return a check that waits for its answer.

    :raises ReplyToCheckNotFound: there is none.
    """
    row = own_rows(models.ReplyToCheck).filter(id=check_id, notify_service_id=of, confirmed_at=None).first()
    if row is None:
        raise ReplyToCheckNotFound("there is no such address to confirm")
    return _view_of(row)


def _view_of(row: models.ReplyToCheck) -> ReplyToCheckView:
    return ReplyToCheckView(row.id, NotifyServiceId(row.notify_service_id), row.address, row.asked_by, row.asked_at)
