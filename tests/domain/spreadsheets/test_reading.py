"""Lists in every kind of file: read as a person sees them, or refused for a reason; never a crash, never a trap."""

import datetime
import io
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guildhall.kernel.text import compose, is_blank
from guildhall.spreadsheets.cells import as_typed, defuse
from guildhall.spreadsheets.noticed import Hidden
from guildhall.spreadsheets.number_formats import show_number
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import (
    MOST_ROWS,
    CellTooLong,
    FileEmpty,
    FileTooLarge,
    NotATable,
    PasswordProtected,
    TooManyColumns,
    TooManyRows,
    UnreadableFile,
)

CELLS = [("Enw", "phone number"), ("Llŷr, a Siân", "07700900123"), ("José", "+44 7700 900456")]


def read(content: bytes, *, expected: Collection[str] = ("phone number",)) -> list[tuple[int, tuple[str, ...]]]:
    parts = [content[start : start + 1000] for start in range(0, len(content), 1000)]
    return [(row.number, row.cells) for row in open_spreadsheet(parts, is_expected=expected.__contains__).rows]


def rows_of(content: bytes) -> list[tuple[str, ...]]:
    return [cells for _number, cells in read(content)]


def as_text(delimiter: str, *, ending: str = "\r\n") -> str:
    def quoted(cell: str) -> str:
        return f'"{cell}"' if delimiter in cell else cell

    return "".join(delimiter.join(map(quoted, row)) + ending for row in CELLS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_whatever_divides_its_columns_and_however_its_letters_are_written(
    delimiter: str, encoding: str
) -> None:
    assert rows_of(as_text(delimiter).encode(encoding)) == CELLS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_in_windows_1252_is_read_and_said_to_be_one(delimiter: str) -> None:
    content = as_text(delimiter).replace("Llŷr", "Ffïon").encode("cp1252")
    table = open_spreadsheet([content], is_expected={"phone number"}.__contains__)
    assert (table.encoding, table.delimiter) == ("Windows-1252", delimiter)
    assert [row.cells for row in table.rows][1:] == [("Ffïon, a Siân", "07700900123"), ("José", "+44 7700 900456")]


def test_rows_keep_the_numbers_that_a_spreadsheet_program_gives_them() -> None:
    assert read(b'name,phone number\n\nJo,1\n"two\nlines",2\n,\nAl,3\n') == [
        (1, ("name", "phone number")),
        (3, ("Jo", "1")),
        (4, ("two\nlines", "2")),
        (6, ("Al", "3")),
    ]


def test_a_list_of_one_column_needs_nothing_between_columns() -> None:
    assert rows_of(b"phone number\n07700 900 123\n") == [("phone number",), ("07700 900 123",)]


def test_a_commas_place_is_not_taken_by_one_in_the_words() -> None:
    assert rows_of(b"name;phone number\nJones, Jo, and Al;07700900123\n")[1] == ("Jones, Jo, and Al", "07700900123")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":", "^", "~"])
def test_the_separator_that_excel_writes_first_is_no_row(delimiter: str) -> None:
    lines = (f"sep={delimiter}", f"name{delimiter}phone number", f'"J{delimiter}o"{delimiter}1', "")
    assert rows_of("\r\n".join(lines).encode()) == [("name", "phone number"), (f"J{delimiter}o", "1")]


@given(st.text(max_size=20))
@example("'=1+1")
@example("''@x")
def test_a_defused_cell_is_no_formula_and_is_read_back_as_it_was(cell: str) -> None:
    assert not defuse(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_typed(defuse(cell)) == cell
    stripped = compose(cell.strip())
    if stripped.isprintable() and not is_blank(stripped) and not stripped.startswith("'") and '"' not in stripped:
        content = f'x,phone number\n"{defuse(stripped)}",1\n'.encode()
        assert rows_of(content)[1][0] == stripped


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_as_a_person_sees_it() -> None:
    def fill(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.active.append(["not this"])
        sheet = book.create_sheet("This")
        sheet.append(["phone number", "on", "at", "owed", "paid", "note"])
        sheet.append([7700900123, datetime.date(2026, 2, 2), datetime.time(14, 5), 1234.5, True, "Llŷr"])
        sheet["A2"].number_format = "00000000000"
        sheet["B2"].number_format = "d mmmm yyyy"
        sheet["C2"].number_format = "h:mm AM/PM"
        sheet["D2"].number_format = '"£"#,##0.00'
        sheet["A5"] = "+44 7700 900456"
        sheet["F5"] = "=1+1"

    rows = read(workbook(fill))
    assert rows == [
        (1, ("phone number", "on", "at", "owed", "paid", "note")),
        (2, ("07700900123", "2 February 2026", "2:05 PM", "£1,234.50", "TRUE", "Llŷr")),
        (5, ("+44 7700 900456",)),
    ]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (7700900123, "General", "7700900123"),
        (447700900123.0, "General", "447700900123"),
        (0.1 + 0.2, "General", "0.3"),
        (123456, "00-00-00", "12-34-56"),
        (-3, "#,##0;(#,##0)", "(3)"),
        (0.125, "0.0%", "12.5%"),
        (46055.25, "dd/mm/yyyy hh:mm", "02/02/2026 06:00"),
        (46055, "[$-F800]dddd\\,\\ mmmm\\ dd", "02 February 2026"),
        (46055, "ddd d mmm yy", "Mon 2 Feb 26"),
        (1.5, "[h]:mm", "36:00"),
        (1e300, "yyyy", f"{10**300}"),
        (5, "0.##", "5"),
        (1234567, "#,##0", "1,234,567"),
        (1.5, f"0.{'0' * 40}", f"1.5{'0' * 39}"),
        (1.5, "0" * 5_000 + ",", "1.5"),
        (7, "[$£-809", "7"),
    ],
)
def test_a_number_is_shown_in_its_format_and_never_shortened(number: float, code: str, shown: str) -> None:
    assert show_number(number, code) == shown


STRANGE = st.text(alphabet='0#?.,;%dmyhs[]"\\/ @_*E+-$£:aAMP', max_size=12)


@given(st.floats(allow_nan=False, allow_infinity=False), STRANGE)
def test_no_number_and_no_format_is_too_strange_to_be_shown(number: float, code: str) -> None:
    assert isinstance(show_number(number, code), str)


OLD = Path(__file__).with_name("old-workbook.xls").read_bytes()


def test_an_old_workbook_is_read_as_a_person_sees_it() -> None:
    """Its first sheet is hidden; the second was written by a program of 2010."""
    assert read(OLD) == [
        (1, ("phone number", "on", "owed", "paid", "note")),
        (2, ("07700900123", "2 February 2026", "£1,234.50", "TRUE", "Llŷr")),
        (5, ("+44 7700 900456", "", "", "", "")),
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(OLD) - 1), st.integers(0, 255)), max_size=40))
def test_a_damaged_old_workbook_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    content = bytearray(OLD)
    for place, octet in damage:
        content[place] = octet
    _read_or_refuse(bytes(content))


def opendocument(body: str, *, kind: str = "spreadsheet", **more: str) -> bytes:
    names = ["style", "table", "text", "office", "manifest"]
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in names)
    content = f'<?xml version="1.0"?><office:document-content {spaces}>{body}</office:document-content>'
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": content}, **more)


def archive(**members: str | bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def cell(words: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"


def test_an_opendocument_spreadsheet_is_read_as_a_person_sees_it() -> None:
    rows = (
        f"<table:table-row>{cell('phone number')}{cell('name')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        f"<table:table-row>{cell('07700<text:s/>900123')}"
        f"<table:table-cell><office:annotation><text:p>a note</text:p></office:annotation>"
        f"<text:p>Jo <text:span>the</text:span> first</text:p><text:p>of all</text:p></table:table-cell>"
        "</table:table-row>"
        f"""<table:table-row table:number-rows-repeated="2">{cell("1", 'table:number-columns-repeated="2"')}"""
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048500"><table:table-cell/></table:table-row>'
    )
    styles = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    hidden = f'<table:table table:style-name="ta1"><table:table-row>{cell("not this")}</table:table-row></table:table>'
    content = opendocument(f"{styles}{hidden}<table:table>{rows}</table:table>")
    assert read(content) == [
        (1, ("phone number", "name")),
        (5, ("07700 900123", "Jo the first\nof all")),
        (6, ("1", "1")),
        (7, ("1", "1")),
    ]


SHEET = '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{0}</t></is></c></row></sheetData></worksheet>'


def bare_workbook(sheet: str, **more: str) -> bytes:
    """A workbook of the few parts that one needs, with any sheet."""
    return archive(
        **{
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": '<R><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></R>',
            "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="s" r:id="b"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<R><Relationship Id="b" Type="x/worksheet" Target="s.xml"/></R>',
            "xl/s.xml": sheet,
        },
        **more,
    )


def test_the_few_parts_that_a_workbook_needs_are_enough() -> None:
    assert rows_of(bare_workbook(SHEET.format("phone_x0020_number"))) == [("phone number",)]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + SHEET.format("&b;")
FAR_AWAY = '<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'
MANY = (
    "<worksheet><sheetData>"
    + "".join(f"<row><c><v>{number}</v></c></row>" for number in range(MOST_ROWS + 2))
    + "</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty),
        (b" \r\n\r\n", FileEmpty),
        (b"\xff\xfe", FileEmpty),
        (b"%PDF-1.7\n1 0 obj", NotATable),
        (b"\x89PNG\r\n\x1a\n", NotATable),
        (b"<!DOCTYPE html><html>", NotATable),
        (b"a,b\nc\x00,d\n", NotATable),
        (bytes(range(256)) * 4, NotATable),
        (b"PK\x03\x04 but no archive", NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 but no workbook", NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), PasswordProtected),
        (archive(**{"a.txt": "x"}), NotATable),
        (opendocument("", kind="text"), NotATable),
        (opendocument("<table:table/>"), FileEmpty),
        (opendocument("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), PasswordProtected),
        (opendocument(f'<table:table><table:table-row table:number-rows-repeated="1000000">{cell("1")}'
                      "</table:table-row></table:table>"), TooManyRows),
        (opendocument(f'<table:table><table:table-row>{cell("1", """table:number-columns-repeated="9999" """)}'
                      "</table:table-row></table:table>"), TooManyColumns),
        (bare_workbook(SHEET.format("x"))[:-40], NotATable),
        (bare_workbook("<worksheet><sheetData><row>"), NotATable),
        (bare_workbook(BOMB), NotATable),
        (bare_workbook(FAR_AWAY), TooManyColumns),
        (bare_workbook(MANY), TooManyRows),
        (bare_workbook(SHEET.format("x" * 200_000)), CellTooLong),
        (bare_workbook(SHEET.format("x"), **{"xl/bomb.xml": "0" * 20_000_000}), FileTooLarge),
        (bare_workbook("<worksheet><sheetData><row r='2'/><row r='1'/></sheetData></worksheet>"), NotATable),
        (bare_workbook("<worksheet><sheetData><row><c><v>x</v></c></row></sheetData></worksheet>"), NotATable),
        (b"phone number\n" + b"1\n" * (MOST_ROWS + 1), TooManyRows),
        (b"x," * 2000 + b"\n", TooManyColumns),
        (b'phone number\n"never closed' + b"x" * 200_000, CellTooLong),
        (b"phone number\n" + b"x" * 1_000_000, CellTooLong),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)  # fmt: skip
def test_what_is_no_list_is_refused_for_its_reason(content: bytes, refusal: type[UnreadableFile]) -> None:
    with pytest.raises(refusal):
        read(content)


def test_as_many_rows_as_a_list_may_have_are_read() -> None:
    assert len(read(b"phone number\n" + b"1\n" * MOST_ROWS)) == MOST_ROWS + 1


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]))
def test_no_file_is_too_strange_to_be_read_or_refused(content: bytes, start: bytes) -> None:
    _read_or_refuse(start + content)


STRANGE_CELLS = st.builds(
    '<c r="{}" t="{}" s="{}"><v>{}</v></c>'.format,
    st.sampled_from(["A1", "B1", "", "XFD1", "AAAA1", "1", "a"]),
    st.sampled_from(["s", "n", "b", "e", "str", "d", "", "strange"]),
    st.sampled_from(["0", "99", "-1", "", "x", "99999999999"]),
    st.sampled_from(["0", "7", "-7", "1e999", "nan", "x", "", "_x0000_", "_xD800_", "&#13;", "9" * 400]),
)


@given(st.lists(STRANGE_CELLS, max_size=6).map("".join), st.sampled_from(["1", "7", "0", "-1", "x", "99999999999"]))
def test_no_cell_of_a_sheet_is_too_strange_to_be_read_or_refused(cells: str, row: str) -> None:
    _read_or_refuse(bare_workbook(f'<worksheet><sheetData><row r="{row}">{cells}</row></sheetData></worksheet>'))


def _read_or_refuse(content: bytes) -> None:
    try:
        rows = read(content)
    except UnreadableFile as refusal:
        assert str(refusal)
    else:
        assert "\x00" not in "".join("".join(cells) for _number, cells in rows).encode().decode()


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_text_that_stands_in_very_many_cells_is_more_than_a_list_can_have(is_hidden: bool) -> None:
    seen = 'table:visibility="collapse"' if is_hidden else ""
    words = cell("a" * 10_000, 'table:number-columns-repeated="100"')
    row = f'<table:table-row table:number-rows-repeated="99999" {seen}>{words}</table:table-row>'
    content = opendocument(f"<table:table>{row}<table:table-row>{cell('x')}</table:table-row></table:table>")
    if is_hidden:  # nobody is written to by rows that nobody sees, however many
        table = open_spreadsheet([content])
        assert len(list(table.rows)) == 1
        assert table.notices[Hidden.ROWS].count == 99_999
        return
    with pytest.raises(FileTooLarge):
        list(open_spreadsheet([content]).rows)
