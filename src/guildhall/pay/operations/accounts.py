"""Where services take payments, and the keys of programs that ask for them."""

import secrets as randomness
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import OrganisationId, PersonId, ServiceId
from guildhall.kernel.secrets import derive, digest
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as organisation_queries
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.operations.keys import USE_IS_NOTED_EVERY
from guildhall.organisations.queries import KeyView
from guildhall.pay.domain.ids import PayAccountId
from guildhall.pay.domain.keys import RANDOM_BITS, Kind, NotAKey, make_key, token_of
from guildhall.pay.models import PayAccount
from guildhall.pay.queries import Account, AccountNotFound, get_account

SANDBOX = "sandbox"


@dataclass(frozen=True)
class KeyHolder:
    """Who presented a key: the council, the account it opens, and the key's id, which is safe to write in a log."""

    organisation_id: OrganisationId
    account: Account
    key_id: UUID


@transaction
def ensure_pay_account(service_id: ServiceId, name: str) -> PayAccountId:
    """Give the current council's service an account for test payments, if it has none, and return its id."""
    PayAccount.objects.bulk_create(
        [PayAccount(service_id=service_id, kind="test", name=name, provider=SANDBOX)], ignore_conflicts=True
    )
    return PayAccountId(PayAccount.objects.values_list("id", flat=True).get(service_id=service_id, kind="test"))


def issue_key(service_id: ServiceId, kind: Kind, name: str, *, actor: PersonId | str | None, now: datetime) -> str:
    """Make a key for programs that take payments for a service, and return it: it is shown now and never again.

    :raises ServiceNotFound: the council has no such service.
    :raises KeyNameTaken: the service has a key of that name in use.
    """
    key = make_key(kind, randomness.randbits(RANDOM_BITS), secret=_checksum_secret())
    wanted = organisations.WantedKey(service_id, Platform.PAY, KeyKind(kind), name, secret=key)
    return organisations.create_key(wanted, actor=actor, now=now).secret


def ensure_sandbox_key(service_id: ServiceId, *, now: datetime) -> str:
    """Return the test key of a service of the sandbox: always the same text, so that it can be shown again.

    It is derived from the installation's own key, and made usable if it is not yet.
    """
    bits = int.from_bytes(derive("guildhall.pay.sandbox_key", str(service_id))) % 2**RANDOM_BITS
    key = make_key("test", bits, secret=_checksum_secret())
    wanted = organisations.WantedKey(service_id, Platform.PAY, KeyKind.TEST, "Sandbox", secret=key)
    organisations.ensure_key(wanted, actor="sandbox", now=now)
    return key


def identify(key: str, *, now: datetime) -> KeyHolder:
    """Return whose key this is. One that was not made here is refused before the database is asked.

    :raises NotAKey: it is not a key of this installation, was revoked, or opens no account.
    """
    token_of(key, secret=_checksum_secret())
    owner = organisation_queries.find_key_by_digest(digest(key))
    if owner is None:
        raise NotAKey("this key is not in use")
    with acting_for(owner.organisation_id):
        view, account = _opened_by(owner.key_id)
        if view.last_used_at is None or now - view.last_used_at >= USE_IS_NOTED_EVERY:
            organisations.note_key_used(owner.key_id, now=now)
    return KeyHolder(owner.organisation_id, account, owner.key_id)


@reading
def _opened_by(key_id: UUID) -> tuple[KeyView, Account]:
    view = organisation_queries.get_key(key_id)
    try:
        return view, get_account(view.service.id, view.kind)
    except AccountNotFound as missing:
        raise NotAKey("this key opens no account") from missing


def _checksum_secret() -> bytes:
    return derive("guildhall.pay.keys")
