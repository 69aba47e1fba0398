"""Letting a council's services send messages."""

from datetime import datetime

from django.db import connection
from django.db.transaction import on_commit
from django.utils.text import slugify

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import NotifyServiceId, SenderAddressId
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.queries.sending_services import SendingService, get_sending_service
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as organisations_asked

LONGEST_ADDRESS = 60
DEFAULT_SERVICE = organisations.NewService(
    slug="messages", name=Text("Messages", "Negeseuon"), summary=Text("What the council itself writes")
)


@part_of_a_transaction
def ensure_notify_service(service_id: ServiceId, name: str, *, is_live: bool = True) -> NotifyServiceId:
    """Let one of the current council's services send messages. The council's first one also sends its own.

    Saying it again changes nothing.

    :raises ServiceNotFound: the council has no such service.
    """
    if not models.NotifyService.objects.filter(id=service_id).exists():
        organisations_asked.get_service_by_id(service_id)
        _insert(service_id, name, is_live)
    return NotifyServiceId(service_id)


@transaction
def let_service_send(service_id: ServiceId, *, actor: PersonId, now: datetime) -> SendingService:
    """Let one of the current council's services send messages, in trial mode: to the team and its guests.

    :raises ServiceNotFound: the council has no such service.
    """
    service = organisations_asked.get_service_by_id(service_id)
    ensure_notify_service(service_id, service.name.en, is_live=False)
    subject = organisations.Subject("service", service_id, service.name.en, service_id)
    organisations.record_audit("notify_service.added", subject, actor=actor, now=now)
    return get_sending_service(service.slug)


@transaction
def add_sending_service(name: Text, *, actor: PersonId, now: datetime) -> SendingService:
    """Add a service to the current council that only sends messages, in trial mode.

    :raises AddressTaken: the council has a service of this name, or one that reads alike.
    :raises ReservedAddress: the name has no letters to make an address of, or stands for something else.
    """
    wanted = organisations.NewService(slug=slugify(name.en)[:LONGEST_ADDRESS].strip("-"), name=name)
    service = organisations.create_service_within(wanted, actor=actor, now=now)
    ensure_notify_service(ServiceId(service.id), name.en, is_live=False)
    return get_sending_service(service.slug)


def ensure_default_notify_service(name: str, *, now: datetime) -> NotifyServiceId:
    """Make sure that the current council can send what it says itself, and return the notify service that does."""
    with transaction():
        found = models.NotifyService.objects.filter(is_default=True).first()
    if found is not None:
        return NotifyServiceId(found.id)
    service = organisations.ensure_service(DEFAULT_SERVICE, actor=None, now=now)
    with transaction():
        return ensure_notify_service(service.id, name)


@part_of_a_transaction
def ensure_sender(
    sender_id: SenderAddressId, *, notify_service_id: NotifyServiceId, channel: Channel, address: str
) -> None:
    """Give a service its default reply-to address, or the name its texts show. Saying it again changes nothing."""
    on_commit(forget_services)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_senderaddress (id, notify_service_id, channel, address, is_default) "
            "VALUES (%s, %s, %s, %s, true) ON CONFLICT DO NOTHING",
            [sender_id, notify_service_id, str(channel), address],
        )


def _insert(service_id: ServiceId, name: str, is_live: bool) -> None:
    """Insert the row unless another transaction has just done so; only a council's first one is its default."""
    on_commit(forget_services)
    with connection.cursor() as cursor:
        for is_default in (True, False):
            cursor.execute(
                "INSERT INTO notify_notifyservice (id, name, is_default, is_live, is_active, prefixes_texts, "
                "may_text_abroad, may_text_landlines, guest_emails, guest_phones, requests_a_minute, "
                "texts_abroad_a_day) VALUES (%s, %s, %s, %s, true, true, false, false, '{}', '{}', 3000, 100) "
                "ON CONFLICT DO NOTHING",
                [service_id, name, is_default, is_live],
            )
