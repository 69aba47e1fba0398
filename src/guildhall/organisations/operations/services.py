"""What councils offer."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError
from django.db import transaction as savepoints

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.organisations import models, queries
from guildhall.organisations.domain.addresses import SERVICE_RESERVED, may_be_an_address
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.operations.councils import AddressTaken, ReservedAddress
from guildhall.organisations.queries import Service, ServiceNotFound
from guildhall.organisations.queries.services import service_of


@dataclass(frozen=True)
class NewService:
    """A service that a council is about to offer."""

    slug: str
    name: Text
    summary: Text = field(default_factory=lambda: Text(""))
    is_live: bool = False


@transaction
def create_service(new: NewService, *, actor: PersonId | str | None, now: datetime) -> Service:
    """Add a service to the current council.

    :raises ReservedAddress: the address cannot be a service's.
    :raises AddressTaken: the council has a service there already.
    """
    return create_service_within(new, actor=actor, now=now)


@part_of_a_transaction
def create_service_within(new: NewService, *, actor: PersonId | str | None, now: datetime) -> Service:
    """Add a service to the current council as a step of a larger piece of work; refusals as ``create_service``."""
    if new.slug in SERVICE_RESERVED or not may_be_an_address(new.slug):
        raise ReservedAddress(f"{new.slug!r} cannot be the address of a service")
    row = models.Service(
        slug=new.slug,
        name=new.name.en,
        name_cy=new.name.cy,
        summary=new.summary.en,
        summary_cy=new.summary.cy,
        created_at=now,
        live_since=now if new.is_live else None,
    )
    try:
        with savepoints.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise AddressTaken(f"this council has a service at {new.slug!r} already") from clash
    _audit("service.created", row, actor=actor, now=now)
    return service_of(own_rows(models.Service).get(id=row.id))


def ensure_service(new: NewService, *, actor: PersonId | str | None, now: datetime) -> Service:
    """Return the current council's service at ``new.slug``, adding it if there is none yet."""
    try:
        return queries.get_service(new.slug)
    except ServiceNotFound:
        return create_service(new, actor=actor, now=now)


@part_of_a_transaction
def put_service_online(service_id: ServiceId, *, actor: PersonId | str | None, now: datetime) -> None:
    """Show a service on the council's page. Saying it twice changes nothing.

    :raises ServiceNotFound: the council has no such service.
    """
    row = _get(service_id)
    if own_rows(models.Service).filter(id=service_id, live_since=None).update(live_since=now):
        _audit("service.went_live", row, actor=actor, now=now)


@part_of_a_transaction
def take_service_off(service_id: ServiceId, *, actor: PersonId | str | None, now: datetime) -> None:
    """Show a service on the council's page no more. Saying it twice changes nothing.

    :raises ServiceNotFound: the council has no such service.
    """
    row = _get(service_id)
    if own_rows(models.Service).filter(id=service_id, live_since__isnull=False).update(live_since=None):
        _audit("service.taken_off", row, actor=actor, now=now)


def _get(service_id: ServiceId) -> models.Service:
    row = own_rows(models.Service).filter(id=service_id).first()
    if row is None:
        raise ServiceNotFound("there is no such service")
    return row


def _audit(action: str, row: models.Service, *, actor: PersonId | str | None, now: datetime) -> None:
    record_audit(action, Subject("service", row.id, row.name, row.id), actor=actor, now=now)
