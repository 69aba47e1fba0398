"""Work by the clock: payments whose time has passed, and providers that owe an answer."""

from datetime import datetime

from guildhall.kernel.periodic import every
from guildhall.pay import operations


@every(minutes=1)
def expire_payments(now: datetime) -> None:
    """End the payments that nobody has finished in time."""
    operations.expire_due(now=now)


@every(seconds=15)
def ask_providers_again(now: datetime) -> None:
    """Ask what became of acts that were never answered, or whose answer nobody lived to record."""
    operations.ask_again(now=now)


@every(minutes=30)
def forget_old_secrets(now: datetime) -> None:
    """Drop tokens and keys that are too old to work."""
    operations.forget_old_secrets(now=now)
