"""How often something may be tried before it is locked for a while (identity contract 6).

The count belongs to the account and the action. It does not matter from which browser, session or network a try comes:
neither the one who guesses nor the one who is guessed at can get a fresh count by starting again.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Action(StrEnum):
    """What is counted. Each account has one counter for each of these."""

    GIVE_PASSWORD = "give_password"  # noqa: S105
    GIVE_EMAILED_CODE = "give_emailed_code"
    GIVE_APP_CODE = "give_app_code"
    GIVE_CREATION_CODE = "give_creation_code"
    ASK_FOR_CODE = "ask_for_code"
    ASK_FOR_CREATION_CODE = "ask_for_creation_code"
    ASK_FOR_RESET = "ask_for_reset"


@dataclass(frozen=True)
class Limit:
    """After ``tries`` within ``counted_for`` of each other, the action is locked for ``locked_for``."""

    tries: int
    counted_for: timedelta
    locked_for: timedelta


_AT_ACCOUNT_CREATION = frozenset({Action.GIVE_CREATION_CODE, Action.ASK_FOR_CREATION_CODE})


def limit_on(action: Action) -> Limit:
    """Return how often ``action`` may be tried: six times; counted for longer while an account is being created."""
    counted_for = timedelta(seconds=3600 if action in _AT_ACCOUNT_CREATION else 900)
    return Limit(tries=6, counted_for=counted_for, locked_for=timedelta(seconds=900))
