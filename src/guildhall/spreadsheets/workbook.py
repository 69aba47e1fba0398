"""The parts of Excel's workbooks: which sheets there are, and what a sheet needs to be shown."""

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guildhall.spreadsheets.noticed import Hidden, Notices
from guildhall.spreadsheets.number_formats import BUILT_IN, GENERAL
from guildhall.spreadsheets.table import LONGEST_CELL, MOST_SHEETS, FileTooLarge, NotATable, clean_cell
from guildhall.spreadsheets.zipped import LARGEST_IN_MEMORY, beginning_of, read_xml

_RELATIONS = "_rels/.rels"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTENT = re.compile(rb"<(?:\w{1,20}:)?(?:v|is)[ >]")


@dataclass(frozen=True, slots=True)
class Looks:
    """What is needed to show a cell: the texts that sheets share (clean), each style's format, and where days begin."""

    shared: Sequence[str]
    formats: Sequence[str]
    counts_from_1904: bool


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    member: str
    is_shown: bool


def is_workbook(archive: zipfile.ZipFile) -> bool:
    return "[Content_Types].xml" in archive.namelist() and _RELATIONS in archive.namelist()


def open_workbook(archive: zipfile.ZipFile, notices: Notices) -> tuple[str, Looks]:
    """Return where a workbook's first sheet that is not hidden is, and its looks. Other sheets are noticed.

    :raises NotATable: the archive is not a workbook, or has no such sheet.
    """
    workbook = _target(archive, _RELATIONS, "officeDocument")
    if not workbook.endswith(".xml"):
        raise NotATable("a binary workbook")
    sheets, counts_from_1904 = _sheets(archive, workbook)
    first = next((sheet for sheet in sheets if sheet.is_shown), None)
    if first is None or first.member not in archive.namelist():
        raise NotATable("the workbook has no sheet that is not hidden")
    for sheet in sheets[:MOST_SHEETS]:
        if sheet is not first and _has_content(archive, sheet):
            notices.add(Hidden.SHEETS, 0, sheet.name)
    return first.member, Looks(_shared_texts(archive, workbook), _formats(archive, workbook), counts_from_1904)


def _sheets(archive: zipfile.ZipFile, workbook: str) -> tuple[Sequence[_Sheet], bool]:
    members = _targets(archive, _relations_of(workbook), "worksheet")
    counts_from_1904, sheets = False, list[_Sheet]()
    for element in read_xml(archive, workbook):
        given = element.attributes
        if element.name == "workbookPr":
            counts_from_1904 = counts_from_1904 or given.get("date1904") in ("1", "true")
        elif element.name == "sheet" and not element.is_end:
            named = next((value for name, value in given.items() if name.endswith(":id")), "")
            if named in members:
                is_shown = given.get("state", "visible") == "visible"
                sheets.append(_Sheet(given.get("name", ""), members[named], is_shown))
    return sheets, counts_from_1904


def _has_content(archive: zipfile.ZipFile, sheet: _Sheet) -> bool:
    """Whether there is anything in a sheet, by its beginning: an empty one is short."""
    return sheet.member in archive.namelist() and _CONTENT.search(beginning_of(archive, sheet.member)) is not None


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _targets(archive: zipfile.ZipFile, relations: str, kind: str) -> Mapping[str, str]:
    """Return where the parts of a kind are that another part refers to, each by its name there."""
    if relations not in archive.namelist():
        return {}
    folder = posixpath.dirname(posixpath.dirname(relations))
    found: dict[str, str] = {}
    for element in read_xml(archive, relations):
        given = element.attributes
        if given.get("Type", "").endswith(f"/{kind}"):
            target = given.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.setdefault(given.get("Id", ""), place)
    return found


def _find_target(archive: zipfile.ZipFile, relations: str, kind: str) -> str | None:
    return next(iter(_targets(archive, relations, kind).values()), None)


def _target(archive: zipfile.ZipFile, relations: str, kind: str) -> str:
    found = _find_target(archive, relations, kind)
    if found is None or found not in archive.namelist():
        raise NotATable(f"the workbook has no {kind}")
    return found


def _shared_texts(archive: zipfile.ZipFile, workbook: str) -> Sequence[str]:
    member = _find_target(archive, _relations_of(workbook), "sharedStrings")
    if member is None or member not in archive.namelist():
        return ()
    if archive.getinfo(member).file_size > LARGEST_IN_MEMORY:
        raise FileTooLarge("the texts of the workbook are more than a table can have")
    texts: list[str] = []
    pieces: list[str] = []
    is_reading_aid = False
    for element in read_xml(archive, member):
        if element.name == "rPh":
            is_reading_aid = not element.is_end
        elif element.is_end and element.name == "t" and not is_reading_aid:
            pieces.append(element.text)
        elif element.is_end and element.name == "si":
            texts.append(_as_cell(unescaped("".join(pieces))))
            pieces.clear()
    return texts


def _as_cell(text: str) -> str:
    """Return a text as the cells that share it show it, cleaned once for all of them; one too long stays to be told."""
    return clean_cell(text) if len(text) <= LONGEST_CELL else text


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
            own[whole_number(element.attributes.get("numFmtId"))] = element.attributes.get("formatCode", GENERAL)
        elif element.name == "xf" and is_of_cells and not element.is_end:
            styles.append(whole_number(element.attributes.get("numFmtId")))
    return [own.get(number) or BUILT_IN.get(number, GENERAL) for number in styles]


def unescaped(text: str) -> str:
    """Read the signs that XML cannot hold and workbooks write by their number."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def whole_number(text: str | None) -> int:
    """Return a number that a workbook counts with; 0 when there is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
