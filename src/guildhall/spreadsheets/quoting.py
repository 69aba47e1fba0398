"""Whether a row of text keeps to the rules of quotation marks, and if not, where it breaks them.

A quotation mark that is lost or added makes everything after it mean something else: what was outside a cell is inside,
until some other mark ends it, and a person's row becomes part of another's. Readers of text forgive that; we do not.
Every mark of a row must open a cell, close it, or stand doubled in it. So a file in order has an even number of them,
and whichever single one is lost or added, the file is refused (RFC 4180, section 2).
"""

import re
from collections.abc import Mapping

from guildhall.spreadsheets.table import QuoteInsideCell, QuoteNeverEnds, UnreadableFile

DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
"""What may stand between the columns of a text file. The first four are found out; the others a file must name."""

_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_LINE_END = re.compile(r"\r\n|\r|\n")


def _cells_between(delimiter: str) -> re.Pattern[str]:
    cell = rf' *+(?:{_QUOTED} *+|[^"\r\n{re.escape(delimiter)}]*+)'
    return re.compile(rf"{cell}(?:{re.escape(delimiter)}{cell})*+")


_CELLS: Mapping[str, re.Pattern[str]] = {delimiter: _cells_between(delimiter) for delimiter in DELIMITERS}
"""The cells of a row that are in order, up to its end or to the first sign that is where none may be."""


def keeps_to_the_rules(row: str, delimiter: str) -> bool:
    """Say whether a row, as it stands in the file with the ends of its lines, can be read in one way only."""
    return not row[_end_of_order(row, delimiter) :].strip("\r\n")


def fault_of(row: str, delimiter: str, *, number: int, line: int) -> UnreadableFile:
    """Return what is wrong with a row that breaks the rules: the row has a number, and begins on a line of the file."""
    place = _end_of_order(row, delimiter)
    at_line = line + len(_LINE_END.findall(row, 0, place))
    before = row[:place].rstrip(" ")
    if row[place] == '"' and (not before or before.endswith(delimiter)):
        return QuoteNeverEnds(number, line, at_line)
    return QuoteInsideCell(number, line, at_line)


def _end_of_order(row: str, delimiter: str) -> int:
    found = _CELLS[delimiter].match(row)
    return found.end() if found else 0
