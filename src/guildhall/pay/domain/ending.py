"""How a payment can be ended before money is taken: by the payer, by the service, or by time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from guildhall.kernel.refusals import Conflict
from guildhall.pay.domain.states import State

LASTS = timedelta(seconds=5_400)
STAYS_WHILE_USED_WITHIN = timedelta(seconds=300)
RESERVATION_LASTS = timedelta(seconds=432_000)


class EndedBy(StrEnum):
    PAYER = "payer"
    SERVICE = "service"
    TIME = "time"


class NotCancellable(Conflict):
    """The payment has gone too far, or is over."""


class StillAsking(Conflict):
    """The provider is being asked about the payment this moment; its answer decides first."""


# The next state from each from which a payment can be ended. Where money is reserved, the provider has to let it go.
_ENDS: Mapping[EndedBy, Mapping[State, State]] = {
    EndedBy.PAYER: {
        State.CREATED: State.USER_CANCELLED,
        State.ENTERING_CARD_DETAILS: State.USER_CANCELLED,
        State.AUTHORISATION_SUCCESS: State.USER_CANCEL_READY,
    },
    EndedBy.SERVICE: {
        State.CREATED: State.SYSTEM_CANCELLED,
        State.ENTERING_CARD_DETAILS: State.SYSTEM_CANCELLED,
        State.AUTHORISATION_SUCCESS: State.SYSTEM_CANCEL_READY,
        State.AWAITING_CAPTURE_REQUEST: State.SYSTEM_CANCEL_READY,
    },
    EndedBy.TIME: {
        State.CREATED: State.EXPIRED,
        State.ENTERING_CARD_DETAILS: State.EXPIRED,
        State.AUTHORISATION_SUCCESS: State.EXPIRE_CANCEL_READY,
        State.AWAITING_CAPTURE_REQUEST: State.EXPIRE_CANCEL_READY,
    },
}

_WAIT_FOR_THE_PROVIDER = frozenset({State.USER_CANCEL_READY, State.SYSTEM_CANCEL_READY, State.EXPIRE_CANCEL_READY})


def end_of(state: State, by: EndedBy) -> State:
    """Return the state that a payment in ``state`` goes to when it is ended.

    :raises NotCancellable: it cannot be ended there.
    :raises StillAsking: a card is being authorised; what the provider is doing cannot be undone by us.
    """
    if state is State.AUTHORISATION_READY:
        raise StillAsking("the provider has not answered yet")
    try:
        return _ENDS[by][state]
    except KeyError:
        raise NotCancellable(f"a payment in {state} cannot be ended by the {by}") from None


def must_let_go(state: State) -> bool:
    """Tell whether the provider has to let go of reserved money before the payment has ended."""
    return state in _WAIT_FOR_THE_PROVIDER


def is_due(state: State, *, created_at: datetime, moved_at: datetime, now: datetime) -> bool:
    """Tell whether a payment has had its time: 90 minutes unless it is in use, 5 days when it waits for its service."""
    if state is State.AWAITING_CAPTURE_REQUEST:
        return now - created_at >= RESERVATION_LASTS
    return state in _ENDS[EndedBy.TIME] and now - created_at >= LASTS and now - moved_at >= STAYS_WHILE_USED_WITHIN
