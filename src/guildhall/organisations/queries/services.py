"""Services of the current council."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from guildhall.design.languages import Text
from guildhall.kernel.ids import OrganisationId, ServiceId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.organisations import models


class ServiceNotFound(NotFound):
    """The council has no such service."""


@dataclass(frozen=True)
class Service:
    """Something that a council offers."""

    id: ServiceId
    organisation_id: OrganisationId
    slug: str
    name: Text
    summary: Text
    is_live: bool


@reading
def get_service(slug: str) -> Service:
    """Return the current council's service at an address.

    :raises ServiceNotFound: it has none there.
    """
    row = own_rows(models.Service).filter(slug=slug).first()
    if row is None:
        raise ServiceNotFound(f"there is no service {slug!r}")
    return service_of(row)


@reading
def get_service_by_id(service_id: ServiceId) -> Service:
    """Return one of the current council's services.

    :raises ServiceNotFound: it has none with this id.
    """
    row = own_rows(models.Service).filter(id=service_id).first()
    if row is None:
        raise ServiceNotFound("there is no such service")
    return service_of(row)


@reading
def list_services(*, only_live: bool = False) -> Sequence[Service]:
    """Return the current council's services by name."""
    rows = own_rows(models.Service).order_by("name", "slug")
    return [service_of(row) for row in (rows.filter(live_since__isnull=False) if only_live else rows)]


@reading
def find_organisation_of_service(service_id: ServiceId) -> OrganisationId | None:
    """Return whose service this is, or None. Asked before the council is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_council_of_service(%s)", [service_id])
        return cursor.fetchone()[0]


def service_of(row: models.Service) -> Service:
    """Read a row as a value."""
    return Service(
        id=ServiceId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        slug=row.slug,
        name=Text(row.name, row.name_cy),
        summary=Text(row.summary, row.summary_cy),
        is_live=row.live_since is not None,
    )
