"""API keys of the current council, and whose a presented key is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId, ServiceId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.models import ApiKey
from guildhall.organisations.queries.services import Service, service_of

PAGE = 50
_key_changes = 0
KEY_SECRETS = "guildhall.organisations.keys"


class KeyNotFound(NotFound):
    """The council has no such key."""


@dataclass(frozen=True)
class KeyView:
    """A key as people manage it: everything but the secret."""

    id: UUID
    service: Service
    platform: Platform
    kind: KeyKind
    name: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


@dataclass(frozen=True)
class UsableKey:
    """A key in use, with what a wire needs to check a signature; ``secret`` is empty where only a digest is kept."""

    id: UUID
    kind: KeyKind
    name: str
    secret: str
    is_revoked: bool = False


@dataclass(frozen=True)
class KeyOwner:
    """Whose a presented secret is."""

    organisation_id: OrganisationId
    key_id: UUID


@reading
def get_key(key_id: UUID) -> KeyView:
    """Return one of the current council's keys.

    :raises KeyNotFound: it has none with this id.
    """
    row = own_rows(ApiKey).select_related("service").filter(id=key_id).first()
    if row is None:
        raise KeyNotFound("there is no such key")
    return _key_of(row)


@reading
def list_keys(*, page: int = 1, size: int = PAGE, of: ServiceId | None = None) -> Page[KeyView]:
    """Return a page of the current council's keys (of one service, if told): those in use first, then the newest."""
    rows = (
        own_rows(ApiKey).select_related("service").order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "id")
    )
    rows = rows if of is None else rows.filter(service_id=of)
    total, start = rows.count(), (page - 1) * size
    return Page([_key_of(row) for row in rows[start : start + size]], page, size, total)


@reading
def list_keys_of_service(service_id: ServiceId, platform: Platform | str) -> Sequence[UsableKey]:
    """Return the keys in use that open one platform of a service, the newest first, for a wire to check against."""
    return [key for key in list_keys_ever_of_service(service_id, platform) if not key.is_revoked]


@reading
def list_keys_ever_of_service(service_id: ServiceId, platform: Platform | str) -> Sequence[UsableKey]:
    """Return the keys in use and the revoked ones, the newest first, for a wire that tells a revoked key apart."""
    rows = own_rows(ApiKey).filter(service_id=service_id, platform=platform).order_by("-created_at")
    return [UsableKey(row.id, KeyKind(row.kind), row.name, _secret_of(row), row.revoked_at is not None) for row in rows]


def count_key_changes() -> int:
    """Return how often this process has made or revoked a key, so that what remembers keys notices at once."""
    return _key_changes


def note_key_change() -> None:
    """Tell what remembers keys in this process that they have changed. Called when the change is committed."""
    global _key_changes
    _key_changes += 1


@reading
def find_key_by_digest(digest: bytes) -> KeyOwner | None:
    """Return whose key in use has this digest, or None. Asked before the council is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id, key_id FROM organisations_key_of_digest(%s)", [digest])
        found = cursor.fetchone()
    return KeyOwner(OrganisationId(found[0]), found[1]) if found else None


def _secret_of(row: ApiKey) -> str:
    return secrets.decrypt(bytes(row.secret_hidden), KEY_SECRETS).decode() if row.secret_hidden else ""


def _key_of(row: ApiKey) -> KeyView:
    return KeyView(
        id=row.id,
        service=service_of(row.service),
        platform=Platform(row.platform),
        kind=KeyKind(row.kind),
        name=row.name,
        created_at=row.created_at,
        created_by=row.created_by,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
