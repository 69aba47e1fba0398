"""Versions of forms: the one residents use, and those that service managers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel.ids import ServiceId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.organisations import queries as organisations
from guildhall.organisations.queries import Service
from guildhall.services.forms import models
from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.parsing import parse
from guildhall.services.forms.domain.reading import Problem


class FormNotFound(NotFound):
    """The council has no such form."""


class NotOnline(NotFound):
    """The service has no published form."""


@dataclass(frozen=True)
class LiveForm:
    """What residents fill in."""

    service: Service
    version_id: UUID
    definition: FormDefinition


@dataclass(frozen=True)
class VersionView:
    """A version as a service manager sees it."""

    id: UUID
    service: Service
    number: int
    state: str
    source: str
    sha256: str
    uploaded_by: str
    uploaded_at: datetime
    published_at: datetime | None
    archived_at: datetime | None
    notes: tuple[Problem, ...]
    definition: FormDefinition


@reading
def get_live_form(service_slug: str) -> LiveForm:
    """Return what residents fill in at a service's address.

    :raises ServiceNotFound: the council has no such service.
    :raises NotOnline: the service has no published form.
    """
    service = organisations.get_service(service_slug)
    row = own_rows(models.FormVersion).filter(service_id=service.id, state="published").only("id").first()
    if row is None:
        raise NotOnline("this service is not online yet")
    return LiveForm(service, row.id, definition_of(row.id))


@reading
def list_online_services() -> frozenset[ServiceId]:
    """Return the current council's services that have a published form."""
    rows = own_rows(models.FormVersion).filter(state="published")
    return frozenset(ServiceId(service_id) for service_id in rows.values_list("service_id", flat=True))


@reading
def get_version(version_id: UUID) -> VersionView:
    """Return one version.

    :raises FormNotFound: the council has none with this id.
    """
    row = own_rows(models.FormVersion).filter(id=version_id).first()
    if row is None:
        raise FormNotFound("there is no such form")
    return _view(row, organisations.get_service_by_id(ServiceId(row.service_id)))


@reading
def list_versions() -> Sequence[VersionView]:
    """Return every version of the current council, service by service, the newest first; old drafts are left out."""
    services = {service.id: service for service in organisations.list_services()}
    rows = own_rows(models.FormVersion).exclude(state="archived", published_at__isnull=True).order_by("-number")
    views = [_view(row, services[ServiceId(row.service_id)]) for row in rows]
    return sorted(views, key=lambda view: view.service.name.en)


def definition_of(version_id: UUID) -> FormDefinition:
    """Return the definition of a version of the current council, from memory if it has been read before.

    :raises FormNotFound: the council has no such version.
    """
    # Asked each time, and inside the council's wall: what is in memory may be another council's.
    if not own_rows(models.FormVersion).filter(id=version_id).exists():
        raise FormNotFound("there is no such form")
    return _remembered(version_id)


@lru_cache(maxsize=256)
def _remembered(version_id: UUID) -> FormDefinition:
    """A version never changes, so what was read of it once stays true."""
    return parse(own_rows(models.FormVersion).values_list("document", flat=True).get(id=version_id))


def _view(row: models.FormVersion, service: Service) -> VersionView:
    return VersionView(
        id=row.id,
        service=service,
        number=row.number,
        state=row.state,
        source=row.source,
        sha256=bytes(row.sha256).hex(),
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        published_at=row.published_at,
        archived_at=row.archived_at,
        notes=tuple(Problem(note["path"], Text(note["en"], note["cy"])) for note in row.notes),
        definition=_remembered(row.id),
    )
