"""News about payments."""

from dataclasses import dataclass
from uuid import UUID

from guildhall.kernel.events import Event


@dataclass(frozen=True)
class PaymentSettled(Event):
    """The money has been taken. Announced once for a payment; ``reference`` is the asker's own."""

    payment_id: UUID
    account_id: UUID
    reference: str


@dataclass(frozen=True)
class PaymentFailed(Event):
    """The payment is over and no money will come; ``code`` says why (P0010 rejected, P0030 cancelled by the payer…)."""

    payment_id: UUID
    account_id: UUID
    reference: str
    code: str
