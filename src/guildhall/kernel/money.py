"""Money is whole pence. There is no float and no fraction of a penny in a payment."""

from typing import NewType

Pence = NewType("Pence", int)


def in_pounds(amount: Pence) -> str:
    """Write an amount as people read it.

    >>> in_pounds(Pence(123450))
    '£1,234.50'
    """
    sign = "-" if amount < 0 else ""
    pounds, pence = divmod(abs(amount), 100)
    return f"{sign}£{pounds:,}.{pence:02d}"
