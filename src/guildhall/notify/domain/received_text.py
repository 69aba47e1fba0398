"""Texts that come in: whose they are, and to what number."""

import re
from dataclasses import dataclass
from datetime import datetime

from guildhall.contact.phone_number import NotAPhoneNumber, parse_phone_number
from guildhall.kernel.text import clean_identifier, compose

LONGEST_TEXT = 10_000
"""Characters; a text that networks carry has less than a tenth of them, and each may be written as nine."""

LONGEST_NAME = 200
"""Characters of whatever else a provider says: who wrote, its own name for a text, when it was."""

NOBODY = "?"

_NOT_A_DIGIT = re.compile(r"\D")
_UK_NUMBER = re.compile(r"44(\d{10})")


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text as a provider tells of it. ``name`` is the provider's own for it; empty when it has none.

    ``moment`` is when it was sent, in the provider's own words; empty when it does not say.
    """

    provider: str
    name: str
    to: str
    sender: str
    content: str
    sent_at: datetime
    moment: str


def number_as_dialled(number: str) -> str:
    """Return a number of ours as it is dialled within the country, which is how texts to it are told apart.

    >>> number_as_dialled("+44 7700 900111"), number_as_dialled("60006")
    ('07700900111', '60006')
    """
    digits = _NOT_A_DIGIT.sub("", number)
    found = _UK_NUMBER.fullmatch(digits)
    return f"0{found[1]}" if found else digits


def sender_as_kept(number: str) -> str:
    """Return who wrote, as recipients are kept; of what is no phone number (a shop's name), what can be seen."""
    number = number[:LONGEST_NAME]
    try:
        return parse_phone_number(number).digits
    except NotAPhoneNumber:
        return clean_identifier(number) or NOBODY


def content_as_kept(content: str) -> str:
    """Return what somebody wrote, as words for people, and without what neither JSON nor the database takes."""
    whole = content[:LONGEST_TEXT].replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return compose(whole)


def what_tells_it_apart(text: IncomingText) -> tuple[str, ...]:
    """Return what tells a text from any other: what the provider says of it, in its own words.

    A text with neither a name nor a moment of its own is told apart by when it came: somebody may write "Yes" twice.
    """
    moment = text.moment or ("" if text.name else text.sent_at.isoformat())
    return text.provider, text.name, text.to, text.sender, text.content, moment
