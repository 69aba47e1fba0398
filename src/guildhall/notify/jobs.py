"""Notify's work in the background: handing messages over, and keeping months ready for new ones."""

from datetime import datetime

from guildhall.kernel import clock
from guildhall.kernel.loops import Loop
from guildhall.kernel.periodic import every
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations.facts import add_up_counts
from guildhall.notify.operations.receipts import apply_receipts, forget_receipts
from guildhall.notify.ports import Provider, Providers


def delivery_loops(providers: Providers) -> tuple[Loop, ...]:
    """Return the loops that hand messages over: one for each channel, so that none holds another up."""
    return tuple(_delivery_loop(channel, providers.get(channel)) for channel in Channel)


def _delivery_loop(channel: Channel, provider: Provider | None) -> Loop:
    def step(now: datetime) -> int:
        return operations.deliver_waiting(channel, provider, now=now, clock=clock.now)

    return Loop(f"notify.delivery.{channel}", step)


RECEIPTS = Loop("notify.receipts", lambda now: apply_receipts(now=now))
COUNTING = Loop("notify.counting", lambda now: add_up_counts(), rest_seconds=5)


@every(minutes=30)
def make_months(now: datetime) -> None:
    """Make the partitions of the coming months, long before the first message needs them."""
    operations.make_months()


@every(minutes=30)
def forget_old_receipts(now: datetime) -> None:
    """Clear away receipts that nobody will ask about any more."""
    forget_receipts(now=now)
