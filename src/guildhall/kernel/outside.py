"""Numbers, ids and moments that come from outside as text: looked at for their length before anything is converted.

None of these raises: they return None for what cannot be read, and the caller says what that means. Digits are ASCII's;
``isdigit`` and ``int`` take others too.
"""

from datetime import UTC, date, datetime
from uuid import UUID

LARGEST_INTEGER = 2**31 - 1
"""The largest number that a column of integers holds."""

_LONGEST_ID = 45
_LONGEST_MOMENT = 40


def whole_number(text: str | None, *, most: int = LARGEST_INTEGER) -> int | None:
    """Return a number from 0 to ``most``, written with no more digits than ``most`` has.

    >>> whole_number("007", most=999), whole_number("²"), whole_number("9" * 5_000), whole_number("1000", most=999)
    (7, None, None, None)
    """
    if not text or len(text) > len(str(most)) or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= most else None


def read_id(text: str | None) -> UUID | None:
    """Return the id that a text spells, in any of the forms that ids are written in."""
    if not text or len(text) > _LONGEST_ID or not text.isascii():
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def read_day(text: str | None) -> date | None:
    """Return a day written as ISO 8601 has it."""
    if not text or len(text) > _LONGEST_MOMENT:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_moment(text: str | None) -> datetime | None:
    """Return a moment written as ISO 8601 has it, with the zone that it names, if it names one.

    None for a moment so near the ends of the calendar that it lies beyond them in another zone.
    """
    if not text or len(text) > _LONGEST_MOMENT:
        return None
    try:
        moment = datetime.fromisoformat(text)
        _ = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment
