"""What the counts of messages are about: channels, statuses, and what officers want to know of them."""

from guildhall.notify.domain.delivery import Status

WAITING = frozenset({Status.CREATED, Status.PENDING_VIRUS_CHECK})
"""Statuses in which a message is accepted. They are counted where messages wait, not when they change."""

UNDER_WAY = WAITING | {Status.SENDING, Status.PENDING}
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
