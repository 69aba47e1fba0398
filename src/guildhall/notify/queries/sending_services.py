"""The council's services that send messages, found by the address that officers see."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.transactions import reading
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.queries.services import NotifyServiceView, get_notify_service, list_notify_services
from guildhall.organisations import queries as organisations


@dataclass(frozen=True, slots=True)
class SendingService:
    """One of the council's services with the part of it that sends. ``slug`` is its address."""

    slug: str
    name: Text
    sender: NotifyServiceView

    @property
    def id(self) -> NotifyServiceId:
        return self.sender.id


@dataclass(frozen=True, slots=True)
class SilentService:
    """One of the council's services that sends nothing yet."""

    id: ServiceId
    slug: str
    name: Text


@reading
def get_sending_service(slug: str) -> SendingService:
    """Return the current council's service at an address, with the part of it that sends.

    :raises ServiceNotFound: the council has no service there.
    :raises NotifyServiceNotFound: the service sends nothing.
    """
    service = organisations.get_service(slug)
    return SendingService(service.slug, service.name, get_notify_service(NotifyServiceId(service.id)))


@reading
def list_sending_services() -> Sequence[SendingService]:
    """Return the current council's services that send messages, by the name they send under."""
    services = {NotifyServiceId(service.id): service for service in organisations.list_services()}
    return [
        SendingService(services[sender.id].slug, services[sender.id].name, sender)
        for sender in list_notify_services()
        if sender.id in services
    ]


@reading
def list_silent_services() -> Sequence[SilentService]:
    """Return the current council's services that send nothing yet, by name."""
    sending = {sender.id for sender in list_notify_services()}
    return [
        SilentService(service.id, service.slug, service.name)
        for service in organisations.list_services()
        if service.id not in sending
    ]
