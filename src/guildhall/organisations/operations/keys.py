"""API keys: shown once, kept as little as the protocol allows, revoked for good."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.db.transaction import on_commit

from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import transaction
from guildhall.organisations import queries
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.models import ApiKey
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.queries.keys import KEY_SECRETS, KeyNotFound, note_key_change

USE_IS_NOTED_EVERY = timedelta(minutes=1)


class KeyNameTaken(Conflict):
    """The service has a key of that name in use, or the same secret was given twice."""


@dataclass(frozen=True)
class WantedKey:
    """A key to be made. ``secret`` is what the platform's own key format makes; empty means a random UUID."""

    service_id: ServiceId
    platform: Platform
    kind: KeyKind
    name: str
    secret: str = ""


@dataclass(frozen=True)
class NewKey:
    """A key that was just made. The secret is shown now and never again."""

    id: UUID
    secret: str


@transaction
def create_key(wanted: WantedKey, *, actor: PersonId | str | None, now: datetime) -> NewKey:
    """Make a key for one platform of one of the current council's services.

    :raises ServiceNotFound: the council has no such service.
    :raises KeyNameTaken: the service has a key of that name in use.
    """
    queries.get_service_by_id(wanted.service_id)
    platform, secret = Platform(wanted.platform), wanted.secret or str(uuid.uuid4())
    row = ApiKey(
        service_id=wanted.service_id,
        platform=platform,
        kind=KeyKind(wanted.kind),
        name=wanted.name,
        secret_hidden=secrets.encrypt(secret.encode(), KEY_SECRETS) if platform.needs_the_secret_itself else None,
        secret_digest=None if platform.needs_the_secret_itself else secrets.digest(secret),
        created_at=now,
        created_by=str(actor or ""),
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as clash:
        raise KeyNameTaken(f"the service has a key named {wanted.name!r}") from clash
    on_commit(note_key_change)
    _record_made(row, actor=actor, now=now)
    return NewKey(row.id, secret)


def ensure_key(wanted: WantedKey, *, actor: PersonId | str | None, now: datetime) -> UUID:
    """Return the id of the service's key of that name, making it if there is none in use. ``secret`` must be given.

    For the sandbox, whose keys are always the same: one that was revoked is put to use again.
    """
    rows = own_rows(ApiKey).filter(service_id=wanted.service_id, platform=wanted.platform, name=wanted.name)
    with transaction():
        found = rows.filter(revoked_at=None).first() or _use_again(rows, wanted.secret, actor=actor, now=now)
    return found.id if found else create_key(wanted, actor=actor, now=now).id


def _use_again(rows: QuerySet[ApiKey], secret: str, *, actor: PersonId | str | None, now: datetime) -> ApiKey | None:
    found = rows.filter(secret_digest=secrets.digest(secret)).first()
    if found:
        rows.filter(id=found.id).update(revoked_at=None, revoked_by="")
        on_commit(note_key_change)
        _record_made(found, actor=actor, now=now)
    return found


@transaction
def revoke_key(key_id: UUID, *, actor: PersonId | str, now: datetime) -> None:
    """Stop a key of the current council for good. Revoking it again changes nothing.

    :raises KeyNotFound: the council has no such key.
    """
    row = own_rows(ApiKey).filter(id=key_id).first()
    if row is None:
        raise KeyNotFound("there is no such key")
    if own_rows(ApiKey).filter(id=key_id, revoked_at=None).update(revoked_at=now, revoked_by=str(actor)):
        on_commit(note_key_change)
        record_audit("key.revoked", Subject("key", key_id, service_id=row.service_id), actor=actor, now=now)


@transaction
def note_key_used(key_id: UUID, *, now: datetime) -> None:
    """Remember that a key was used, to the minute: a busy key does not write a row for every request."""
    lately = now - USE_IS_NOTED_EVERY
    own_rows(ApiKey).filter(Q(last_used_at=None) | Q(last_used_at__lt=lately), id=key_id).update(last_used_at=now)


def _record_made(row: ApiKey, *, actor: PersonId | str | None, now: datetime) -> None:
    details = {"platform": str(row.platform), "kind": str(row.kind)}
    subject = Subject("key", row.id, service_id=row.service_id)
    record_audit("key.created", subject, actor=actor, now=now, details=details)
