"""Work by the clock: forgetting what is over."""

from datetime import datetime

from guildhall.identity import operations
from guildhall.kernel.periodic import every


@every(minutes=10)
def forget_what_is_over(now: datetime) -> None:
    """Delete sessions, codes and registrations that no longer mean anything."""
    operations.forget_what_is_over(now=now)
