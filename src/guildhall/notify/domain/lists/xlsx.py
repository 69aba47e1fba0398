"""Lists as Excel's workbooks (.xlsx, .xlsm): the first sheet that is not hidden, its cells as they are shown."""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guildhall.notify.domain.lists.number_formats import BUILT_IN, GENERAL, show_number
from guildhall.notify.domain.lists.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    CellTooLong,
    FileTooLarge,
    NotAList,
    Row,
    Table,
    TooManyColumns,
    clean_cell,
)
from guildhall.notify.domain.lists.zipped import LARGEST_IN_MEMORY, read_xml

_RELATIONS = "_rels/.rels"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is needed to show a cell: the texts that sheets share, each style's format, and where days begin."""

    shared: Sequence[str]
    formats: Sequence[str]
    counts_from_1904: bool


def read_xlsx(archive: zipfile.ZipFile) -> Table:
    """Return the rows of a workbook's first sheet that is not hidden.

    :raises NotAList: the archive is not a workbook, or has no such sheet.
    """
    workbook = _target(archive, _RELATIONS, "officeDocument")
    sheet, counts_from_1904 = _first_sheet(archive, workbook)
    looks = _Looks(_shared_texts(archive, workbook), _formats(archive, workbook), counts_from_1904)
    return Table("xlsx", _rows(archive, sheet, looks))


def is_workbook(archive: zipfile.ZipFile) -> bool:
    return "[Content_Types].xml" in archive.namelist() and _RELATIONS in archive.namelist()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _find_target(archive: zipfile.ZipFile, relations: str, kind: str, *, named: str = "") -> str | None:
    """Return where a part of the workbook is that another part refers to, by its kind and perhaps its name."""
    if relations not in archive.namelist():
        return None
    folder = posixpath.dirname(posixpath.dirname(relations))
    for element in read_xml(archive, relations):
        given = element.attributes
        if given.get("Type", "").endswith(f"/{kind}") and (not named or given.get("Id") == named):
            target = given.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return None


def _target(archive: zipfile.ZipFile, relations: str, kind: str, *, named: str = "") -> str:
    found = _find_target(archive, relations, kind, named=named)
    if found is None or found not in archive.namelist():
        raise NotAList(f"the workbook has no {kind}")
    return found


def _first_sheet(archive: zipfile.ZipFile, workbook: str) -> tuple[str, bool]:
    if not workbook.endswith(".xml"):
        raise NotAList("a binary workbook")
    counts_from_1904, named = False, ""
    for element in read_xml(archive, workbook):
        given = element.attributes
        if element.name == "workbookPr":
            counts_from_1904 = counts_from_1904 or given.get("date1904") in ("1", "true")
        elif element.name == "sheet" and given.get("state", "visible") == "visible":
            named = named or next((value for name, value in given.items() if name.endswith(":id")), "")
    if not named:
        raise NotAList("the workbook has no sheet that is not hidden")
    return _target(archive, _relations_of(workbook), "worksheet", named=named), counts_from_1904


def _shared_texts(archive: zipfile.ZipFile, workbook: str) -> Sequence[str]:
    member = _find_target(archive, _relations_of(workbook), "sharedStrings")
    if member is None or member not in archive.namelist():
        return ()
    if archive.getinfo(member).file_size > LARGEST_IN_MEMORY:
        raise FileTooLarge("the texts of the workbook are more than a list can have")
    texts: list[str] = []
    pieces: list[str] = []
    is_reading_aid = False
    for element in read_xml(archive, member):
        if element.name == "rPh":
            is_reading_aid = not element.is_end
        elif element.is_end and element.name == "t" and not is_reading_aid:
            pieces.append(element.text)
        elif element.is_end and element.name == "si":
            texts.append(_unescaped("".join(pieces)))
            pieces.clear()
    return texts


def _formats(archive: zipfile.ZipFile, workbook: str) -> Sequence[str]:
    """Return the number format of each style that a cell may name."""
    member = _find_target(archive, _relations_of(workbook), "styles")
    if member is None or member not in archive.namelist():
        return ()
    own: dict[int, str] = {}
    styles: list[int] = []
    is_of_cells = False
    for element in read_xml(archive, member):
        if element.name == "cellXfs":
            is_of_cells = not element.is_end
        elif element.name == "numFmt" and not element.is_end:
            own[_whole(element.attributes.get("numFmtId"))] = element.attributes.get("formatCode", GENERAL)
        elif element.name == "xf" and is_of_cells and not element.is_end:
            styles.append(_whole(element.attributes.get("numFmtId")))
    return [own.get(number) or BUILT_IN.get(number, GENERAL) for number in styles]


def _rows(archive: zipfile.ZipFile, sheet: str, looks: _Looks) -> Iterator[Row]:
    number = 0
    cells: dict[int, str] = {}
    column, kind, style, value = 0, "n", 0, ""
    for element in read_xml(archive, sheet):
        name, given = element.name, element.attributes
        if not element.is_end:
            if name == "row":
                number, column = _row_number(given.get("r"), number), 0
                cells = {}
            elif name == "c":
                column = _column_of(given.get("r", ""), column, number)
                kind, style, value = given.get("t", "n"), _whole(given.get("s")), ""
        elif name in ("v", "t"):
            value = element.text if name == "v" else value + element.text
        elif name == "c" and value:
            cells[column] = _shown(value, kind, style, looks, number)
        elif name == "row" and any(cells.values()):
            yield Row(number, tuple(cells.get(place, "") for place in range(1, max(cells) + 1)))


def _row_number(said: str | None, before: int) -> int:
    number = _whole(said) if said else before + 1
    if number <= before:
        raise NotAList("the rows are out of order")
    return number


def _column_of(said: str, before: int, row: int) -> int:
    column = before + 1
    if letters := _LETTERS.match(said):
        column = 0
        for letter in letters.group():
            column = column * 26 + ord(letter) - ord("A") + 1
    if column > MOST_COLUMNS:
        raise TooManyColumns(f"row {row} has too many columns")
    return column


def _shown(value: str, kind: str, style: int, looks: _Looks, row: int) -> str:
    if kind == "s":
        place = _whole(value)
        text = looks.shared[place] if 0 <= place < len(looks.shared) else ""
    elif kind == "b":
        text = "TRUE" if value.strip() == "1" else "FALSE"
    elif kind == "n":
        text = _show_number(value, style, looks)
    else:
        text = _unescaped(value)
    if len(text) > LONGEST_CELL:
        raise CellTooLong(row)
    return clean_cell(text)


def _show_number(value: str, style: int, looks: _Looks) -> str:
    try:
        number = float(value)
    except ValueError as fault:
        raise NotAList("a number that is none") from fault
    if number - number != 0:
        raise NotAList("a number without end")
    code = looks.formats[style] if 0 <= style < len(looks.formats) else GENERAL
    return show_number(number, code, counts_from_1904=looks.counts_from_1904)


def _unescaped(text: str) -> str:
    """Read the signs that XML cannot hold and workbooks write by their number."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
