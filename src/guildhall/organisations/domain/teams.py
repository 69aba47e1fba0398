"""Teams: what becomes of an invitation, how often people are invited, and what may never happen to the last owner."""

from datetime import datetime, timedelta
from enum import StrEnum

from guildhall.kernel.limits import Limit
from guildhall.kernel.refusals import Conflict

INVITATION_LASTS = timedelta(days=7)

TO_ONE_MAILBOX = Limit(tries=6, counted_for=timedelta(days=1))
"""Invitations that a mailbox gets, whichever councils send them, again or for the first time."""
FROM_ONE_SENDER = Limit(tries=300, counted_for=timedelta(hours=1))
"""Invitations that a council's owners send, or the operators to all councils."""


class InvitationState(StrEnum):
    """What has become of an invitation."""

    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


def state_of_invitation(
    *, accepted_at: datetime | None, withdrawn_at: datetime | None, expires_at: datetime, now: datetime
) -> InvitationState:
    """Return what has become of an invitation by now."""
    if accepted_at:
        return InvitationState.ACCEPTED
    if withdrawn_at:
        return InvitationState.WITHDRAWN
    return InvitationState.EXPIRED if now >= expires_at else InvitationState.WAITING


class LastOwner(Conflict):
    """A council must keep at least one owner: make somebody else an owner first."""


def keep_an_owner(owners_left: int) -> None:
    """Check what a change to a team would leave.

    :raises LastOwner: nobody.
    """
    if owners_left < 1:
        raise LastOwner("a council must keep at least one owner")
