"""How often something may be tried, and against whom the tries count."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Against(StrEnum):
    """What a count belongs to, the narrowest first. It decides what somebody is told who has used it up."""

    THING = "thing"
    """An account, a reference, a file: whatever is being guessed at, whether or not it exists."""

    RECIPIENT = "recipient"
    """A mailbox to which strangers may have emails sent."""

    NETWORK = "network"
    """Whoever shares a connection to the internet: a home, an office, a library."""

    EVERYBODY = "everybody"
    """All of the installation."""


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` within ``counted_for`` of the first. The last of them locks: for ``locked_for``, or, where that
    is None, until ``counted_for`` is over."""

    tries: int
    counted_for: timedelta
    locked_for: timedelta | None = None


@dataclass(frozen=True)
class Counted:
    """One count: of an action, against somebody. ``whom`` is kept as a digest only, so that anything may be in it."""

    action: str
    against: Against
    whom: str
    limit: Limit
