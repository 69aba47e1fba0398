"""How often something may be tried before it is locked for a while (identity contract 6; decision 21).

Strangers' tries count against the account, wherever they come from: the one who guesses gets no fresh count by starting
again. They count against the network too, which is shared by a home, an office or a whole library: its limits are for
whoever works through a list of accounts, not for a class of fifty that registers together. A browser that signed in to
the account before has a count of its own: strangers cannot lock its owner out.
"""

from datetime import timedelta
from enum import StrEnum

from guildhall.kernel.limits import Limit


class Action(StrEnum):
    """What is counted. Each account has one count for each of these."""

    GIVE_PASSWORD = "give_password"  # noqa: S105
    GIVE_EMAILED_CODE = "give_emailed_code"
    GIVE_APP_CODE = "give_app_code"
    GIVE_CREATION_CODE = "give_creation_code"
    ASK_FOR_CODE = "ask_for_code"
    ASK_FOR_CREATION_CODE = "ask_for_creation_code"
    ASK_FOR_RESET = "ask_for_reset"


class NetworkAction(StrEnum):
    """What is counted against a network. Only what goes wrong counts where something can be right."""

    PROVE = "sign-in: wrong proofs"
    ASK_FOR_CODE = "sign-in: codes asked for"
    REGISTER = "registrations"
    ASK_FOR_RESET = "new passwords asked for"


ANYBODY_MAY_ASK = frozenset({Action.ASK_FOR_CREATION_CODE, Action.ASK_FOR_RESET})
"""These send an email to whatever address is typed, with no proof before it."""

_HOUR, _QUARTER = timedelta(hours=1), timedelta(minutes=15)
_AT_ACCOUNT_CREATION = frozenset({Action.GIVE_CREATION_CODE, Action.ASK_FOR_CREATION_CODE})
_AGAINST_A_NETWORK = {
    Action.ASK_FOR_CODE: NetworkAction.ASK_FOR_CODE,
    Action.ASK_FOR_CREATION_CODE: NetworkAction.REGISTER,
    Action.ASK_FOR_RESET: NetworkAction.ASK_FOR_RESET,
}
_LIMITS_ON_A_NETWORK = {
    NetworkAction.PROVE: Limit(tries=200, counted_for=_QUARTER),
    NetworkAction.ASK_FOR_CODE: Limit(tries=500, counted_for=_HOUR),
    NetworkAction.REGISTER: Limit(tries=100, counted_for=_HOUR),
    NetworkAction.ASK_FOR_RESET: Limit(tries=100, counted_for=_HOUR),
}


def limit_on(action: Action) -> Limit:
    """Return how often an action may be tried at an account: six times; while it is created, within an hour."""
    return Limit(tries=6, counted_for=_HOUR if action in _AT_ACCOUNT_CREATION else _QUARTER, locked_for=_QUARTER)


def network_action_for(action: Action) -> NetworkAction:
    """Return what an action counts as against a network."""
    return _AGAINST_A_NETWORK.get(action, NetworkAction.PROVE)


def limit_on_network(action: NetworkAction) -> Limit:
    """Return how often the people who share a network may do it between them."""
    return _LIMITS_ON_A_NETWORK[action]
