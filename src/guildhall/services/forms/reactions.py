"""What forms do on hearing of payments."""

from datetime import datetime

from guildhall.pay.events import PaymentFailed, PaymentSettled
from guildhall.services.forms import operations


def open_paid_case(settled: PaymentSettled, *, now: datetime) -> None:
    """Open the case of what was paid for, if it came from a form."""
    operations.open_paid_case(settled.payment_id, now=now)


def note_failed_payment(failed: PaymentFailed, *, now: datetime) -> None:
    """Make room for another attempt."""
    operations.note_failed_payment(failed.payment_id, now=now)
