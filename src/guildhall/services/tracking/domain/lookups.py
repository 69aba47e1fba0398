"""Looking something up by its reference and an email address, as people type them, a few times."""

from datetime import datetime, timedelta

from guildhall.kernel.text import clean_identifier

TRIES = 10
WINDOW = timedelta(hours=1)


def normalised_reference(typed: str) -> str:
    """Read a reference however it was typed: in small letters, in groups, with dashes.

    >>> normalised_reference(" hk2 de-5rt ")
    'HK2DE5RT'
    """
    return "".join(letter for letter in clean_identifier(typed).upper() if letter.isalnum())


def window_begins(now: datetime) -> datetime:
    """Return the instant whose tries, and those before it, are forgotten at ``now``."""
    return now - WINDOW
