"""What can be done to payments: refused by name, and never half done."""

from guildhall.pay.domain.ending import NotCancellable, StillAsking
from guildhall.pay.operations.accounts import (
    KeyHolder,
    ensure_pay_account,
    ensure_sandbox_key,
    identify,
    issue_key,
)
from guildhall.pay.operations.acts import ask_again
from guildhall.pay.operations.creating import (
    CreatedPayment,
    OpenedPage,
    OpenPayment,
    Repeatable,
    RepeatKeyTaken,
    TokenSpent,
    create_payment,
    create_payment_for_client,
    create_payment_within,
    open_payment,
    spend_token,
)
from guildhall.pay.operations.ending import cancel_by_payer, cancel_by_service, expire_due, forget_old_secrets
from guildhall.pay.operations.limits import TooManyRequests, count_request
from guildhall.pay.operations.moving import PaymentMoved
from guildhall.pay.operations.paying import NotCapturable, capture, confirm, enter_card

__all__ = [
    "CreatedPayment",
    "KeyHolder",
    "NotCancellable",
    "NotCapturable",
    "OpenPayment",
    "OpenedPage",
    "PaymentMoved",
    "RepeatKeyTaken",
    "Repeatable",
    "StillAsking",
    "TokenSpent",
    "TooManyRequests",
    "ask_again",
    "cancel_by_payer",
    "cancel_by_service",
    "capture",
    "confirm",
    "count_request",
    "create_payment",
    "create_payment_for_client",
    "create_payment_within",
    "ensure_pay_account",
    "ensure_sandbox_key",
    "enter_card",
    "expire_due",
    "forget_old_secrets",
    "identify",
    "issue_key",
    "open_payment",
    "spend_token",
]
