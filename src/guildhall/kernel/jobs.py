"""The kernel's own work by the clock."""

from datetime import datetime

from guildhall.kernel import tries
from guildhall.kernel.periodic import every


@every(minutes=10)
def purge_old_tries(now: datetime) -> None:
    """Delete the counts of tries that have lapsed."""
    tries.purge_old_tries(now=now)
