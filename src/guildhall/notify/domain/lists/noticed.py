"""What is strange about a list and no reason to refuse it: said with its rows before the list is sent."""

from collections.abc import Iterator
from enum import StrEnum

from guildhall.spreadsheets.noticed import Hidden, Notices, Seen


class Noticed(StrEnum):
    """What can be noticed, in the order in which it is told: first about the file, then about its rows."""

    HIDDEN_ROWS = Hidden.ROWS
    HIDDEN_COLUMNS = Hidden.COLUMNS
    OTHER_SHEETS = Hidden.SHEETS
    SAME_HEADING = "same-heading"
    GUESSED_LETTERS = "guessed-letters"
    GARBLED_LETTERS = "garbled-letters"
    SAME_RECIPIENT = "same-recipient"
    UNLIKELY_NUMBER = "unlikely-number"
    DEARER = "dearer"
    MORE_CELLS = "more-cells"
    DATE = "date"
    LOST_DIGITS = "lost-digits"
    LOST_ZEROS = "lost-zeros"


def in_order(notices: Notices) -> Iterator[tuple[Noticed, Seen]]:
    """Go through what was noticed in the order in which it is told."""
    return ((noticed, notices[noticed]) for noticed in Noticed if noticed in set(notices))
