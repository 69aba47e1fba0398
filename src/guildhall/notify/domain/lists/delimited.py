"""Lists as text: a row a line, with a comma or some other sign between the columns, in whatever encoding."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from guildhall.notify.domain.lists.table import (
    LONGEST_CELL,
    CellTooLong,
    NotAList,
    Row,
    Table,
    TooManyColumns,
    clean_cell,
)
from guildhall.notify.domain.lists.table import MOST_COLUMNS as MOST
from guildhall.notify.domain.personalisation import key_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_LOOKED_AT = 20
_SAYS_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

csv.field_size_limit(LONGEST_CELL)


def read_delimited(parts: Iterable[bytes], expected: Collection[str]) -> Table:
    """Return the rows of a text file that comes in ``parts``, which are gone through as often as needed.

    :param expected: names of columns that the list should have; they help to tell what stands between columns.
    :raises NotAList: the file is not text.
    """
    codec, name = _encoding_of(parts)
    sample = _text(parts, codec).read(_SAMPLE)
    said = _SAYS_SEPARATOR.match(sample)
    delimiter = said.group(1) if said else _delimiter_of(sample, {key_of(each) for each in expected})
    lines = _text(parts, codec)
    if said:
        lines.readline()
    return Table("csv", _rows(lines, delimiter), name, delimiter)


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if len(cells) > MOST:
                raise TooManyColumns(f"row {number} has {len(cells)} columns")
            cleaned = tuple(map(clean_cell, cells))
            if any(cleaned):
                yield Row(number, cleaned)
    except csv.Error as fault:
        raise CellTooLong(number + 1) from fault


def _encoding_of(parts: Iterable[bytes]) -> tuple[str, str]:
    """Return the codec of a text and its name for people: by its mark; else UTF-8 if it is, else Windows-1252."""
    start = next(iter(parts), b"")
    for mark, codec, name in _MARKS:
        if start.startswith(mark):
            return codec, name
    if (unmarked := _unmarked_utf16(start[:_SAMPLE])) is not None:
        return unmarked, "UTF-16"
    is_utf8, decoder = True, codecs.getincrementaldecoder("utf-8")()
    for part in parts:
        if _NEVER_IN_TEXT.search(part):
            raise NotAList("there are characters in it that no text has")
        is_utf8 = is_utf8 and _decodes(decoder, part)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8", "UTF-8"
    return "cp1252", "Windows-1252"


def _decodes(decoder: codecs.IncrementalDecoder, part: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(part, final)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf16(start: bytes) -> str | None:
    """Tell UTF-16 without its mark by the zeros at every other place, which English text has."""
    for place, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[place::2], start[1 - place :: 2]
        if zeros and zeros.count(0) > 0.7 * len(zeros) and not others.count(0):
            return codec
    return None


def _text(parts: Iterable[bytes], codec: str) -> io.TextIOWrapper:
    """Read the parts as text; what an encoding has no letter for becomes a question mark, not a refusal."""
    raw: io.RawIOBase = _Parts(parts)
    return io.TextIOWrapper(io.BufferedReader(raw), codec, errors="replace", newline="")


class _Parts(io.RawIOBase):
    """Parts of a file as the file."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._left:
            try:
                self._left = next(self._parts)
            except StopIteration:
                return 0
        taken = min(len(buffer), len(self._left))
        buffer[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken


def _delimiter_of(sample: str, expected: Collection[str]) -> str:
    """Return the sign that makes the most of the headings: expected names, then columns that all rows have."""
    return max(_DELIMITERS, key=lambda delimiter: _merit(sample, delimiter, expected))


def _merit(sample: str, delimiter: str, expected: Collection[str]) -> tuple[int, int, int]:
    try:
        read = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        rows = [row for row in islice(read, _LOOKED_AT) if any(cell.strip() for cell in row)]
    except csv.Error:
        rows = []
    if not rows:
        return (0, 0, 0)
    known = sum(key_of(cell.strip()) in expected for cell in rows[0])
    alike = sum(len(row) == len(rows[0]) for row in rows)
    return (known, alike if len(rows[0]) > 1 else 0, len(rows[0]))
