"""What notify does on hearing news."""

from datetime import datetime

from guildhall.metering.events import AllowanceThresholdReached
from guildhall.notify.operations import threshold_letters


def tell_of_threshold(event: AllowanceThresholdReached, *, now: datetime) -> None:
    """Write to those who look after the council's money."""
    threshold_letters.tell_of_threshold(event, now=now)
