"""Texts that come in: whose they are, and to what number."""

import re
from dataclasses import dataclass
from datetime import datetime

from guildhall.contact.phone_number import NotAPhoneNumber, parse_phone_number

_NOT_A_DIGIT = re.compile(r"\D")
_UK_NUMBER = re.compile(r"44(\d{10})")


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text as a provider tells of it. ``name`` is the provider's own for it; empty when it has none."""

    provider: str
    name: str
    to: str
    sender: str
    content: str
    sent_at: datetime


def number_as_dialled(number: str) -> str:
    """Return a number of ours as it is dialled within the country, which is how texts to it are told apart.

    >>> number_as_dialled("+44 7700 900111"), number_as_dialled("60006")
    ('07700900111', '60006')
    """
    digits = _NOT_A_DIGIT.sub("", number)
    found = _UK_NUMBER.fullmatch(digits)
    return f"0{found[1]}" if found else digits


def sender_as_kept(number: str) -> str:
    """Return who wrote, as recipients are kept; what is no phone number (a shop's name) stays as it came."""
    try:
        return parse_phone_number(number).digits
    except NotAPhoneNumber:
        return number.strip()
