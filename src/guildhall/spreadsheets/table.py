"""An uploaded table as rows of text, whatever kind of file it was: what a person who opens the file sees."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import compose, is_blank
from guildhall.spreadsheets.cells import as_typed
from guildhall.spreadsheets.noticed import Notices

LARGEST_FILE = 25 * 1024 * 1024
"""Bytes a file may have."""

MOST_ROWS = 100_000
"""Rows a table may have, its headings and blank rows not counted."""

MOST_COLUMNS = 1_000
MOST_MERGED = 1_000
MOST_SHEETS = 100
"""Merged cells and further sheets of which we take notice."""

LARGEST_TEXT = 50_000_000
"""Characters that all cells of a table may have together: twice as many as a text file has room for. A spreadsheet
writes a text once and has it in any number of cells."""
LONGEST_CELL = 131_072
"""Characters a cell may have: four times what a spreadsheet program allows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is the spreadsheet program's own, counted from 1 with the headings and blank rows.

    ``uncalculated`` are the places of formulas whose value nobody has worked out; their cells are empty.
    """

    number: int
    cells: tuple[str, ...]
    uncalculated: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """Cells that are one on the screen: rows by their numbers, columns by their places. Only its first has text."""

    first_row: int
    last_row: int
    first_place: int
    last_place: int

    @property
    def name(self) -> str:
        """What spreadsheet programs call it: ``B2:B4``."""
        first, last = letter_of(self.first_place), letter_of(self.last_place)
        return f"{first}{self.first_row}:{last}{self.last_row}"


def letter_of(place: int) -> str:
    """Return what spreadsheet programs call a column.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    before, letter = divmod(place, 26)
    return (letter_of(before - 1) if before else "") + chr(ord("A") + letter)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that are not blank, in order, read as they are asked for.

    Of a text file ``encoding`` and ``delimiter`` say what it was taken for, and ``is_guess`` whether its letters may
    be others. ``notices`` and ``merged`` are complete when the last row has been read.
    """

    kind: str
    rows: Iterator[Row]
    encoding: str = ""
    delimiter: str = ""
    is_guess: bool = False
    notices: Notices = field(default_factory=Notices)
    merged: list[Area] = field(default_factory=list)


class UnreadableFile(Invalid):
    """The file cannot be read as a table. Its kinds say why."""


class FileEmpty(UnreadableFile):
    """There is nothing in the file, or no row in its first sheet."""


class FileTooLarge(UnreadableFile):
    """The file has more bytes than a table may have, or would have once it is unpacked."""


class NotATable(UnreadableFile):
    """The file is none of the kinds that tables come in, or is damaged, or is not what it says."""


class PasswordProtected(UnreadableFile):
    """The file cannot be read without its password."""


class TooManyRows(UnreadableFile):
    """The file has more rows than a table may have."""


class TooManyColumns(UnreadableFile):
    """The file has more columns than a table may have."""


class UnreadableRow(UnreadableFile):
    """A row cannot be read, and none after it.

    Of a text file ``line`` is where the row begins, and ``at_line`` where the fault is; both are 0 in spreadsheets.
    """

    def __init__(self, row: int, line: int = 0, at_line: int = 0) -> None:
        super().__init__(f"row {row}, line {at_line or line}")
        self.row, self.line, self.at_line = row, line, at_line or line


class CellTooLong(UnreadableRow):
    """A cell has more characters than a table's may: often a quotation mark that is never closed."""


class QuoteNeverEnds(UnreadableRow):
    """A cell begins with a quotation mark, and no other ends it."""


class QuoteInsideCell(UnreadableRow):
    """A quotation mark stands inside a cell and is not doubled: it is one too many, or another is missing."""


_PLAIN = re.compile("[ -&(-~\u00a1-\u00ac\u00ae-\u024f]*+\\Z")
"""Latin letters and signs that can be seen and are composed, without the apostrophe that ``as_typed`` looks at."""
_UNSEEN = {code: None for code in (*range(32), 127, 0xFEFF) if chr(code) not in "\t\n\r"}


def clean_cells(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a row, each clean. Of most rows only the spaces around their cells have to go."""
    return tuple(map(str.strip if _PLAIN.match("".join(cells)) else clean_cell, cells))


def clean_cell(text: str) -> str:
    """Return a cell composed, without the space around it and without characters that nobody sees.

    The apostrophe that ``defuse`` puts before a formula's sign is taken away again, so that a file of ours that
    somebody has mended can be uploaded as it is.
    """
    text = text.strip()
    if not text.isprintable():
        text = text.encode("utf-8", "replace").decode()  # half a character is none
        text = text.translate(_UNSEEN).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text.isascii():
        text = "" if is_blank(text) else compose(text)
    return as_typed(text)
