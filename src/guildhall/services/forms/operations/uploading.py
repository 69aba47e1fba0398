"""Bringing a form in from files."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import ServiceId
from guildhall.organisations import operations as organisations
from guildhall.organisations.operations import NewService
from guildhall.services.forms.domain.files import read_definition
from guildhall.services.forms.operations.versions import Actor, NewVersion, add_version


@dataclass(frozen=True)
class Upload:
    """Files with a definition, and the service it is for: one that exists, or a new one."""

    service: ServiceId | NewService
    file: bytes
    welsh: bytes | None
    workflow: str


def upload(wanted: Upload, *, actor: Actor, now: datetime) -> UUID:
    """Read a definition and keep it as the next version of its service; return the version's id.

    Nothing is kept of a file that is no form.

    :raises DefinitionInvalid: with everything that is wrong with it.
    :raises ServiceNotFound: the council has no such service.
    :raises AddressTaken: a new service wants an address that is another's.
    :raises ReservedAddress: a new service wants an address that none can have.
    """
    read = read_definition(wanted.file, wanted.welsh, workflow=wanted.workflow)
    service_id = _service(wanted.service, actor=actor, now=now)
    return add_version(NewVersion(service_id, read.document, read.source, read.notes), actor=actor, now=now)


def _service(wanted: ServiceId | NewService, *, actor: Actor, now: datetime) -> ServiceId:
    return organisations.create_service(wanted, actor=actor, now=now).id if isinstance(wanted, NewService) else wanted
