"""Tables as text: a row a line, with a comma or some other sign between the columns, in whatever encoding."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from guildhall.spreadsheets.encodings import decoded, encoding_of, lines_of
from guildhall.spreadsheets.quoting import DELIMITERS, fault_of, keeps_to_the_rules
from guildhall.spreadsheets.table import LONGEST_CELL, CellTooLong, Row, Table, TooManyColumns, clean_cells
from guildhall.spreadsheets.table import MOST_COLUMNS as MOST

_GUESSED = DELIMITERS[:4]
_SAMPLE = 65_536
_LOOKED_AT = 20
_SAYS_SEPARATOR = re.compile(r"sep=([,;\t|:^~])\r?\n", re.IGNORECASE)
_MARKS = "\ufeff\u200b\u2060"
"""What may stand before the first quotation mark of a line, and is not seen."""

csv.field_size_limit(LONGEST_CELL)


def read_delimited(parts: Iterable[bytes], is_expected: Callable[[str], bool]) -> Table:
    """Return the rows of a text file that comes in ``parts``, which are gone through as often as needed.

    Spaces around cells are no part of them, also before a quotation mark (contract: notify 3, CSV jobs;
    alphagov/notifications-utils:notifications_utils/recipients.py).

    :param is_expected: whether a column of that name is expected; it helps to tell what stands between columns.
    :raises NotATable: the file is not text.
    """
    encoding = encoding_of(parts)
    sample = decoded(parts, encoding).read(_SAMPLE)
    said = _SAYS_SEPARATOR.match(sample)
    delimiter = said.group(1) if said else _delimiter_of(sample, is_expected)
    lines = lines_of(parts, encoding)
    if said:
        next(lines)
    rows = _rows(lines, delimiter, before=1 if said else 0)
    return Table("csv", rows, encoding.name, delimiter, encoding.is_guess)


def _rows(lines: Iterable[str], delimiter: str, *, before: int) -> Iterator[Row]:
    """Read the rows of lines that come after so many others.

    Every row that has a quotation mark is looked at as it stands in the file, before anybody gets to see its cells.
    """
    number, line, taken = 0, before + 1, list[str]()
    try:
        for number, cells in enumerate(_cells(lines, delimiter, taken), start=1):
            if len(taken) > 1 or '"' in taken[0]:
                _check_quotes("".join(taken), delimiter, number, line)
            line += len(taken)
            taken.clear()
            if len(cells) > MOST:
                raise TooManyColumns(f"row {number} has {len(cells)} columns")
            cleaned = clean_cells(cells)
            if any(cleaned):
                yield Row(number, cleaned)
    except csv.Error as fault:
        if len(taken) > 1:
            _check_quotes("".join(taken), delimiter, number + 1, line)
        raise CellTooLong(number + 1, line) from fault


def _cells(lines: Iterable[str], delimiter: str, taken: list[str]) -> Iterator[list[str]]:
    """Read rows, and put the lines that each was read from into ``taken``, which the caller empties."""

    def handed_over() -> Iterator[str]:
        for line in lines:
            if not line.isascii():
                line = line.lstrip(_MARKS)
            taken.append(line)
            yield line

    return csv.reader(handed_over(), delimiter=delimiter, skipinitialspace=True)


def _check_quotes(row: str, delimiter: str, number: int, line: int) -> None:
    if not keeps_to_the_rules(row, delimiter):
        raise fault_of(row, delimiter, number=number, line=line)


def _delimiter_of(sample: str, is_expected: Callable[[str], bool]) -> str:
    """Return the sign that makes the most of the headings: expected names, then columns that all rows have."""
    return max(_GUESSED, key=lambda delimiter: _merit(sample, delimiter, is_expected))


def _merit(sample: str, delimiter: str, is_expected: Callable[[str], bool]) -> tuple[int, int, int]:
    try:
        read = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
        rows = [row for row in islice(read, _LOOKED_AT) if any(cell.strip() for cell in row)]
    except csv.Error:
        rows = []
    if not rows:
        return (0, 0, 0)
    known = sum(is_expected(cell.strip()) for cell in rows[0])
    alike = sum(len(row) == len(rows[0]) for row in rows)
    return (known, alike if len(rows[0]) > 1 else 0, len(rows[0]))
