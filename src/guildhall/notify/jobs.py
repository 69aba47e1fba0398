"""Notify's work in the background: handing messages over, and keeping months ready for new ones."""

from datetime import datetime

from guildhall.kernel import clock
from guildhall.kernel.loops import Loop
from guildhall.kernel.periodic import every
from guildhall.notify import operations
from guildhall.notify.ports import Providers


def delivery_loop(providers: Providers) -> Loop:
    """Return the loop that hands messages over to these providers."""

    def step(now: datetime) -> int:
        return operations.deliver_waiting(providers, now=now, clock=clock.now)

    return Loop("notify.delivery", step)


@every(minutes=30)
def make_months(now: datetime) -> None:
    """Make the partitions of the coming months, long before the first message needs them."""
    operations.make_months()
