"""Tracking's work by the clock."""

from datetime import datetime

from guildhall.kernel.periodic import every
from guildhall.services.tracking import operations


@every(minutes=30)
def forget_old_tries(now: datetime) -> None:
    """Forget who tried what more than an hour ago."""
    operations.forget_old_tries(now=now)
