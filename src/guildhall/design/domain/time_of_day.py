"""A time of day as people type it: ``9am``, ``9:30 a.m.``, ``09:30``, ``9.30pm``, ``noon``; in Welsh ``2:30yp``."""

import re
from datetime import time

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier

LONGEST = 30
"""Characters. Nobody needs more to type a time of day."""

_WRITTEN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?|(\d{1,2})(\d{2})")
_HALVES = {"am": 0, "yb": 0, "pm": 12, "yp": 12}
_NAMED = {
    **dict.fromkeys(("noon", "midday", "12noon", "12midday", "hannerdydd", "canoldydd"), time(12)),
    **dict.fromkeys(("midnight", "12midnight", "hannernos", "canolnos"), time(0)),
}


class NotATime(Invalid):
    """The text is no time of day."""


class HalfOfDayMissing(NotATime):
    """The text is an hour that comes twice a day, and does not say which: ``9``."""


def read_time_of_day(typed: str) -> time:
    """Return the time that somebody typed, on a clock of 12 or of 24 hours, or by its name.

    Midnight, ``12am`` and ``00:00`` are the day's beginning; whoever asks should say so. ``24:00`` is no time.

    :raises NotATime: it cannot be read.
    :raises HalfOfDayMissing: it could be in the morning or in the afternoon.

    >>> read_time_of_day("9:30 PM"), read_time_of_day("0930"), read_time_of_day("noon")
    (datetime.time(21, 30), datetime.time(9, 30), datetime.time(12, 0))
    """
    words = "".join(clean_identifier(typed[: LONGEST + 1]).lower().split())
    if len(typed) > LONGEST:
        raise NotATime("longer than any time of day")
    if words in _NAMED:
        return _NAMED[words]
    clock, half = _without_half(words)
    hour, minute = _hour_and_minute(clock)
    if half is not None:
        return _time(_HALVES[half] + hour % 12 if 1 <= hour <= 12 else 24, minute)
    if clock.isdecimal() and len(clock) < 3 and 1 <= hour <= 12:
        raise HalfOfDayMissing("in the morning or in the afternoon")
    return _time(hour, minute)


def _without_half(words: str) -> tuple[str, str | None]:
    """Take the half of the day from the end: ``am``, ``a.m.``, ``yb``."""
    plain = words.rstrip(".")
    for half in _HALVES:
        for written in (half, f"{half[0]}.{half[1]}"):
            if plain.endswith(written):
                return plain.removesuffix(written), half
    return words, None


def _hour_and_minute(clock: str) -> tuple[int, int]:
    found = _WRITTEN.fullmatch(clock) if clock.isascii() else None
    if found is None:
        raise NotATime("no time of day")
    hour, minute, long_hour, long_minute = found.groups()
    return int(hour or long_hour), int(minute or long_minute or 0)


def _time(hour: int, minute: int) -> time:
    try:
        return time(hour, minute)
    except ValueError as fault:
        raise NotATime("no time of day") from fault
