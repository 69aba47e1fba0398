"""What a provider's receipt makes of a message (contract: notify 1.8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from guildhall.contact.phone_number import NotAPhoneNumber, parse_phone_number
from guildhall.notify.domain.delivery import Status

APPLIES_FROM = frozenset(
    {Status.CREATED, Status.SENDING, Status.PENDING, Status.SENT, Status.PENDING_VIRUS_CHECK},
)
"""Where a message is still open; to any other a receipt says nothing new."""

LOOKS_AFTER = (timedelta(seconds=5), timedelta(seconds=60), timedelta(minutes=10), timedelta(hours=1))
"""How long a receipt under the provider's own name waits for its message, whose hand-over may not be recorded yet."""


class Use(StrEnum):
    """What became of a receipt."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    NOT_BELIEVED = "not-believed"
    NO_MESSAGE = "no-message"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says became of a message, in our words.

    ``reference`` is the message's id or the provider's own name for it. ``is_explained``: the provider gave a reason
    that we know, so that a failure is of the kind it says. ``is_complaint``: it arrived, and the reader called it
    unwanted.
    """

    provider: str
    reference: str
    status: Status
    detail: str
    at: datetime
    is_explained: bool = True
    is_complaint: bool = False


def applies(said: Status, *, before: Status) -> bool:
    """Decide whether a receipt says anything new of a message that is ``before``. A letter can come back at any time.

    >>> applies(Status.RETURNED_LETTER, before=Status.DELIVERED), applies(Status.DELIVERED, before=Status.CANCELLED)
    (True, False)
    """
    return before in APPLIES_FROM or (said is Status.RETURNED_LETTER and before is Status.DELIVERED)


def status_after(said: Status, *, before: Status, is_explained: bool) -> Status:
    """Return where a message is that was ``before`` and of which a receipt says ``said``.

    A network that held a message back and then declined it, for no reason that we know, may take the next one.

    >>> status_after(Status.PERMANENT_FAILURE, before=Status.PENDING, is_explained=False).value
    'temporary-failure'
    """
    if said is Status.PERMANENT_FAILURE and before is Status.PENDING and not is_explained:
        return Status.TEMPORARY_FAILURE
    return said


def gives_receipts(digits: str) -> bool:
    """Decide whether networks of a number's country tell the truth about what was delivered."""
    try:
        return parse_phone_number(f"+{digits}").country.gives_receipts
    except NotAPhoneNumber:
        return False
