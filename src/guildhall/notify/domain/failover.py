"""Which of several provider accounts takes the next messages, and when one is set aside.

The numbers are ours where the contract's (notify 4) are points of a weight: more than 50 messages not taken within 60
seconds set an account aside, as there; so do three hand-overs in a row, which few messages an hour would never add up
to. An account set aside is asked again with a few messages, after a pause that doubles from 5 seconds to 5 minutes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

MOST_FAULTS = 50
FAULTS_ARE_COUNTED_FOR = timedelta(seconds=60)
MOST_IN_A_ROW = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(seconds=300)
MESSAGES_OF_A_PROBE = 5
A_PROBE_TAKES = timedelta(seconds=60)
"""While somebody probes, nobody else does; a prober that dies is waited for this long."""


@dataclass(frozen=True, slots=True)
class Health:
    """How an account has been doing. ``faults`` are messages not taken since ``counted_from``."""

    faults: int = 0
    counted_from: datetime | None = None
    failed_in_a_row: int = 0
    pauses: int = 0
    set_aside_until: datetime | None = None

    @property
    def is_well(self) -> bool:
        return self.set_aside_until is None


WELL = Health()


def after_hand_over(health: Health, *, taken: int, not_taken: int, is_probe: bool, now: datetime) -> Health:
    """Decide how an account stands that took so many messages and did not take so many others.

    A probe that works makes it well again, one that fails makes the pause longer. What was still under way when it was
    set aside changes nothing.
    """
    if not health.is_well:
        return health if not is_probe else WELL if taken else _set_aside(health, now)
    if not not_taken:
        return replace(health, failed_in_a_row=0)
    is_recent = health.counted_from is not None and now - health.counted_from < FAULTS_ARE_COUNTED_FOR
    noted = replace(
        health,
        faults=not_taken + (health.faults if is_recent else 0),
        counted_from=health.counted_from if is_recent else now,
        failed_in_a_row=0 if taken else health.failed_in_a_row + 1,
    )
    is_too_much = noted.faults > MOST_FAULTS or noted.failed_in_a_row >= MOST_IN_A_ROW
    return _set_aside(noted, now) if is_too_much else noted


def _set_aside(health: Health, now: datetime) -> Health:
    pause = min(FIRST_PAUSE * 2**health.pauses, LONGEST_PAUSE)
    return Health(pauses=min(health.pauses + 1, 16), set_aside_until=now + pause)


class Choosable(Protocol):
    """An account as far as choosing goes."""

    @property
    def priority(self) -> int: ...
    @property
    def weight(self) -> int: ...
    @property
    def health(self) -> Health: ...


Account = TypeVar("Account", bound=Choosable)


def order_of_choice(accounts: Sequence[Account], *, now: datetime, draw: Callable[[], float]) -> list[Account]:
    """Return whom to ask, first to last: of the accounts that are well, the lowest priority number first.

    Equal priorities take turns by weight; ``draw`` gives numbers from 0 to 1. An account whose pause is over comes
    before those that stand behind it when all are well, to be probed. Those within their pause are not asked.
    """
    due = [each for each in accounts if each.health.is_well or _may_be_probed(each.health, now)]
    best = min((each.priority for each in due if each.health.is_well), default=None)
    asked = [each for each in due if each.health.is_well or best is None or each.priority <= best]
    return sorted(asked, key=lambda each: (each.priority, each.health.is_well, _turn(each.weight, draw())))


def next_probe_at(accounts: Sequence[Choosable]) -> datetime | None:
    """Return when the first of the accounts set aside may be asked again; None if none is."""
    return min((each.health.set_aside_until for each in accounts if each.health.set_aside_until), default=None)


def _may_be_probed(health: Health, now: datetime) -> bool:
    return health.set_aside_until is not None and health.set_aside_until <= now


def _turn(weight: int, drawn: float) -> float:
    """Return a number that is the smallest of several with a chance that goes by their weights."""
    return -(drawn ** (1 / max(weight, 1)))
