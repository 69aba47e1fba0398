"""Telephone numbers for people to ring: kept as they were typed, extensions and numbers abroad among them.

Whether a number exists is not checked: numbers for films are in no number plan, and switchboards are in none of ours
(contracts: services 1.5, account-and-design 4.4). What text messages are sent to is stricter (``phone_number``).
"""

import re

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier

FEWEST_DIGITS, MOST_DIGITS = 8, 15

_TELEPHONE = re.compile(r"(?:[-()+.\s0-9]|x|ext|est)+", re.ASCII)


class NotATelephoneNumber(Invalid):
    """The text is not a telephone number."""


class TelephoneTooShort(NotATelephoneNumber):
    """It has fewer digits than any telephone number."""


class TelephoneTooLong(NotATelephoneNumber):
    """It has more digits than any telephone number and its extension."""


def read_telephone(typed: str) -> str:
    """Return the number as it was typed, without what cannot be seen and with plain digits and hyphens.

    >>> read_telephone(" 01632\\u00a0960\\u2011001 ext 4\\u200b")
    '01632 960-001 ext 4'

    :raises NotATelephoneNumber: it holds other characters, or has too few digits or too many.
    """
    number = clean_identifier(typed)
    if not _TELEPHONE.fullmatch(number):
        raise NotATelephoneNumber("this is not a telephone number")
    digits = sum(character.isdigit() for character in number)
    if digits < FEWEST_DIGITS:
        raise TelephoneTooShort(f"a telephone number has at least {FEWEST_DIGITS} digits")
    if digits > MOST_DIGITS:
        raise TelephoneTooLong(f"a telephone number has at most {MOST_DIGITS} digits")
    return number
