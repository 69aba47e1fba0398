"""How long a signed-in person stays signed in."""

from datetime import datetime, timedelta

IDLE_FOR = timedelta(hours=1)
"""A session ends this long after the person last did something (identity contract 5)."""

LASTS_FOR = timedelta(hours=12)
"""And this long after signing in, whatever they do: a day's work."""

SURE_FOR = timedelta(minutes=15)
"""For this long after giving the password, changes to how the account is protected ask for nothing more."""


def ends_at(*, signed_in_at: datetime, last_seen_at: datetime) -> datetime:
    """Return when the session ends if its person does nothing more."""
    return min(last_seen_at + IDLE_FOR, signed_in_at + LASTS_FOR)


def is_over(*, signed_in_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Say whether the session has ended by ``now``."""
    return now >= ends_at(signed_in_at=signed_in_at, last_seen_at=last_seen_at)


def is_sure(*, password_given_at: datetime, now: datetime) -> bool:
    """Say whether the password was given so recently that it need not be asked for again."""
    return now < password_given_at + SURE_FOR
