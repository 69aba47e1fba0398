"""Ask for a payment, and open its page."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id, new_secret
from guildhall.kernel.refusals import Conflict, NotFound
from guildhall.kernel.secrets import digest
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.visitor import Language
from guildhall.pay.domain.creation import NewPayment, check_limits
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import State, event_of
from guildhall.pay.models import PayAccount, Payment, PaymentEvent, PaymentToken, RepeatKey
from guildhall.pay.operations.moving import move
from guildhall.pay.queries import (
    AccountNotFound,
    PaymentView,
    find_owner_of_token,
    get_payment,
    get_payment_of_account,
)

TOKENS_LAST = timedelta(seconds=604_800)
REPEAT_KEYS_LAST = timedelta(seconds=86_400)

_HAS_A_PAGE = frozenset(
    {State.CREATED, State.ENTERING_CARD_DETAILS, State.AUTHORISATION_READY, State.AUTHORISATION_SUCCESS}
)


class TokenSpent(NotFound):
    """The address of a payment page was used before, is too old, or never existed (then ``payment_id`` is None)."""

    def __init__(self, payment_id: PaymentId | None) -> None:
        super().__init__("this address of a payment page has been used, or does not exist")
        self.payment_id = payment_id


class RepeatKeyTaken(Conflict):
    """The key was used to ask for another payment."""


@dataclass(frozen=True)
class CreatedPayment:
    """A payment that was asked for. Lead the payer to ``next_url``; it works once."""

    payment_id: PaymentId
    next_url: str


@dataclass(frozen=True)
class OpenPayment:
    """A payment as it stands. ``token`` opens its page once; None when the payer has nothing left to do."""

    payment: PaymentView
    token: str | None
    is_repeat: bool = False


@dataclass(frozen=True)
class OpenedPage:
    """A payment page that has just been opened, and the language its service asked for."""

    organisation_id: OrganisationId
    payment_id: PaymentId
    language: Language


@dataclass(frozen=True)
class Repeatable:
    """What makes a request the same as an earlier one: the caller's key, and all that was asked."""

    key: str
    request: Any


@transaction
def create_payment(wanted: NewPayment, *, account: PayAccountId, now: datetime) -> CreatedPayment:
    """Ask for money: store the payment and return the address of its page.

    :raises AccountNotFound: the council has no such account.
    :raises PaymentInvalid: a limit is broken.
    """
    return create_payment_within(wanted, account=account, now=now)


@part_of_a_transaction
def create_payment_within(wanted: NewPayment, *, account: PayAccountId, now: datetime) -> CreatedPayment:
    """Ask for money as a step of a larger piece of work; refusals as ``create_payment``."""
    payment = _store(new_id(), wanted, account, now)
    return CreatedPayment(PaymentId(payment.id), f"{settings.BASE_URL}/secure/{_mint_token(payment.id, now)}")


@transaction
def create_payment_for_client(
    wanted: NewPayment, *, account: PayAccountId, repeatable: Repeatable | None, now: datetime
) -> OpenPayment:
    """Ask for money on behalf of a program; within a day, the same request under the same key asks only once.

    While the first is still being stored, the second waits for it.

    :raises RepeatKeyTaken: the key came with another request before.
    :raises AccountNotFound, PaymentInvalid: as ``create_payment``.
    """
    payment_id = new_id()
    if repeatable and not _take(repeatable, account, payment_id, now):
        first = get_payment_of_account(_first_made(repeatable, account), account)
        return replace(_opened(first, now), is_repeat=True)
    _store(payment_id, wanted, account, now)
    return _opened(get_payment(PaymentId(payment_id)), now)


@transaction
def open_payment(payment_id: PaymentId, *, account: PayAccountId, now: datetime) -> OpenPayment:
    """Show an account one of its payments, with a fresh token while the payer has something left to do.

    :raises PaymentNotFound: the account has no such payment.
    """
    return _opened(get_payment_of_account(payment_id, account), now)


def spend_token(token: str, *, now: datetime) -> OpenedPage:
    """Open a payment's page, once: the same address never opens it again, in whatever browser.

    :raises TokenSpent: it was used before, is too old, or never existed.
    """
    owner = find_owner_of_token(token)
    if owner is None:
        raise TokenSpent(None)
    with acting_for(owner.organisation_id), transaction():
        unspent = PaymentToken.objects.filter(digest=digest(token), spent_at=None, created_at__gt=now - TOKENS_LAST)
        if not unspent.update(spent_at=now):
            raise TokenSpent(owner.payment_id)
        payment = Payment.objects.get(id=owner.payment_id)
        if payment.state == State.CREATED:
            move(payment, State.ENTERING_CARD_DETAILS, now=now)
        return OpenedPage(owner.organisation_id, owner.payment_id, "cy" if payment.language == "cy" else "en")


def _store(payment_id: UUID, wanted: NewPayment, account_id: PayAccountId, now: datetime) -> Payment:
    account = PayAccount.objects.filter(id=account_id).first()
    if account is None:
        raise AccountNotFound("there is no such account")
    check_limits(wanted, may_be_nothing=account.may_be_nothing)
    payment = Payment.objects.create(
        id=payment_id,
        account=account,
        amount=wanted.amount,
        reference=wanted.reference,
        description=wanted.description,
        return_url=wanted.return_url,
        language=wanted.language,
        email=wanted.email,
        metadata=dict(wanted.metadata) or None,
        is_capture_delayed=wanted.is_capture_delayed,
        cardholder_name=wanted.cardholder_name,
        billing_address=asdict(wanted.billing_address) if wanted.billing_address else None,
        resident_id=wanted.resident_id,
        created_at=now,
        moved_at=now,
    )
    _write_first_event(payment, now)
    return payment


def _write_first_event(payment: Payment, now: datetime) -> None:
    PaymentEvent.objects.create(
        payment=payment,
        version=payment.version,
        from_state=State.UNDEFINED.value,
        to_state=State.CREATED.value,
        name=event_of(State.UNDEFINED, State.CREATED),
        at=now,
    )


def _opened(payment: PaymentView, now: datetime) -> OpenPayment:
    return OpenPayment(payment, _mint_token(payment.id, now) if payment.state in _HAS_A_PAGE else None)


def _mint_token(payment_id: UUID, now: datetime) -> str:
    token = new_secret()
    PaymentToken.objects.create(payment_id=payment_id, digest=digest(token), created_at=now)
    return token


def _take(repeatable: Repeatable, account_id: PayAccountId, payment_id: UUID, now: datetime) -> bool:
    """Claim the key for a new payment, in one statement; False when it is somebody's already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO pay_repeatkey (id, account_id, key, request, payment_id, created_at)
                    VALUES (%s, %s, %s, %s, %s, %s)
               ON CONFLICT (account_id, key) DO UPDATE
                       SET request = EXCLUDED.request,
                           payment_id = EXCLUDED.payment_id,
                           created_at = EXCLUDED.created_at
                     WHERE pay_repeatkey.created_at <= %s""",
            [
                new_id(),
                account_id,
                repeatable.key,
                msgspec.json.encode(repeatable.request).decode(),
                payment_id,
                now,
                now - REPEAT_KEYS_LAST,
            ],
        )
        return cursor.rowcount == 1


def _first_made(repeatable: Repeatable, account_id: PayAccountId) -> PaymentId:
    first = RepeatKey.objects.get(account_id=account_id, key=repeatable.key)
    if first.request != repeatable.request:
        raise RepeatKeyTaken("this key was used for another request")
    return PaymentId(first.payment_id)
