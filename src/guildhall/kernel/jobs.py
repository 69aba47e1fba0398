"""The kernel's own work by the clock."""

from datetime import datetime

from guildhall.kernel import tries
from guildhall.kernel.periodic import every


@every(minutes=10)
def forget_old_tries(now: datetime) -> None:
    """Delete the counts of tries that no longer mean anything."""
    tries.forget_old_tries(now=now)
