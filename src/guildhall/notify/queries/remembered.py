"""What a process remembers so that a request need not ask the database: senders with their keys, and templates.

Everything here changes rarely and is asked for all the time. What this process itself changes it forgets at once; what
another process changed it notices within ``KEPT_FOR``: a revoked key stops within that time. A version of a template
never changes and is kept as long as there is room.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from guildhall.contact.email_address import normalise_email_address
from guildhall.kernel.ids import OrganisationId, ServiceId
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.notify.domain.ids import KeyId, NotifyServiceId, TemplateId
from guildhall.notify.queries.services import NotifyServiceNotFound, NotifyServiceView, get_notify_service
from guildhall.notify.queries.templates import TemplateView, get_template
from guildhall.organisations import queries as organisations
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.domain.stages import Stage

KEPT_FOR = 45.0
"""Seconds."""

_ROOM = 20_000
_LARGEST_TEAM = 10_000

_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Name, Value]):
    """Values by name, loaded when first asked for and again when they are older than ``kept_for`` seconds.

    What is not there is not remembered: strangers' guesses take no room.
    """

    def __init__(self, load: Callable[[Name], Value], *, kept_for: float = KEPT_FOR, room: int = _ROOM) -> None:
        self._load, self._kept_for, self._room = load, kept_for, room
        self._kept: dict[Name, tuple[float, Value]] = {}

    def __call__(self, name: Name) -> Value:
        found = self._kept.get(name)
        if found is not None and time.monotonic() < found[0]:
            return found[1]
        kept, good_until = self._kept, time.monotonic() + self._kept_for
        value = self._load(name)
        if len(kept) >= self._room:
            kept.clear()
        kept[name] = (good_until, value)  # into what was kept when loading began: a change meanwhile is not overlooked
        return value

    def forget(self) -> None:
        """Load everything anew, also what is being loaded at this moment."""
        self._kept = {}


@dataclass(frozen=True)
class Key:
    """A key as a signature is checked against it."""

    id: KeyId
    kind: KeyKind
    is_revoked: bool
    secret: str

    @cached_property
    def _begun(self) -> tuple[Any, Any]:
        """HMAC's two digests (RFC 2104), each with its block of the key read: copying them is all a signature costs."""
        secret = self.secret.encode()
        block = (secret if len(secret) <= _BLOCK else hashlib.sha256(secret).digest()).ljust(_BLOCK, b"\0")
        return hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))

    def signs(self, content: bytes, signature: bytes) -> bool:
        """Decide whether this key made the signature, by HMAC-SHA256."""
        inner, outer = self._begun
        inner, outer = inner.copy(), outer.copy()
        inner.update(content)
        outer.update(inner.digest())
        return hmac.compare_digest(outer.digest(), signature)


@dataclass(frozen=True)
class KnownService:
    """A notify service with everything that decides about one of its requests."""

    view: NotifyServiceView
    keys: tuple[Key, ...]
    team: frozenset[str]

    @property
    def id(self) -> NotifyServiceId:
        return self.view.id

    @property
    def organisation_id(self) -> OrganisationId:
        return self.view.organisation_id


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request: a service, with one of its keys."""

    service: KnownService
    key: Key


def known_service(service_id: UUID) -> KnownService:
    """Return a notify service of whatever council, by the id that its keys carry.

    :raises NotifyServiceNotFound: there is none.
    """
    global _seen_key_changes
    changes = organisations.count_key_changes()
    if changes != _seen_key_changes:
        _services.forget()
        _seen_key_changes = changes
    return _services(service_id)


def sender_of(organisation_id: OrganisationId, service_id: NotifyServiceId) -> NotifyServiceView:
    """Return a council's notify service, without its keys.

    :raises NotifyServiceNotFound: the council has no such service.
    """
    return _senders((organisation_id, service_id))


def current_template(organisation_id: OrganisationId, service_id: NotifyServiceId, template_id: UUID) -> TemplateView:
    """Return the last version of a service's template.

    :raises TemplateNotFound: the service has no such template.
    """
    return _templates((organisation_id, service_id, template_id))


def template_version(organisation_id: OrganisationId, template_id: UUID, version: int) -> TemplateView:
    """Return one version of a template.

    :raises TemplateNotFound: there is no such version.
    """
    return _versions((organisation_id, template_id, version))


def forget_services() -> None:
    """Notice a change to services and their senders that this process has made."""
    _services.forget()
    _senders.forget()


def forget_templates() -> None:
    """Notice a change to templates that this process has made."""
    _templates.forget()


def _load_service(service_id: UUID) -> KnownService:
    organisation_id = organisations.find_organisation_of_service(ServiceId(service_id))
    if organisation_id is None:
        raise NotifyServiceNotFound("there is no such service")
    with acting_for(organisation_id), reading():
        view = _with_its_council(get_notify_service(NotifyServiceId(service_id)))
        keys = organisations.list_keys_ever_of_service(ServiceId(service_id), Platform.NOTIFY)
        team = organisations.list_members(size=_LARGEST_TEAM).rows
    return KnownService(
        view,
        tuple(Key(KeyId(key.id), key.kind, key.is_revoked, key.secret) for key in sorted(keys, key=_by_likely_use)),
        frozenset(normalise_email_address(member.email) for member in team),
    )


def _with_its_council(view: NotifyServiceView) -> NotifyServiceView:
    """The services of a council that was taken off are archived to programs, until it is put back."""
    is_taken_off = organisations.get_council_by_id(view.organisation_id).stage is Stage.TAKEN_OFF
    return replace(view, is_active=False) if is_taken_off else view


def _by_likely_use(key: organisations.UsableKey) -> tuple[bool, bool]:
    """Every key is tried until one has signed: those that sign most come first."""
    return key.is_revoked, key.kind is not KeyKind.LIVE


def _load_sender(name: tuple[OrganisationId, NotifyServiceId]) -> NotifyServiceView:
    organisation_id, service_id = name
    with acting_for(organisation_id):
        return get_notify_service(service_id)


def _load_template(name: tuple[OrganisationId, NotifyServiceId, UUID]) -> TemplateView:
    organisation_id, service_id, template_id = name
    with acting_for(organisation_id):
        return get_template(TemplateId(template_id), of=service_id)


def _load_version(name: tuple[OrganisationId, UUID, int]) -> TemplateView:
    organisation_id, template_id, version = name
    with acting_for(organisation_id):
        return get_template(TemplateId(template_id), version=version)


_services = Remembered(_load_service)
_senders = Remembered(_load_sender)
_templates = Remembered(_load_template)
_versions = Remembered(_load_version, kept_for=3600.0)
_seen_key_changes = 0
