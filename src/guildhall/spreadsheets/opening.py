"""Telling what kind of file a table is, by what is in it: its name may say anything."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from guildhall.spreadsheets.delimited import read_delimited
from guildhall.spreadsheets.ods import is_opendocument, read_ods
from guildhall.spreadsheets.table import (
    LARGEST_FILE,
    LARGEST_TEXT,
    MOST_ROWS,
    FileEmpty,
    FileTooLarge,
    NotATable,
    Row,
    Table,
    TooManyRows,
)
from guildhall.spreadsheets.workbook import is_workbook
from guildhall.spreadsheets.xls import OLD_OFFICE, read_xls
from guildhall.spreadsheets.xlsx import read_xlsx
from guildhall.spreadsheets.zipped import open_archive

_ARCHIVE = b"PK\x03\x04"
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"<!DOCTYPE",
    b"<?xml",
)


def _nothing(name: str) -> bool:
    return False


def open_spreadsheet(parts: Iterable[bytes], *, is_expected: Callable[[str], bool] = _nothing) -> Table:
    """Return the rows of a file that comes in ``parts``, which are gone through as often as needed.

    Text is read as it streams; a spreadsheet is kept packed in memory. Rows are refused as they are reached.

    :param is_expected: whether a column of that name is expected: it tells what stands between columns of text.
    :raises UnreadableFile: one of its kinds, here or while the rows are read.
    """
    start = next(iter(parts), b"")
    if not start.strip():
        raise FileEmpty("there is nothing in the file")
    table = _reader_for(start, is_expected)(parts)
    return replace(table, rows=_at_most(table.rows))


def size_unpacked(parts: Iterable[bytes]) -> int:
    """Return how many bytes there are to read in a file; of an archive, once it is unpacked.

    :raises UnreadableFile: as ``open_spreadsheet``.
    """
    content = _whole(parts)
    if not content.startswith(_ARCHIVE):
        return len(content)
    return sum(member.file_size for member in open_archive(content).infolist())


def _reader_for(start: bytes, is_expected: Callable[[str], bool]) -> Callable[[Iterable[bytes]], Table]:
    if start.startswith(_ARCHIVE):
        return _read_archive
    if start.startswith(OLD_OFFICE):
        return lambda parts: read_xls(_whole(parts))
    if start.lstrip().startswith(_OTHERS):
        raise NotATable("another kind of file")
    return lambda parts: read_delimited(parts, is_expected)


def _read_archive(parts: Iterable[bytes]) -> Table:
    archive = open_archive(_whole(parts))
    if is_opendocument(archive):
        return read_ods(archive)
    if is_workbook(archive):
        return read_xlsx(archive)
    raise NotATable("an archive that is no spreadsheet")


def _whole(parts: Iterable[bytes]) -> bytes:
    content = b"".join(parts)
    if len(content) > LARGEST_FILE:
        raise FileTooLarge("the file is larger than a table can be")
    return content


def _at_most(rows: Iterable[Row]) -> Iterator[Row]:
    """Hand out the headings and as many rows, and as much text, as a table may have."""
    count = size = 0
    for row in rows:
        count, size = count + 1, size + sum(map(len, row.cells))
        if count > MOST_ROWS + 1:
            raise TooManyRows(f"more than {MOST_ROWS} rows")
        if size > LARGEST_TEXT:
            raise FileTooLarge("the cells hold more text than a table can have")
        yield row
    if not count:
        raise FileEmpty("there is no row in the file")
