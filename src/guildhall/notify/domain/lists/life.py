"""The life of an uploaded list, from the file to the last message."""

from datetime import datetime, timedelta
from enum import StrEnum

MAY_WAIT = timedelta(days=7)
"""How far ahead a list may be scheduled."""


class State(StrEnum):
    """Where a list is."""

    CHECKING = "checking"
    UNREADABLE = "unreadable"
    WRONG = "wrong"
    READY = "ready"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    FINISHED = "finished"
    CANCELLED = "cancelled"


WAS_SENT = frozenset({State.SCHEDULED, State.SENDING, State.FINISHED})
"""States of a list that somebody has confirmed."""


MAY_BE_CANCELLED = frozenset({State.UNREADABLE, State.WRONG, State.READY, State.SCHEDULED})
"""States of a list of which nothing has been sent, and nobody is at work on it."""


class FileFault(StrEnum):
    """Why a whole file cannot be used."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_A_LIST = "not-a-list"
    LOCKED = "locked"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    CELL_TOO_LONG = "cell-too-long"
    QUOTE_NEVER_ENDS = "quote-never-ends"
    QUOTE_INSIDE_CELL = "quote-inside-cell"
    HEADING_SWALLOWED = "heading-swallowed"
    HEADINGS_BELOW = "headings-below"
    CELLS_MERGED = "cells-merged"
    NO_ROWS = "no-rows"
    COLUMNS_MISSING = "columns-missing"
    COLUMNS_REPEATED = "columns-repeated"


class Unsent(StrEnum):
    """Why a row that was in order when it was checked was not sent after all."""

    TEMPLATE_GONE = "template-gone"
    NOT_IN_ORDER = "not-in-order"
    CAP_REACHED = "cap-reached"
    MAY_NOT_SEND = "may-not-send"


def may_start_at(wanted: datetime, *, now: datetime) -> bool:
    """Decide whether a list may be scheduled for a moment: from now on, up to seven days ahead."""
    return now <= wanted <= now + MAY_WAIT
