"""Accounts with providers: whose they are, how they are doing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from guildhall.kernel import secrets
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.failover import Health
from guildhall.notify.domain.ids import ProviderAccountId
from guildhall.organisations import queries as organisations

_SETTINGS = "guildhall.notify.provider_account"


class ProviderAccountNotFound(NotFound):
    """The organisation has no such account with a provider."""


@dataclass(frozen=True, slots=True)
class AccountInUse:
    """An account as the worker needs it: how to speak to the provider, and whether it is well."""

    id: ProviderAccountId
    organisation_id: OrganisationId
    kind: str
    hidden_settings: bytes
    priority: int
    weight: int
    health: Health


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with a provider, as people see it. Settings that are secret are not shown."""

    id: ProviderAccountId
    channel: Channel
    kind: str
    name: str
    priority: int
    weight: int
    is_active: bool
    health: Health
    taken: int
    not_taken: int
    last_taken_at: datetime | None
    last_problem: str
    last_problem_at: datetime | None


def accounts_in_use(
    channel: Channel, organisations_: Collection[OrganisationId]
) -> Mapping[OrganisationId, Sequence[AccountInUse]]:
    """Return the accounts that carry each organisation's messages: its own, or else the platform's; maybe none."""
    platform = _platform()
    found: dict[OrganisationId, list[AccountInUse]] = {}
    with reading():
        rows = models.ProviderAccount.objects.filter(
            channel=str(channel), is_active=True, organisation_id__in={*organisations_, platform}
        )
        for row in rows:
            found.setdefault(OrganisationId(row.organisation_id), []).append(_in_use(row))
    return {each: found.get(each) or found.get(platform, []) for each in organisations_}


@reading
def list_accounts_in_use() -> Sequence[AccountInUse]:
    """Return every organisation's accounts that are switched on. For the worker, which sees them all."""
    return [_in_use(row) for row in models.ProviderAccount.objects.filter(is_active=True)]


@reading
def list_provider_accounts() -> Sequence[AccountView]:
    """Return the current organisation's accounts, those asked first before others."""
    rows = own_rows(models.ProviderAccount).order_by("channel", "-is_active", "priority", "name")
    return [_view_of(row) for row in rows]


@reading
def get_provider_account(account_id: UUID) -> tuple[AccountView, Mapping[str, str]]:
    """Return one of the current organisation's accounts, with its settings.

    :raises ProviderAccountNotFound: it has none of this id.
    """
    row = own_rows(models.ProviderAccount).filter(id=account_id).first()
    if row is None:
        raise ProviderAccountNotFound("there is no such account with a provider")
    return _view_of(row), show_settings(row.settings)


def hide_settings(settings: Mapping[str, str]) -> bytes:
    """Return what is kept of an account's settings."""
    return secrets.encrypt(msgspec.json.encode(settings), _SETTINGS)


def show_settings(hidden: bytes | memoryview) -> Mapping[str, str]:
    """Read back what ``hide_settings`` hid."""
    return msgspec.json.decode(secrets.decrypt(bytes(hidden), _SETTINGS), type=dict[str, str])


def health_of(row: models.ProviderAccount) -> Health:
    return Health(row.faults, row.counted_from, row.failed_in_a_row, row.pauses, row.set_aside_until)


def _in_use(row: models.ProviderAccount) -> AccountInUse:
    return AccountInUse(
        ProviderAccountId(row.id),
        OrganisationId(row.organisation_id),
        row.kind,
        bytes(row.settings),
        row.priority,
        row.weight,
        health_of(row),
    )


def _view_of(row: models.ProviderAccount) -> AccountView:
    return AccountView(
        id=ProviderAccountId(row.id),
        channel=Channel(row.channel),
        kind=row.kind,
        name=row.name,
        priority=row.priority,
        weight=row.weight,
        is_active=row.is_active,
        health=health_of(row),
        taken=row.taken,
        not_taken=row.not_taken,
        last_taken_at=row.last_taken_at,
        last_problem=row.last_problem,
        last_problem_at=row.last_problem_at,
    )


def _platform() -> OrganisationId:
    global _platform_id
    if _platform_id is None:
        _platform_id = organisations.get_platform().id
    return _platform_id


_platform_id: OrganisationId | None = None
