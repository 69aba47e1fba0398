"""Teams: how long an invitation lasts, and what may never happen to the last owner."""

from datetime import timedelta

from guildhall.kernel.refusals import Conflict

INVITATION_LASTS = timedelta(days=7)


class LastOwner(Conflict):
    """A council must keep at least one owner: make somebody else an owner first."""


def keep_an_owner(owners_left: int) -> None:
    """Check what a change to a team would leave.

    :raises LastOwner: nobody.
    """
    if owners_left < 1:
        raise LastOwner("a council must keep at least one owner")
