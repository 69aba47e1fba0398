"""Rows that another row has swallowed: a cell of a text file that goes on over line ends and holds what rows hold.

Two quotation marks that belong to different cells keep to the rules, and take everything between them for one cell.
What gives it away is that a line of the cell is a row: it has as many separators as one, and says whom to write to.
An address or a note over several lines has not. Where a file cannot tell the two apart, a spreadsheet can, and people
are told so.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.columns import Columns

_FEWEST_SEPARATORS = 2
"""With one separator a row is two words with a comma between them, as lines of addresses are."""
_NUMBER = re.compile(r"(?:\+|00|\(?0?7|44)[\d ().-]{6,30}")
"""A mobile number, or one with a country's code."""


def find_swallowed(cells: Sequence[str], columns: Columns, channel: Channel) -> int | None:
    """Return the place of a cell that seems to hold other rows, or None."""
    if not columns.delimiter or "\n" not in columns.delimiter.join(cells):
        return None
    place = next(place for place, cell in enumerate(cells) if "\n" in cell)
    if _holds_a_row(cells, columns) or _FINDS[channel](cells, columns):
        return place
    return None


def _holds_a_row(cells: Sequence[str], columns: Columns) -> bool:
    """Whether a line of a cell, after the first, has as many separators as a row of the file."""
    fewest = max(_FEWEST_SEPARATORS, columns.width - 1)
    return any(line.count(columns.delimiter) >= fewest for cell in cells for line in cell.split("\n")[1:])


def _goes_on_with_a_recipient(cells: Sequence[str], columns: Columns, looks_like_one: Callable[[str], bool]) -> bool:
    """Whether one of the row's own lines, after the first, could begin a row: enough separators follow, and a name."""
    lines = columns.delimiter.join(cells).split("\n")
    to_the_end = list(accumulate(line.count(columns.delimiter) for line in reversed(lines)))[::-1]
    fewest, first = max(1, columns.width - 1), columns.first_recipient
    return any(
        separators >= fewest and any(map(looks_like_one, line.split(columns.delimiter)[first:]))
        for line, separators in list(zip(lines, to_the_end, strict=True))[1:]
    )


def _finds_email(cells: Sequence[str], columns: Columns) -> bool:
    return _goes_on_with_a_recipient(cells, columns, lambda cell: "@" in cell)


def _finds_number(cells: Sequence[str], columns: Columns) -> bool:
    return _goes_on_with_a_recipient(cells, columns, _is_like_a_mobile)


def _finds_address(cells: Sequence[str], columns: Columns) -> bool:
    """Whether the row's first line and a later one could each be a row: nothing tells an address by itself."""
    fewest = max(_FEWEST_SEPARATORS, columns.width - 1)
    first, *others = (line.count(columns.delimiter) for line in columns.delimiter.join(cells).split("\n"))
    return first >= fewest and max(others) >= fewest


def _is_like_a_mobile(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip(" \"'")) is not None


_FINDS: Mapping[Channel, Callable[[Sequence[str], Columns], bool]] = {
    Channel.EMAIL: _finds_email,
    Channel.SMS: _finds_number,
    Channel.LETTER: _finds_address,
}
