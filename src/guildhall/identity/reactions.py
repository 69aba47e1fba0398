"""What identity does when it hears news."""

from datetime import datetime

from guildhall.identity import operations
from guildhall.organisations.events import OfficerInvited


def send_invitation(event: OfficerInvited, *, now: datetime) -> None:
    """Write to the person a council asked into its team."""
    operations.send_invitation(event.invitation_id, now=now)
