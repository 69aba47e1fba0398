"""End payments before money is taken: at the payer's or the service's wish, or because their time has passed."""

from datetime import datetime

import structlog
from django.db.models import Q

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.pay.domain.ending import (
    LASTS,
    RESERVATION_LASTS,
    STAYS_WHILE_USED_WITHIN,
    EndedBy,
    end_of,
    is_due,
    must_let_go,
)
from guildhall.pay.domain.ids import PayAccountId, PaymentId
from guildhall.pay.domain.states import State
from guildhall.pay.models import Payment, PaymentToken, RepeatKey
from guildhall.pay.operations.acts import OpenAct, carry_out, open_act
from guildhall.pay.operations.creating import REPEAT_KEYS_LAST, TOKENS_LAST
from guildhall.pay.operations.moving import PaymentMoved, move
from guildhall.pay.queries import PaymentNotFound, get_payment_of_account

log = structlog.get_logger(__name__)

_BATCH = 200
_UNFINISHED = [State.CREATED.value, State.ENTERING_CARD_DETAILS.value, State.AUTHORISATION_SUCCESS.value]


def cancel_by_payer(payment_id: PaymentId, *, now: datetime) -> None:
    """End a payment at the payer's wish; reserved money is let go.

    :raises NotCancellable: it is over, or its money has been taken.
    :raises StillAsking: a card is being authorised this moment.
    :raises PaymentMoved: somebody else moved it first.
    """
    _end(payment_id, EndedBy.PAYER, now)


def cancel_by_service(payment_id: PaymentId, *, account: PayAccountId, now: datetime) -> None:
    """End a payment at its service's wish; refusals as ``cancel_by_payer``.

    :raises PaymentNotFound: the account has no such payment.
    """
    _end(get_payment_of_account(payment_id, account).id, EndedBy.SERVICE, now)


def expire_due(*, now: datetime) -> int:
    """End all councils' payments whose time has passed; one that is moved meanwhile is left alone. Return how many."""
    due = _due(now)
    for organisation_id, payment_id in due:
        with acting_for(organisation_id):
            try:
                _end(payment_id, EndedBy.TIME, now)
            except Conflict:
                log.info("payment_moved_before_it_expired", payment=str(payment_id))
    return len(due)


@transaction
def forget_old_secrets(*, now: datetime) -> None:
    """Drop page tokens and repeat keys, of all councils, that are too old to work."""
    PaymentToken.objects.filter(created_at__lt=now - TOKENS_LAST).delete()
    RepeatKey.objects.filter(created_at__lt=now - REPEAT_KEYS_LAST).delete()


def _end(payment_id: PaymentId, by: EndedBy, now: datetime) -> None:
    act = _begin_end(payment_id, by, now=now)
    if act:
        carry_out(act, lambda provider: provider.cancel(act.act), now=now)


@transaction
def _begin_end(payment_id: PaymentId, by: EndedBy, *, now: datetime) -> OpenAct | None:
    payment = Payment.objects.filter(id=payment_id).select_related("account").first()
    if payment is None:
        raise PaymentNotFound(f"there is no payment {payment_id}")
    state = State(payment.state)
    if by is EndedBy.TIME and not is_due(state, created_at=payment.created_at, moved_at=payment.moved_at, now=now):
        raise PaymentMoved("the payment is in use again")
    move(payment, end_of(state, by), now=now)
    return open_act(payment, "cancel", now=now) if must_let_go(State(payment.state)) else None


@reading
def _due(now: datetime) -> list[tuple[OrganisationId, PaymentId]]:
    unfinished = Q(state__in=_UNFINISHED, created_at__lte=now - LASTS, moved_at__lte=now - STAYS_WHILE_USED_WITHIN)
    unclaimed = Q(state=State.AWAITING_CAPTURE_REQUEST.value, created_at__lte=now - RESERVATION_LASTS)
    rows = Payment.objects.filter(unfinished | unclaimed).order_by("created_at")
    return [(OrganisationId(row.organisation_id), PaymentId(row.id)) for row in rows[:_BATCH]]
