"""Who sends: the current council's notify services."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, SenderAddressId


class NotifyServiceNotFound(NotFound):
    """The council has no such notify service."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What messages of a service may say they are from."""

    id: SenderAddressId
    channel: Channel
    address: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class NotifyServiceView:
    """A notify service with what decides what it may send."""

    id: NotifyServiceId
    organisation_id: OrganisationId
    name: str
    is_default: bool
    is_live: bool
    is_active: bool
    prefixes_texts: bool
    may_text_abroad: bool
    may_text_landlines: bool
    guests: frozenset[str]
    requests_a_minute: int
    emails_a_day: int | None
    texts_a_day: int | None
    texts_abroad_a_day: int
    senders: tuple[Sender, ...]

    @property
    def prefix(self) -> str | None:
        """What stands in front of the service's texts."""
        return self.name if self.prefixes_texts else None

    def find_sender(self, sender_id: UUID, channel: Channel) -> Sender | None:
        return next((each for each in self.senders if each.id == sender_id and each.channel is channel), None)

    def find_default_sender(self, channel: Channel) -> Sender | None:
        return next((each for each in self.senders if each.channel is channel and each.is_default), None)


@reading
def get_notify_service(notify_service_id: NotifyServiceId) -> NotifyServiceView:
    """Return one of the current council's notify services.

    :raises NotifyServiceNotFound: it has none with this id.
    """
    row = models.NotifyService.objects.filter(id=notify_service_id).first()
    if row is None:
        raise NotifyServiceNotFound("there is no such notify service")
    return _view_of(row)


@reading
def get_default_notify_service() -> NotifyServiceView:
    """Return the notify service that sends what the council itself says.

    :raises NotifyServiceNotFound: the council sends nothing yet.
    """
    row = models.NotifyService.objects.filter(is_default=True).first()
    if row is None:
        raise NotifyServiceNotFound("the council has no notify service yet")
    return _view_of(row)


@reading
def list_notify_services() -> Sequence[NotifyServiceView]:
    """Return the current council's notify services by name."""
    return [_view_of(row) for row in models.NotifyService.objects.order_by("name", "id")]


def _view_of(row: models.NotifyService) -> NotifyServiceView:
    senders = models.SenderAddress.objects.filter(notify_service_id=row.id).order_by("-is_default", "address")
    return NotifyServiceView(
        id=NotifyServiceId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        name=row.name,
        is_default=row.is_default,
        is_live=row.is_live,
        is_active=row.is_active,
        prefixes_texts=row.prefixes_texts,
        may_text_abroad=row.may_text_abroad,
        may_text_landlines=row.may_text_landlines,
        guests=frozenset((*row.guest_emails, *row.guest_phones)),
        requests_a_minute=row.requests_a_minute,
        emails_a_day=row.emails_a_day,
        texts_a_day=row.texts_a_day,
        texts_abroad_a_day=row.texts_abroad_a_day,
        senders=tuple(
            Sender(SenderAddressId(each.id), Channel(each.channel), each.address, each.is_default) for each in senders
        ),
    )
