"""Who sends: the current council's notify services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_document import EmailLook
from guildhall.notify.domain.ids import NotifyServiceId, SenderAddressId
from guildhall.notify.domain.sender import email_local_part
from guildhall.organisations import queries as organisations


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
class EmailBrand:
    """How a service's emails look around their words."""

    shows_logo: bool = False
    logo_alt: str = ""
    colour: str = ""
    is_banner: bool = False
    logo_url: str = ""


@dataclass(frozen=True, slots=True)
class KeptFor:
    """How many days messages of each channel are kept."""

    emails: int = 7
    texts: int = 7
    letters: int = 7


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
    letters_a_day: int | None = None
    may_send: frozenset[Channel] = frozenset(Channel)
    may_send_letters_abroad: bool = False
    email_sender_name: str = ""
    email_local_part: str = ""
    brand: EmailBrand = EmailBrand()
    kept_for: KeptFor = KeptFor()
    files_contact: str = ""
    writes_to_accounts: bool = False
    heeds_schedules: bool = False
    live_asked_at: datetime | None = None
    live_asked_by: str = ""

    @property
    def from_name(self) -> str:
        """Who the service's emails say they are from."""
        return self.email_sender_name or self.name

    @property
    def from_local_part(self) -> str:
        """What stands before the @ in the service's address."""
        return self.email_local_part or email_local_part(self.name)

    @property
    def look(self) -> EmailLook:
        """What stands above the words of the service's emails."""
        brand = self.brand
        return EmailLook(brand.logo_url, brand.logo_alt, brand.colour, brand.is_banner)

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
        letters_a_day=row.letters_a_day,
        may_send=_channels_of(row),
        may_send_letters_abroad=row.may_send_letters_abroad,
        email_sender_name=row.email_sender_name,
        email_local_part=row.email_local_part,
        brand=_brand_of(row),
        kept_for=KeptFor(row.emails_kept_for, row.texts_kept_for, row.letters_kept_for),
        files_contact=row.files_contact,
        writes_to_accounts=row.writes_to_accounts,
        heeds_schedules=row.heeds_schedules,
        live_asked_at=row.live_asked_at,
        live_asked_by=row.live_asked_by,
    )


def _brand_of(row: models.NotifyService) -> EmailBrand:
    logo_url = ""
    if row.shows_logo:
        council = organisations.get_council_by_id(OrganisationId(row.organisation_id))
        logo_url = settings.BASE_URL + council.brand.logo_url if council.brand.logo_url else ""
    return EmailBrand(row.shows_logo, row.logo_alt, row.brand_colour, row.brand_is_banner, logo_url)


def _channels_of(row: models.NotifyService) -> frozenset[Channel]:
    may_send = {
        Channel.EMAIL: row.may_send_emails,
        Channel.SMS: row.may_send_texts,
        Channel.LETTER: row.may_send_letters,
    }
    return frozenset(channel for channel, is_allowed in may_send.items() if is_allowed)
