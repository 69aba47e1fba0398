"""Ask a provider to do something, and survive every way in which the answer can get lost.

First the act is written down and committed; then the provider is called, outside any transaction; then the answer and
all that follows from it are recorded in one transaction. When no answer came, or nobody lived to record it, the act
stays open and ``ask_again`` asks the provider what became of it. A payment has at most one open act, and an answer is
recorded once, whoever brings it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction
from guildhall.pay.domain.ids import PaymentId
from guildhall.pay.domain.states import State
from guildhall.pay.models import Payment, ProviderAct
from guildhall.pay.operations.moving import move
from guildhall.pay.ports import Act, Answer, CardProvider, ProviderUnreachable, Result, provider_named
from guildhall.pay.queries import PaymentView, get_payment

log = structlog.get_logger(__name__)

ASKED_AGAIN_AFTER = timedelta(seconds=30)
_BATCH = 200

_Ends = Mapping[Answer, tuple[State, ...]]


def _cancelled(end: State, error: State) -> _Ends:
    return {Answer.SUCCEEDED: (end,), Answer.DECLINED: (error,), Answer.FAILED: (error,)}


# Where an answer leads from each state that waits for one. An answer that is not listed leaves the act open.
_ENDS: Mapping[State, _Ends] = {
    State.AUTHORISATION_READY: {
        Answer.SUCCEEDED: (State.AUTHORISATION_SUCCESS,),
        Answer.DECLINED: (State.AUTHORISATION_REJECTED,),
        Answer.FAILED: (State.AUTHORISATION_ERROR,),
        # The card number is gone, so it cannot be asked again; the payer can start a new payment.
        Answer.NEVER_HEARD_OF: (State.AUTHORISATION_UNEXPECTED_ERROR, State.AUTHORISATION_ERROR_CHARGE_MISSING),
    },
    State.CAPTURE_READY: {
        Answer.SUCCEEDED: (State.CAPTURE_SUBMITTED, State.CAPTURED),
        Answer.DECLINED: (State.CAPTURE_ERROR,),
        Answer.FAILED: (State.CAPTURE_ERROR,),
    },
    State.USER_CANCEL_READY: _cancelled(State.USER_CANCELLED, State.USER_CANCEL_ERROR),
    State.SYSTEM_CANCEL_READY: _cancelled(State.SYSTEM_CANCELLED, State.SYSTEM_CANCEL_ERROR),
    State.EXPIRE_CANCEL_READY: _cancelled(State.EXPIRED, State.EXPIRE_CANCEL_FAILED),
}


@dataclass(frozen=True)
class OpenAct:
    """An act that is written down and has no answer yet."""

    provider: str
    kind: str
    act: Act


@part_of_a_transaction
def open_act(payment: Payment, kind: str, *, now: datetime) -> OpenAct:
    """Write down that the provider is about to be asked for ``kind``: authorise, capture or cancel."""
    row = ProviderAct.objects.create(id=new_id(), payment=payment, kind=kind, asked_at=now)
    return _open_act_of(row, payment)


def carry_out(act: OpenAct, call: Callable[[CardProvider], Result], *, now: datetime) -> PaymentView:
    """Call the provider for an act that is written down, and record what it answers.

    Returns the payment as it stands then: still under way when there was no answer.
    """
    return _record(act, _answer_of(act, call), now=now)


def ask_again(*, now: datetime) -> int:
    """Ask every provider what became of acts that have been open for a while, for all councils; return how many."""
    waiting = _open_acts(before=now - ASKED_AGAIN_AFTER)
    for organisation_id, key in waiting:
        with acting_for(organisation_id):
            act = _take_up(key, before=now - ASKED_AGAIN_AFTER, now=now)
            if act:
                _settle_open_act(act, now)
    return len(waiting)


def _settle_open_act(act: OpenAct, now: datetime) -> None:
    try:
        result = _answer_of(act, lambda provider: provider.query(act.act))
        if result.answer is Answer.NEVER_HEARD_OF and act.kind in _repeats:
            result = _answer_of(act, _repeats[act.kind](act.act))
        _record(act, result, now=now)
    except Exception:  # one payment that cannot be settled must not keep the others waiting
        log.exception("payment_act_still_open", act=str(act.act.key), kind=act.kind)


_repeats: Mapping[str, Callable[[Act], Callable[[CardProvider], Result]]] = {
    "capture": lambda act: lambda provider: provider.capture(act),
    "cancel": lambda act: lambda provider: provider.cancel(act),
}


def _answer_of(act: OpenAct, call: Callable[[CardProvider], Result]) -> Result:
    try:
        return call(provider_named(act.provider))
    except ProviderUnreachable:
        log.warning("payment_provider_unreachable", act=str(act.act.key), kind=act.kind, provider=act.provider)
        return Result(Answer.UNKNOWN)


@transaction
def _record(act: OpenAct, result: Result, *, now: datetime) -> PaymentView:
    payment = Payment.objects.select_related("account").get(id=act.act.payment_id)
    path = _ENDS.get(State(payment.state), {}).get(result.answer)
    if path and _close(act, result, now):
        move(payment, *path, now=now, **_facts(path, result, now))
    return get_payment(PaymentId(payment.id))


def _close(act: OpenAct, result: Result, now: datetime) -> bool:
    """Close the act; False when somebody else has brought the answer already."""
    still_open = ProviderAct.objects.filter(id=act.act.key, answered_at=None)
    return bool(still_open.update(answered_at=now, answer=result.answer.value, reason=result.reason))


def _facts(path: tuple[State, ...], result: Result, now: datetime) -> dict[str, object]:
    if State.CAPTURED in path:
        return {"capture_submitted_at": now, "captured_at": now}
    return {"provider_id": result.provider_id} if result.provider_id else {}


@reading
def _open_acts(*, before: datetime) -> list[tuple[OrganisationId, UUID]]:
    rows = ProviderAct.objects.filter(answered_at=None, asked_at__lt=before).order_by("asked_at")
    return [(OrganisationId(row.organisation_id), row.id) for row in rows[:_BATCH]]


@transaction
def _take_up(key: UUID, *, before: datetime, now: datetime) -> OpenAct | None:
    """Claim an open act, so that one sweeper asks at a time; None when it is closed or somebody else is asking."""
    if not ProviderAct.objects.filter(id=key, answered_at=None, asked_at__lt=before).update(asked_at=now):
        return None
    row = ProviderAct.objects.select_related("payment__account").get(id=key)
    return _open_act_of(row, row.payment)


def _open_act_of(row: ProviderAct, payment: Payment) -> OpenAct:
    return OpenAct(payment.account.provider, row.kind, Act(row.id, payment.id, Pence(payment.amount)))
