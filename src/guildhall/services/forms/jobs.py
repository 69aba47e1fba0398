"""Forms' work by the clock."""

from datetime import datetime

from guildhall.kernel.periodic import every
from guildhall.services.forms import operations


@every(minutes=10)
def forget_old_drafts(now: datetime) -> None:
    """Throw answers away that nobody came back to."""
    operations.forget_old_drafts(now=now)
