"""Telling what kind of file a list is, by what is in it: its name may say anything."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from guildhall.notify.domain.lists.delimited import read_delimited
from guildhall.notify.domain.lists.ods import is_opendocument, read_ods
from guildhall.notify.domain.lists.table import (
    LARGEST_FILE,
    LARGEST_TEXT,
    MOST_ROWS,
    FileEmpty,
    FileTooLarge,
    NotAList,
    Row,
    Table,
    TooManyRows,
)
from guildhall.notify.domain.lists.workbook import is_workbook
from guildhall.notify.domain.lists.xls import OLD_OFFICE, read_xls
from guildhall.notify.domain.lists.xlsx import read_xlsx
from guildhall.notify.domain.lists.zipped import open_archive

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


def open_list(parts: Iterable[bytes], *, expected: Collection[str] = ()) -> Table:
    """Return the rows of a file that comes in ``parts``, which are gone through as often as needed.

    Text is read as it streams; a spreadsheet is kept packed in memory. Rows are refused as they are reached.

    :param expected: names of columns that the list should have.
    :raises UnreadableFile: one of its kinds, here or while the rows are read.
    """
    start = next(iter(parts), b"")
    if not start.strip():
        raise FileEmpty("there is nothing in the file")
    table = _reader_for(start, expected)(parts)
    return replace(table, rows=_at_most(table.rows))


def size_unpacked(parts: Iterable[bytes]) -> int:
    """Return how many bytes there are to read in a file; of an archive, once it is unpacked.

    :raises UnreadableFile: as ``open_list``.
    """
    content = _whole(parts)
    if not content.startswith(_ARCHIVE):
        return len(content)
    return sum(member.file_size for member in open_archive(content).infolist())


def _reader_for(start: bytes, expected: Collection[str]) -> Callable[[Iterable[bytes]], Table]:
    if start.startswith(_ARCHIVE):
        return _read_archive
    if start.startswith(OLD_OFFICE):
        return lambda parts: read_xls(_whole(parts))
    if start.lstrip().startswith(_OTHERS):
        raise NotAList("another kind of file")
    return lambda parts: read_delimited(parts, expected)


def _read_archive(parts: Iterable[bytes]) -> Table:
    archive = open_archive(_whole(parts))
    if is_opendocument(archive):
        return read_ods(archive)
    if is_workbook(archive):
        return read_xlsx(archive)
    raise NotAList("an archive that is no spreadsheet")


def _whole(parts: Iterable[bytes]) -> bytes:
    content = b"".join(parts)
    if len(content) > LARGEST_FILE:
        raise FileTooLarge("the file is larger than a list can be")
    return content


def _at_most(rows: Iterable[Row]) -> Iterator[Row]:
    """Hand out the headings and as many rows, and as much text, as a list may have."""
    count = size = 0
    for row in rows:
        count, size = count + 1, size + sum(map(len, row.cells))
        if count > MOST_ROWS + 1:
            raise TooManyRows(f"more than {MOST_ROWS} rows")
        if size > LARGEST_TEXT:
            raise FileTooLarge("the cells hold more text than a list can have")
        yield row
    if not count:
        raise FileEmpty("there is no row in the file")
