"""Lists as Excel's workbooks (.xlsx, .xlsm): the first sheet that is not hidden, its cells as they are shown."""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping

from guildhall.spreadsheets.noticed import Notices
from guildhall.spreadsheets.number_formats import GENERAL, show_number
from guildhall.spreadsheets.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_MERGED,
    Area,
    CellTooLong,
    NotATable,
    Row,
    Table,
    TooManyColumns,
    clean_cell,
)
from guildhall.spreadsheets.visible import Visible
from guildhall.spreadsheets.workbook import Looks, open_workbook, unescaped, whole_number
from guildhall.spreadsheets.zipped import Element, read_xml

_LETTERS = re.compile(r"[A-Z]{1,3}")
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def read_xlsx(archive: zipfile.ZipFile) -> Table:
    """Return the rows of a workbook's first sheet that is not hidden.

    :raises NotATable: the archive is not a workbook, or has no such sheet.
    """
    notices, merged = Notices(), list[Area]()
    sheet, looks = open_workbook(archive, notices)
    rows = _Sheet(looks, Visible(notices), merged).rows(read_xml(archive, sheet))
    return Table("xlsx", rows, notices=notices, merged=merged)


class _Sheet:
    """A sheet as its elements tell of it: columns first, then row by row, cells that are merged at the end."""

    def __init__(self, looks: Looks, visible: Visible, merged: list[Area]) -> None:
        self._looks, self._visible, self._merged = looks, visible, merged
        self._number, self._is_hidden = 0, False
        self._cells: dict[int, str] = {}
        self._uncalculated: list[int] = []
        self._column, self._kind, self._style = 0, "n", 0
        self._value: list[str] = []
        self._length, self._is_formula = 0, False

    def rows(self, elements: Iterator[Element]) -> Iterator[Row]:
        """Return the rows that are seen, as they end."""
        for element in elements:
            if not element.is_end:
                beginning = _BEGINS.get(element.name)
                if beginning is not None:
                    beginning(self, element.attributes)
            elif element.name in ("v", "t"):
                self._add_to_value(element)
            elif element.name == "c":
                self._end_cell()
            elif element.name == "row" and (seen := self._visible.row(self._row(), is_hidden=self._is_hidden)):
                yield seen

    def begin_column(self, given: Mapping[str, str]) -> None:
        if _is_hidden(given, "width"):
            self._visible.hide_places(_places(given))

    def begin_row(self, given: Mapping[str, str]) -> None:
        self._number, self._column = _row_number(given.get("r"), self._number), 0
        self._cells, self._uncalculated, self._is_hidden = {}, [], _is_hidden(given, "ht")

    def begin_cell(self, given: Mapping[str, str]) -> None:
        self._column = _column_of(given.get("r", ""), self._column, self._number)
        self._kind, self._style = given.get("t", "n"), whole_number(given.get("s"))
        self._value, self._length, self._is_formula = [], 0, False

    def begin_formula(self, given: Mapping[str, str]) -> None:
        self._is_formula = True

    def begin_merged(self, given: Mapping[str, str]) -> None:
        found = _AREA.fullmatch(given.get("ref", ""))
        if found and len(self._merged) < MOST_MERGED:
            first, first_row, last, last_row = found.groups()
            self._merged.append(Area(int(first_row), int(last_row), _place_of(first), _place_of(last)))

    def _add_to_value(self, element: Element) -> None:
        if element.name == "v":
            self._value, self._length = [], 0
        self._value.append(element.text)
        self._length += len(element.text)
        if self._length > LONGEST_CELL * len("_x000A_"):  # each sign may be written by its number
            raise CellTooLong(self._number)

    def _end_cell(self) -> None:
        if self._length:
            style = _NO_STYLE if self._is_hidden else self._style
            value = "".join(self._value)
            self._cells[self._column] = _shown(value, self._kind, style, self._looks, self._number)
        elif self._is_formula and self._kind != "str":
            self._uncalculated.append(self._column - 1)

    def _row(self) -> Row:
        width = max(self._cells, default=0)
        cells = tuple(self._cells.get(place, "") for place in range(1, width + 1))
        return Row(self._number, cells, tuple(self._uncalculated))


_BEGINS: Mapping[str, Callable[[_Sheet, Mapping[str, str]], None]] = {
    "col": _Sheet.begin_column,
    "row": _Sheet.begin_row,
    "c": _Sheet.begin_cell,
    "f": _Sheet.begin_formula,
    "mergeCell": _Sheet.begin_merged,
}


_NO_STYLE = -1
"""Of what nobody sees it is enough to know that it is there."""


def _is_hidden(given: Mapping[str, str], extent: str) -> bool:
    """Whether a row or column is hidden: by hand, by a filter, in a closed group, or made too small to be seen."""
    return given.get("hidden") in ("1", "true") or given.get(extent) == "0"


def _places(given: Mapping[str, str]) -> range:
    first, last = whole_number(given.get("min")), whole_number(given.get("max"))
    return range(max(first, 1) - 1, min(last, MOST_COLUMNS))


def _row_number(said: str | None, before: int) -> int:
    number = whole_number(said) if said else before + 1
    if number <= before:
        raise NotATable("the rows are out of order")
    return number


def _column_of(said: str, before: int, row: int) -> int:
    letters = _LETTERS.match(said)
    column = _place_of(letters.group()) + 1 if letters else before + 1
    if column > MOST_COLUMNS:
        raise TooManyColumns(f"row {row} has too many columns")
    return column


def _place_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _shown(value: str, kind: str, style: int, looks: Looks, row: int) -> str:
    if kind == "s":
        return _shared(whole_number(value), looks, row)
    if kind == "b":
        text = "TRUE" if value.strip() == "1" else "FALSE"
    elif kind == "n":
        text = _show_number(value, style, looks)
    else:
        text = unescaped(value)
    return clean_cell(_bounded(text, row))


def _shared(place: int, looks: Looks, row: int) -> str:
    return _bounded(looks.shared[place], row) if 0 <= place < len(looks.shared) else ""


def _bounded(text: str, row: int) -> str:
    if len(text) > LONGEST_CELL:
        raise CellTooLong(row)
    return text


def _show_number(value: str, style: int, looks: Looks) -> str:
    try:
        number = float(value)
    except ValueError as fault:
        raise NotATable("a number that is none") from fault
    if number - number != 0:
        raise NotATable("a number without end")
    code = looks.formats[style] if 0 <= style < len(looks.formats) else GENERAL
    return show_number(number, code, counts_from_1904=looks.counts_from_1904)
