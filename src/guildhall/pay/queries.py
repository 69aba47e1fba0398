"""What may be asked of payments. Everything returned is a plain value, good after the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection

from guildhall.kernel.ids import OrganisationId, ServiceId
from guildhall.kernel.money import Pence
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.secrets import digest
from guildhall.kernel.transactions import reading
from guildhall.kernel.visitor import Language
from guildhall.pay.domain.creation import Address, MetadataValue
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import Standing, State, Status, standing
from guildhall.pay.models import PayAccount, Payment

PAGE = 50


class PaymentNotFound(NotFound):
    """The council, or the account, has no such payment."""


class AccountNotFound(NotFound):
    """The service takes no payments of this kind."""


@dataclass(frozen=True)
class Account:
    """Where a service takes payments."""

    id: PayAccountId
    service_id: ServiceId
    kind: Literal["test", "live"]
    name: str
    provider: str
    may_be_nothing: bool


@dataclass(frozen=True)
class CardView:
    """What is kept of a card; None for what is not known yet."""

    first_six: str | None
    last_four: str | None
    expiry: str | None
    brand: str | None
    card_type: str | None
    cardholder_name: str | None
    address: Address | None


@dataclass(frozen=True)
class PaymentView:
    """A payment as it stands. ``card`` is None until something is known of it."""

    id: PaymentId
    account: Account
    state: State
    standing: Standing
    amount: Pence
    reference: str
    description: str
    return_url: str
    language: Language
    email: str | None
    metadata: Mapping[str, MetadataValue]
    is_capture_delayed: bool
    provider_id: str | None
    card: CardView | None
    created_at: datetime
    capture_submitted_at: datetime | None
    captured_at: datetime | None

    @property
    def status(self) -> Status:
        return self.standing.status

    @property
    def code(self) -> str | None:
        return self.standing.code

    @property
    def is_finished(self) -> bool:
        return self.standing.is_finished


@dataclass(frozen=True)
class TokenOwner:
    """Whose payment a page token opens."""

    organisation_id: OrganisationId
    payment_id: PaymentId


@reading
def get_payment(payment_id: PaymentId) -> PaymentView:
    """Return one of the current council's payments.

    :raises PaymentNotFound: it has none with this id.
    """
    return _only(payment_id, Payment.objects.filter(id=payment_id).select_related("account").first())


@reading
def get_payment_of_account(payment_id: PaymentId, account_id: PayAccountId) -> PaymentView:
    """Return a payment as its own account sees it; another account's does not exist.

    :raises PaymentNotFound: the account has none with this id.
    """
    rows = Payment.objects.filter(id=payment_id, account_id=account_id).select_related("account")
    return _only(payment_id, rows.first())


@reading
def list_payments(*, page: int = 1, size: int = PAGE) -> Page[PaymentView]:
    """Return a page of the current council's payments, newest first."""
    rows = Payment.objects.select_related("account").order_by("-created_at", "-id")
    start = (page - 1) * size
    return Page([payment_of(row) for row in rows[start : start + size]], page, size, rows.count())


@reading
def get_account(service_id: UUID, kind: str) -> Account:
    """Return where the current council's service takes test or live payments.

    :raises AccountNotFound: it takes none of this kind.
    """
    row = PayAccount.objects.filter(service_id=service_id, kind=kind).first()
    if row is None:
        raise AccountNotFound(f"this service takes no {kind} payments")
    return account_of(row)


@reading
def list_events_of(payment_id: PaymentId) -> Sequence[tuple[State, datetime]]:
    """Return the states a payment has been through, in order, each with the moment it was entered."""
    rows = Payment.objects.get(id=payment_id).events.order_by("version")
    return [(State(row.to_state), row.at) for row in rows]


@reading
def find_owner_of_token(token: str) -> TokenOwner | None:
    """Return whose payment this token opens, or None. Asked before the council is known; spends nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id, payment_id FROM pay_payment_of_token(%s)", [digest(token)])
        found = cursor.fetchone()
    return TokenOwner(OrganisationId(found[0]), PaymentId(found[1])) if found else None


def account_of(row: PayAccount) -> Account:
    """Read a row as a value."""
    kind: Literal["test", "live"] = "live" if row.kind == "live" else "test"
    return Account(
        PayAccountId(row.id), ServiceId(row.service_id), kind, row.name, row.provider, may_be_nothing=row.may_be_nothing
    )


def payment_of(row: Payment) -> PaymentView:
    """Read a row, with its account, as a value."""
    state = State(row.state)
    return PaymentView(
        id=PaymentId(row.id),
        account=account_of(row.account),
        state=state,
        standing=standing(state),
        amount=Pence(row.amount),
        reference=row.reference,
        description=row.description,
        return_url=row.return_url,
        language="cy" if row.language == "cy" else "en",
        email=row.email,
        metadata=row.metadata or {},
        is_capture_delayed=row.is_capture_delayed,
        provider_id=row.provider_id,
        card=_card_of(row),
        created_at=row.created_at,
        capture_submitted_at=row.capture_submitted_at,
        captured_at=row.captured_at,
    )


def _card_of(row: Payment) -> CardView | None:
    address = Address(**row.billing_address) if row.billing_address is not None else None
    facts = (row.card_first_six, row.card_last_four, row.card_expiry, row.card_brand, row.card_type)
    if not any((*facts, row.cardholder_name, address)):
        return None
    return CardView(*facts, row.cardholder_name, address)


def _only(payment_id: PaymentId, row: Payment | None) -> PaymentView:
    if row is None:
        raise PaymentNotFound(f"there is no payment {payment_id}")
    return payment_of(row)
