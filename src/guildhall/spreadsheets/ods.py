"""Lists as OpenDocument spreadsheets (.ods): a cell holds the very text that a person sees."""

import zipfile
from collections.abc import Callable, Iterator, Mapping

from guildhall.kernel.text import is_blank
from guildhall.spreadsheets.noticed import Hidden, Notices
from guildhall.spreadsheets.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_MERGED,
    MOST_ROWS,
    Area,
    CellTooLong,
    NotATable,
    PasswordProtected,
    Row,
    Table,
    TooManyColumns,
    clean_cell,
)
from guildhall.spreadsheets.visible import Visible
from guildhall.spreadsheets.zipped import read_xml, walk_xml

_CONTENT, _MANIFEST, _KIND = "content.xml", "META-INF/manifest.xml", "mimetype"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_LONGEST_GAP = 1_000
_NOT_SEEN = ("collapse", "filter")


def is_opendocument(archive: zipfile.ZipFile) -> bool:
    return _KIND in archive.namelist() and _CONTENT in archive.namelist()


def read_ods(archive: zipfile.ZipFile) -> Table:
    """Return the rows of a spreadsheet's first sheet that is not hidden.

    :raises NotATable: the document is no spreadsheet.
    :raises PasswordProtected: its content is encrypted.
    """
    if not archive.read(_KIND).strip().startswith(_SPREADSHEET):
        raise NotATable("an OpenDocument file that is no spreadsheet")
    if _MANIFEST in archive.namelist() and any(
        element.name == "encryption-data" for element in read_xml(archive, _MANIFEST)
    ):
        raise PasswordProtected("the spreadsheet is encrypted")
    notices = Notices()
    visible = Visible(notices)
    sheet = _Sheet(notices, visible)
    return Table("ods", _rows(archive, sheet, visible), notices=notices, merged=sheet.merged)


def _rows(archive: zipfile.ZipFile, sheet: "_Sheet", visible: Visible) -> Iterator[Row]:
    for _part in walk_xml(archive, _CONTENT, sheet):
        for row, repeated, is_hidden in sheet.rows:
            if seen := visible.row(row, is_hidden=is_hidden, repeated=repeated):
                for copy in range(min(repeated, MOST_ROWS + 2)):
                    yield Row(seen.number + copy, seen.cells, seen.uncalculated)
        sheet.rows.clear()
    if not sheet.was_found:
        raise NotATable("the spreadsheet has no sheet that is not hidden")


class _Sheet:
    """The rows of the first sheet that is not hidden, as the document's elements tell of them. Others are noticed.

    Styles come before sheets, and a sheet's columns before its rows. A row or cell that repeats is written once with a
    number; blank ones repeat by the million and are only counted.
    """

    def __init__(self, notices: Notices, visible: Visible) -> None:
        self.rows: list[tuple[Row, int, bool]] = []
        self.merged: list[Area] = []
        self.was_found = False
        self._notices, self._visible = notices, visible
        self._hidden: set[str] = set()
        self._style = self._other = ""
        self._tables_deep = self._notes_deep = self._words_deep = 0
        self._is_read = self._is_hidden = self._is_formula = False
        self._next, self._repeats = 1, 1
        self._cells: dict[int, str] = {}
        self._uncalculated: list[int] = []
        self._column, self._cell_repeats = 1, 1
        self._next_column = 0
        self._text: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        beginning = _BEGINS.get(name)
        if beginning is not None:
            beginning(self, attributes)

    def end(self, name: str) -> None:
        ending = _ENDS.get(name)
        if ending is not None:
            ending(self)

    def characters(self, text: str) -> None:
        if self._words_deep and not self._notes_deep:
            self._length += len(text)
            if self._length <= LONGEST_CELL:
                self._text.append(text)
            elif self._is_read:
                raise CellTooLong(self._next)

    def begin_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("style:name", "")

    def begin_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self._hidden.add(self._style)

    def begin_table(self, attributes: dict[str, str]) -> None:
        self._tables_deep += 1
        if self._tables_deep == 1:
            is_shown = attributes.get("table:style-name", "") not in self._hidden
            self._is_read = is_shown and not self.was_found
            self.was_found = self.was_found or is_shown
            self._other = attributes.get("table:name", "") or "?"

    def end_table(self) -> None:
        self._tables_deep -= 1
        self._is_read = self._is_read and self._tables_deep > 0

    def begin_column(self, attributes: dict[str, str]) -> None:
        repeats = _count(attributes.get("table:number-columns-repeated"))
        if self._is_read and attributes.get("table:visibility") in _NOT_SEEN:
            self._visible.hide_places(range(self._next_column, min(self._next_column + repeats, MOST_COLUMNS)))
        self._next_column += repeats

    def begin_row(self, attributes: dict[str, str]) -> None:
        self._repeats = _count(attributes.get("table:number-rows-repeated"))
        self._is_hidden = attributes.get("table:visibility") in _NOT_SEEN
        self._cells, self._uncalculated, self._column = {}, [], 1

    def end_row(self) -> None:
        if self._is_read and (self._cells or self._uncalculated):
            cells = tuple(self._cells.get(place, "") for place in range(1, max(self._cells, default=0) + 1))
            self.rows.append((Row(self._next, cells, tuple(self._uncalculated)), self._repeats, self._is_hidden))
        self._next += self._repeats if self._is_read else 0

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell_repeats = _count(attributes.get("table:number-columns-repeated"))
        self._is_formula = "table:formula" in attributes and "office:value-type" not in attributes
        self._text, self._length = [], 0
        rows, columns = (_count(attributes.get(f"table:number-{each}-spanned")) for each in ("rows", "columns"))
        if self._is_read and rows * columns > 1 and len(self.merged) < MOST_MERGED:
            self.merged.append(Area(self._next, self._next + rows - 1, self._column - 1, self._column + columns - 2))

    def end_cell(self) -> None:
        if self._is_read:
            self._end_own_cell()
        elif self._other and not is_blank("".join(self._text)):
            self._notices.add(Hidden.SHEETS, 0, self._other)
            self._other = ""
        self._column += self._cell_repeats

    def _end_own_cell(self) -> None:
        if cleaned := clean_cell("".join(self._text)):
            if self._column + self._cell_repeats > MOST_COLUMNS + 1:
                raise TooManyColumns(f"row {self._next} has too many columns")
            self._cells |= dict.fromkeys(range(self._column, self._column + self._cell_repeats), cleaned)
        elif self._is_formula:
            self._uncalculated.append(self._column - 1)

    def begin_words(self, attributes: dict[str, str]) -> None:
        self._words_deep += 1
        if self._text and not self._notes_deep:
            self._text.append("\n")

    def end_words(self) -> None:
        self._words_deep -= 1

    def begin_note(self, attributes: dict[str, str]) -> None:
        self._notes_deep += 1

    def end_note(self) -> None:
        self._notes_deep -= 1

    def begin_gap(self, attributes: dict[str, str]) -> None:
        self.characters(" " * min(_count(attributes.get("text:c")), _LONGEST_GAP))

    def begin_tab(self, attributes: dict[str, str]) -> None:
        self.characters("\t")

    def begin_line(self, attributes: dict[str, str]) -> None:
        self.characters("\n")


_BEGINS: Mapping[str, Callable[[_Sheet, dict[str, str]], None]] = {
    "style:style": _Sheet.begin_style,
    "style:table-properties": _Sheet.begin_properties,
    "table:table": _Sheet.begin_table,
    "table:table-column": _Sheet.begin_column,
    "table:table-row": _Sheet.begin_row,
    "table:table-cell": _Sheet.begin_cell,
    "table:covered-table-cell": _Sheet.begin_cell,
    "text:p": _Sheet.begin_words,
    "office:annotation": _Sheet.begin_note,
    "text:s": _Sheet.begin_gap,
    "text:tab": _Sheet.begin_tab,
    "text:line-break": _Sheet.begin_line,
}
_ENDS: Mapping[str, Callable[[_Sheet], None]] = {
    "table:table": _Sheet.end_table,
    "table:table-row": _Sheet.end_row,
    "table:table-cell": _Sheet.end_cell,
    "table:covered-table-cell": _Sheet.end_cell,
    "text:p": _Sheet.end_words,
    "office:annotation": _Sheet.end_note,
}


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 1
