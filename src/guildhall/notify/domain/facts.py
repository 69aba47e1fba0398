"""What the counts of messages are about: channels, statuses, and what officers want to know of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from guildhall.notify.domain.delivery import Status

WAITING = frozenset({Status.CREATED, Status.PENDING_VIRUS_CHECK})
"""Statuses in which a message is accepted. They are counted where messages wait, not when they change."""

UNDER_WAY = WAITING | {Status.SENDING, Status.PENDING}
ARRIVED = frozenset({Status.SENT, Status.DELIVERED})
"""Of a text abroad nobody tells more than that it was sent."""

FAILED = frozenset(
    {
        Status.TECHNICAL_FAILURE,
        Status.TEMPORARY_FAILURE,
        Status.PERMANENT_FAILURE,
        Status.VALIDATION_FAILED,
        Status.VIRUS_SCAN_FAILED,
        Status.RETURNED_LETTER,
    }
)
"""All six that the API calls failed (contract: notify 1.7)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many messages are on their way, arrived, or did not. What was cancelled is no message any more."""

    under_way: int = 0
    arrived: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.under_way + self.arrived + self.failed

    @property
    def share_failed(self) -> float:
        """Percent of those of which the end is known, to one place."""
        known = self.arrived + self.failed
        return round(100 * self.failed / known, 1) if known else 0.0


def figures_of(counted: Iterable[tuple[Status, int]]) -> Figures:
    """Add up how many messages have which status.

    >>> figures_of([(Status.SENDING, 2), (Status.DELIVERED, 3), (Status.PERMANENT_FAILURE, 1)])
    Figures(under_way=2, arrived=3, failed=1)
    """
    counted = list(counted)
    return Figures(
        under_way=sum(messages for status, messages in counted if status in UNDER_WAY),
        arrived=sum(messages for status, messages in counted if status in ARRIVED),
        failed=sum(messages for status, messages in counted if status in FAILED),
    )
