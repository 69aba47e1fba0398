"""What a payer does on the payment's pages: enter a card, confirm. And what a service does later: capture."""

from dataclasses import asdict
from datetime import datetime, timedelta

from guildhall.kernel.clock import london_day
from guildhall.kernel.limits import Against, Counted, Limit
from guildhall.kernel.networks import Network
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.transactions import transaction
from guildhall.kernel.tries import give_back, take_tries
from guildhall.pay.domain.card_form import Accepted, Typed, accept
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import State, Status, standing
from guildhall.pay.models import Payment
from guildhall.pay.operations.acts import OpenAct, carry_out, open_act
from guildhall.pay.operations.moving import move
from guildhall.pay.queries import PaymentNotFound, PaymentView, get_payment

CARDS_FROM_A_NETWORK = Limit(tries=60, counted_for=timedelta(hours=1))
"""A council's payment desk has a card declined now and then. It is told when to come back; its payments stay open."""


class NotCapturable(Conflict):
    """There is no reserved money to take."""


def enter_card(payment_id: PaymentId, typed: Typed, *, network: Network, now: datetime) -> PaymentView:
    """Send a card to the provider and return the payment as it stands then.

    The number and the security code are forgotten when this returns. Cards that are declined count against the network:
    whoever tries stolen numbers out tries many.

    :raises CardPageRefused: something that was typed is wrong; nothing was stored or sent.
    :raises IllegalStep, PaymentMoved: the payment is not waiting for a card (any more).
    :raises LockedOut: too many cards from this network were declined.
    """
    accepted, counted = accept(typed, today=london_day(now)), cards_from(network)
    take_tries(counted, now=now)
    act = _begin_authorisation(payment_id, accepted, now=now)
    payment = carry_out(act, lambda provider: provider.authorise(act.act, accepted.card), now=now)
    if payment.state is not State.AUTHORISATION_REJECTED:
        with transaction():
            give_back(counted, now=now)
    return payment


def confirm(payment_id: PaymentId, *, now: datetime) -> PaymentView:
    """Take the money that was reserved, or leave it to the service where it asked for that; return the payment then.

    :raises IllegalStep, PaymentMoved: the payment is not waiting to be confirmed (any more).
    """
    act = _begin_confirmation(payment_id, now=now)
    return carry_out(act, lambda provider: provider.capture(act.act), now=now) if act else get_payment(payment_id)


def capture(payment_id: PaymentId, *, account: PayAccountId, now: datetime) -> None:
    """Take the money of a payment that waits for its service. Asking again changes nothing.

    :raises PaymentNotFound: the account has no such payment.
    :raises NotCapturable: there is nothing to take.
    """
    act = _begin_capture(payment_id, account, now=now)
    if act:
        carry_out(act, lambda provider: provider.capture(act.act), now=now)


def cards_from(network: Network) -> Counted:
    """Return the count of declined cards of those who share a network."""
    return Counted("payments: declined cards", Against.NETWORK, network, CARDS_FROM_A_NETWORK)


@transaction
def _begin_authorisation(payment_id: PaymentId, accepted: Accepted, *, now: datetime) -> OpenAct:
    payment, card = _payment(payment_id), accepted.card
    move(
        payment,
        State.AUTHORISATION_READY,
        now=now,
        card_first_six=card.first_six,
        card_last_four=card.last_four,
        card_expiry=card.expiry,
        card_brand=card.brand,
        card_type=card.card_type,
        cardholder_name=card.cardholder_name,
        billing_address=asdict(accepted.address),
        email=accepted.email or payment.email,
    )
    return open_act(payment, "authorise", now=now)


@transaction
def _begin_confirmation(payment_id: PaymentId, *, now: datetime) -> OpenAct | None:
    payment = _payment(payment_id)
    if payment.is_capture_delayed:
        move(payment, State.AWAITING_CAPTURE_REQUEST, now=now)
        return None
    return _approve(payment, now)


@transaction
def _begin_capture(payment_id: PaymentId, account_id: PayAccountId, *, now: datetime) -> OpenAct | None:
    payment = Payment.objects.filter(id=payment_id, account_id=account_id).select_related("account").first()
    if payment is None:
        raise PaymentNotFound(f"there is no payment {payment_id}")
    if standing(State(payment.state)).status is Status.SUCCESS:
        return None
    if payment.state != State.AWAITING_CAPTURE_REQUEST:
        raise NotCapturable("there is no reserved money to take")
    return _approve(payment, now)


def _approve(payment: Payment, now: datetime) -> OpenAct:
    move(payment, State.CAPTURE_APPROVED, State.CAPTURE_READY, now=now)
    return open_act(payment, "capture", now=now)


def _payment(payment_id: PaymentId) -> Payment:
    payment = Payment.objects.filter(id=payment_id).select_related("account").first()
    if payment is None:
        raise PaymentNotFound(f"there is no payment {payment_id}")
    return payment
