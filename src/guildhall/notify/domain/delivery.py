"""The life of a message after it was accepted, and the recipients that only pretend to be people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"


class Status(StrEnum):
    """Where a message is. The words are Notify's: councils' own code compares them."""

    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    PENDING = "pending"
    TECHNICAL_FAILURE = "technical-failure"
    TEMPORARY_FAILURE = "temporary-failure"
    PERMANENT_FAILURE = "permanent-failure"
    PENDING_VIRUS_CHECK = "pending-virus-check"
    VALIDATION_FAILED = "validation-failed"
    VIRUS_SCAN_FAILED = "virus-scan-failed"
    RETURNED_LETTER = "returned-letter"
    CANCELLED = "cancelled"


FINISHED = frozenset(
    {
        Status.SENT,
        Status.DELIVERED,
        Status.TECHNICAL_FAILURE,
        Status.TEMPORARY_FAILURE,
        Status.PERMANENT_FAILURE,
        Status.VALIDATION_FAILED,
        Status.VIRUS_SCAN_FAILED,
        Status.RETURNED_LETTER,
        Status.CANCELLED,
    }
)
TRIES = 49
"""A hand-over and 48 repeats, five minutes apart; then nobody can be blamed but us (contract: notify 4)."""

TRIES_OF_LETTERS = 56
BETWEEN_TRIES = timedelta(seconds=300)
WAITED_FOR = timedelta(hours=72)
"""How long news of a message is waited for, and how long a message waits for somebody who takes it."""

SOONEST = timedelta(seconds=5)


CPU_SECONDS_TO_WRITE = 5.0
"""What a message may cost to be written out: some ten thousand times what an ordinary one does."""

CRASHES_ALLOWED = 1
"""How often a message may be alone in the hands of a worker that is not heard of again."""


class Quarantine(StrEnum):
    """Why a message was taken out of delivery for good: it is itself what would keep all others waiting."""

    UNWRITABLE = "unwritable"
    CRASHING = "crashing"


def is_to_be_quarantined(*, is_suspect: bool, crashes: int) -> bool:
    """Decide whether a message is tried once more that was among those in hand when a worker was last heard of.

    The first time nobody knows which of them it was, so each is tried alone; who is alone the second time was it.
    """
    return is_suspect and crashes >= CRASHES_ALLOWED


@dataclass(frozen=True, slots=True)
class NextStep:
    """What becomes of a message whose provider asked for another try: try at ``after``, or give up."""

    status: Status
    wait: timedelta | None


def after_failed_try(tries: int, channel: Channel) -> NextStep:
    """Decide how long to wait after the ``tries``-th hand-over failed for a reason that may pass.

    A text message is tried again at once the first time: another provider, or the same one a moment later, often works.
    """
    if tries >= (TRIES_OF_LETTERS if channel is Channel.LETTER else TRIES):
        return NextStep(Status.TECHNICAL_FAILURE, None)
    wait = timedelta(0) if channel is Channel.SMS and tries == 1 else BETWEEN_TRIES
    return NextStep(Status.CREATED, wait)


def while_nobody_can_be_asked(*, waited: timedelta, next_probe_in: timedelta | None) -> NextStep:
    """Decide how long a message waits that nobody was asked to take, because nobody takes any at the moment.

    That is not a try: an outage of every provider, however long, costs no message its tries. After three days we say
    that it failed.
    """
    if waited >= WAITED_FOR:
        return NextStep(Status.TECHNICAL_FAILURE, None)
    wait = BETWEEN_TRIES if next_probe_in is None else min(max(next_probe_in, SOONEST), BETWEEN_TRIES)
    return NextStep(Status.CREATED, wait)


def after_hand_over(channel: Channel, *, is_delivered: bool, is_abroad: bool) -> Status:
    """Return what a message is that a provider has taken. Few networks abroad ever tell more, so there it is sent."""
    if is_delivered:
        return Status.DELIVERED
    return Status.SENT if channel is Channel.SMS and is_abroad else Status.SENDING


ALWAYS_SIMULATED = frozenset(
    {
        "447700900000",
        "447700900111",
        "447700900222",
        "simulate-delivered@notifications.service.gov.uk",
        "simulate-delivered-2@notifications.service.gov.uk",
        "simulate-delivered-3@notifications.service.gov.uk",
    }
)
"""Recipients for smoke tests: checked like any other, answered as accepted, and forgotten."""

_TEST_FAILURES: Mapping[str, Status] = {
    "447700900003": Status.TEMPORARY_FAILURE,
    "447700900002": Status.PERMANENT_FAILURE,
    "temp-fail@simulator.notify": Status.TEMPORARY_FAILURE,
    "perm-fail@simulator.notify": Status.PERMANENT_FAILURE,
}


def outcome_of_test(recipient: str) -> Status:
    """Return what becomes of a message sent with a test key, which is never delivered."""
    return _TEST_FAILURES.get(recipient, Status.DELIVERED)
