"""Accounts with providers: opened, changed, put away."""

import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.failover import WELL
from guildhall.notify.domain.ids import ProviderAccountId
from guildhall.notify.operations.provider_health import health_columns
from guildhall.notify.ports import provider_kinds
from guildhall.notify.queries.provider_accounts import ProviderAccountNotFound, hide_settings
from guildhall.organisations.operations import Subject, record_audit

_TOLD_WITH_EACH_MESSAGE: Mapping[str, str] = {
    "firetext": "/notifications/sms/firetext",
    "mmg": "/notifications/sms/mmg",
}
"""Where providers send receipts that are told so with each message."""


class AccountNameTaken(Conflict):
    """The organisation has another account of this name for the channel."""


class SettingsUnusable(Invalid):
    """Nobody could be spoken to with these settings."""


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account as somebody wants it. Of several, the lowest priority is asked first; equal ones share by weight."""

    channel: Channel
    kind: str
    name: str
    settings: Mapping[str, str]
    priority: int = 10
    weight: int = 1


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """A new account. Its provider sends receipts with ``receipts_secret``, which is shown now and never again."""

    id: ProviderAccountId
    receipts_secret: str


def add_provider_account(wanted: WantedAccount, *, actor: PersonId | None, now: datetime) -> OpenedAccount:
    """Let the current organisation's messages go through an account with a provider, from now on.

    :raises SettingsUnusable: the kind is not known, or cannot do with such settings.
    :raises AccountNameTaken: it has an account of this name already.
    """
    _check(wanted)
    try:
        return _add(wanted, actor=actor, now=now)
    except IntegrityError as fault:
        raise AccountNameTaken(f"there is another account called {wanted.name}") from fault


def change_provider_account(account_id: UUID, wanted: WantedAccount, *, actor: PersonId | None, now: datetime) -> None:
    """Change an account of the current organisation. It is taken for well until it shows otherwise.

    :raises SettingsUnusable: the kind is not known, or cannot do with such settings.
    :raises AccountNameTaken: another account has this name.
    :raises ProviderAccountNotFound: the organisation has no such account.
    """
    _check(wanted)
    try:
        _change(account_id, _columns(wanted, now) | health_columns(WELL), "provider.changed", actor=actor, now=now)
    except IntegrityError as fault:
        raise AccountNameTaken(f"there is another account called {wanted.name}") from fault


def switch_provider_account(account_id: UUID, *, is_active: bool, actor: PersonId | None, now: datetime) -> None:
    """Ask an account of the current organisation for nothing any more, or again.

    :raises ProviderAccountNotFound: the organisation has no such account.
    """
    columns: dict[str, object] = {"is_active": is_active, "changed_at": now} | health_columns(WELL)
    action = "provider.switched_on" if is_active else "provider.switched_off"
    _change(account_id, columns, action, actor=actor, now=now)


def _check(wanted: WantedAccount) -> None:
    make = provider_kinds().get(wanted.kind)
    if make is None:
        raise SettingsUnusable(f"there are no providers of the kind {wanted.kind!r}")
    try:
        make(wanted.settings)
    except (KeyError, TypeError, ValueError) as fault:
        raise SettingsUnusable(str(fault)) from fault


@transaction
def _add(wanted: WantedAccount, *, actor: PersonId | None, now: datetime) -> OpenedAccount:
    secret = randomness.token_urlsafe(32)
    row = models.ProviderAccount.objects.create(
        channel=str(wanted.channel),
        kind=wanted.kind,
        receipts_digest=secrets.digest(secret),
        created_at=now,
        **_columns(_with_address_for_receipts(wanted, secret), now),
    )
    audit_account("provider.added", row.id, row.name, actor=actor, now=now)
    return OpenedAccount(ProviderAccountId(row.id), secret)


@transaction
def _change(
    account_id: UUID, columns: Mapping[str, object], action: str, *, actor: PersonId | None, now: datetime
) -> None:
    rows = own_rows(models.ProviderAccount).filter(id=account_id)
    if not rows.update(**columns):
        raise ProviderAccountNotFound("there is no such account with a provider")
    audit_account(action, account_id, rows.values_list("name", flat=True).get(), actor=actor, now=now)


def _with_address_for_receipts(wanted: WantedAccount, secret: str) -> WantedAccount:
    """Return an account that tells its provider with each message where receipts go, unless somebody has said so."""
    path = _TOLD_WITH_EACH_MESSAGE.get(wanted.kind)
    if path is None or wanted.settings.get("receipt_url"):
        return wanted
    address = f"{settings.BASE_URL}{path}?secret={secret}"
    return replace(wanted, settings={**wanted.settings, "receipt_url": address})


def _columns(wanted: WantedAccount, now: datetime) -> dict[str, object]:
    return {
        "name": wanted.name,
        "settings": hide_settings({**wanted.settings, "account_of": str(current_organisation())}),
        "priority": wanted.priority,
        "weight": wanted.weight,
        "changed_at": now,
    }


@part_of_a_transaction
def audit_account(action: str, account_id: UUID, name: str, *, actor: PersonId | None, now: datetime) -> None:
    """Write down what somebody did with an account."""
    record_audit(action, Subject("provider_account", account_id, name), actor=actor, now=now)
