"""Payment ids as clients see them: 26 characters of ``0-9a-v``, which are the bits of our own id in base 32."""

import re
from typing import NewType
from uuid import UUID

PaymentId = NewType("PaymentId", UUID)
PayAccountId = NewType("PayAccountId", UUID)

_DIGITS = "0123456789abcdefghijklmnopqrstuv"
_LENGTH = 26
_SHAPE = re.compile(r"[0-7][0-9a-v]{25}")  # 128 bits leave the first character two bits short


def as_text(number: int) -> str:
    """Write up to 130 bits as 26 characters, padded with ``0`` on the left.

    >>> as_text(33)
    '00000000000000000000000011'
    """
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def public_id(payment_id: UUID) -> str:
    """Return the id that clients and addresses use for a payment."""
    return as_text(payment_id.int)


def find_payment_id(text: str) -> PaymentId | None:
    """Return our id of a payment, or None when the text cannot be one."""
    return PaymentId(UUID(int=int(text, 32))) if _SHAPE.fullmatch(text) else None
