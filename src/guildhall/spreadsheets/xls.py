"""Lists as old Excel workbooks (.xls), read by xlrd: the first sheet that is not hidden, cells as shown."""

import io
from collections.abc import Iterator

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code
from xlrd.book import Book
from xlrd.sheet import Sheet

from guildhall.spreadsheets.noticed import Hidden, Notices
from guildhall.spreadsheets.number_formats import GENERAL, show_number
from guildhall.spreadsheets.table import (
    LONGEST_CELL,
    MOST_MERGED,
    MOST_SHEETS,
    Area,
    CellTooLong,
    FileTooLarge,
    NotATable,
    PasswordProtected,
    Row,
    Table,
    clean_cell,
)
from guildhall.spreadsheets.visible import Visible

LARGEST = 15 * 1024 * 1024
"""Bytes an old workbook may have: it is read whole. 65,536 rows, the most it holds, are about 5 MB of text."""

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_WORKBOOK = "EncryptedPackage".encode("utf-16-le")
_VISIBLE = 0


def read_xls(content: bytes) -> Table:
    """Return the rows of an old workbook's first sheet that is not hidden.

    :raises PasswordProtected: it, or the new workbook wrapped in it, is locked.
    :raises NotATable: it is some other old Office file, or damaged.
    :raises FileTooLarge: it is larger than any table may be.
    """
    if _LOCKED_WORKBOOK in content:
        raise PasswordProtected("a workbook with a password")
    if len(content) > LARGEST:
        raise FileTooLarge("an old workbook is read whole")
    book = _open(content)
    sheet = next((each for each in book.sheets() if each.visibility == _VISIBLE), None)
    if sheet is None:
        raise NotATable("the workbook has no sheet that is not hidden")
    notices = Notices()
    _notice_others(book, sheet, notices)
    return Table("xls", _rows(book, sheet, notices), notices=notices, merged=_merged(sheet))


def _open(content: bytes) -> Book:
    try:
        return xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except XLRDError as fault:
        if "encrypted" in str(fault).lower():
            raise PasswordProtected("a workbook with a password") from fault
        raise NotATable("not an old workbook") from fault
    except Exception as fault:  # a damaged record fails in as many ways as there are records
        raise NotATable("a damaged workbook") from fault


def _rows(book: Book, sheet: Sheet, notices: Notices) -> Iterator[Row]:
    visible = Visible(notices, {place for place, column in sheet.colinfo_map.items() if column.hidden})
    for place in range(sheet.nrows):
        cells = tuple(clean_cell(_shown(book, sheet, place, column)) for column in range(sheet.row_len(place)))
        looks = sheet.rowinfo_map.get(place)
        if seen := visible.row(Row(place + 1, cells), is_hidden=looks is not None and bool(looks.hidden)):
            yield seen


def _notice_others(book: Book, sheet: Sheet, notices: Notices) -> None:
    for other in book.sheets()[:MOST_SHEETS]:
        if other is not sheet and other.nrows:
            notices.add(Hidden.SHEETS, 0, other.name)


def _merged(sheet: Sheet) -> list[Area]:
    return [Area(first + 1, after, left, right - 1) for first, after, left, right in sheet.merged_cells[:MOST_MERGED]]


def _shown(book: Book, sheet: Sheet, row: int, column: int) -> str:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        style = book.format_map.get(book.xf_list[sheet.cell_xf_index(row, column)].format_key)
        return show_number(float(value), style.format_str if style else GENERAL, counts_from_1904=bool(book.datemode))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(error_text_from_code.get(int(value), ""))
    if len(str(value)) > LONGEST_CELL:
        raise CellTooLong(row + 1)
    return str(value)
