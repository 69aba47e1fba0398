"""Teams: how long an invitation lasts, and what may never happen to the last owner."""

import re
from datetime import timedelta

from guildhall.kernel.refusals import Conflict, Invalid

INVITATION_LASTS = timedelta(days=7)
_ADDRESS = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\".]+(\.[^@\s,;<>()\".]+)+")


class LastOwner(Conflict):
    """A council must keep at least one owner: make somebody else an owner first."""


class NotAnAddress(Invalid):
    """What was typed is not an email address."""


def read_address(typed: str) -> str:
    """Return an email address as invitations are compared by: without capitals and spaces around it.

    Only its shape is checked: whether it exists shows when the invitation is accepted.

    :raises NotAnAddress: it has no shape of one.
    """
    address = typed.strip().lower()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise NotAnAddress("this is not an email address")
    return address


def keep_an_owner(owners_left: int) -> None:
    """Check what a change to a team would leave.

    :raises LastOwner: nobody.
    """
    if owners_left < 1:
        raise LastOwner("a council must keep at least one owner")
