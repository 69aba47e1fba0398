"""What a spreadsheet hides or breaks is said: refused where a person would be hurt, noticed where not."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.broken import break_of, is_date, may_hold_a_break
from guildhall.notify.domain.lists.checking import CheckedRow, check_row
from guildhall.notify.domain.lists.columns import Columns, read_columns, ruined_by
from guildhall.notify.domain.lists.noticed import Noticed
from guildhall.notify.domain.lists.problems import Kind
from guildhall.notify.domain.lists.remarks import Remarks
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.template import Pair, Words
from guildhall.spreadsheets.noticed import MOST_PLACES, Notices, Place, notices_from
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import FileEmpty, Row, Table, clean_cell, clean_cells

EMAIL = Rules(Channel.EMAIL, Pair(Words("", "((name)) ((thing))")), None)
HOUSES = Rules(Channel.EMAIL, Pair(Words("", "((house number)) ((day of birth))")), None)
TEXT = Rules(Channel.SMS, Pair(Words("", "Hello ((name))")), None)
LETTER = Rules(Channel.LETTER, Pair(Words("A letter", "Hello ((name))")), None, letter_names=("name",))

OLD = Path(__file__).with_name("hidden-parts.xls").read_bytes()
"""Saved by LibreOffice 7.4 from the sheet that ``hidden_parts`` makes."""


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def hidden_parts(book: Any) -> None:
    sheet = book.active
    for row in (
        ["email address", "name", "house number", "secret", "thing"],
        ["jo@example.com", "Jo", 12, "x", "sofa"],
        ["al@example.com", "Al", "3/4", "x", "bed"],
        ["mo@example.com", "Mo", "3-Apr", "x", "chair"],
        ["hidden@example.com", "Hid", 5, "x", "x"],
        ["ed@example.com", "Ed", 7, "x", "#DIV/0!"],
        ["JO@example.com", "Jo again", 9, "x", "#N/A"],
        ["ann@example.com", "Ann", 9, "x", "merged"],
        ["bob@example.com", "Bob", 9, "x", None],
    ):
        sheet.append(row)
    sheet.merge_cells("E8:E9")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("Other").append(["something"])
    book.create_sheet("Empty")
    lookups = book.create_sheet("Lookups")
    lookups.append(["x"])
    lookups.sheet_state = "hidden"


def opendocument() -> bytes:
    """The same sheet as an OpenDocument file, with what LibreOffice writes; here the row is hidden by a filter."""
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("style", "table", "text", "office"))
    book = openpyxl.Workbook()
    hidden_parts(book)
    rows = "".join(
        "<table:table-row {}>{}</table:table-row>".format(
            'table:visibility="filter"' if number == 5 else "",
            "".join(
                "<table:table-cell {}><text:p>{}</text:p></table:table-cell>".format(
                    'table:number-rows-spanned="2" table:number-columns-spanned="1"' if cell == "merged" else "",
                    "" if cell is None else cell,
                )
                for cell in row
            ),
        )
        for number, row in enumerate(book.active.iter_rows(values_only=True), start=1)
    )
    columns = '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
    style = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    other = "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
    content = (
        f"<office:document-content {spaces}>{style}<table:table>{columns}{rows}</table:table>"
        f'<table:table table:name="Other">{other}</table:table><table:table table:name="Empty"/>'
        f'<table:table table:name="Lookups" table:style-name="h">{columns}{other}</table:table>'
        "</office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    return file.getvalue()


def opened(content: bytes) -> tuple[list[Row], Table]:
    table = open_spreadsheet([content], is_expected={"email address"}.__contains__)
    return list(table.rows), table


@pytest.mark.parametrize("content", [workbook(hidden_parts), opendocument(), OLD], ids=["xlsx", "ods", "xls"])
def test_nobody_is_written_to_whom_the_sheet_does_not_show_and_it_is_said(content: bytes) -> None:
    rows, table = opened(content)
    assert [row.number for row in rows] == [1, 2, 3, 4, 6, 7, 8, 9]
    assert rows[1].cells == ("jo@example.com", "Jo", "12", "", "sofa")
    assert [row.cells[4] for row in rows[4:7]] == ["#DIV/0!", "#N/A", "merged"]
    notices = table.notices
    assert notices[Noticed.HIDDEN_ROWS].places == [Place(5, 5)]
    assert notices[Noticed.HIDDEN_COLUMNS].places == [Place(1, 1, "D (secret)")]
    assert [place.about for place in notices[Noticed.OTHER_SHEETS].places] == ["Other", "Lookups"]
    assert [area.name for area in table.merged] == ["E8:E9"]


def test_a_sheet_of_hidden_rows_is_empty() -> None:
    def fill(book: Any) -> None:
        book.active.append(["email address"])
        book.active.row_dimensions[1].hidden = True

    table = open_spreadsheet([workbook(fill)])
    with pytest.raises(FileEmpty):
        list(table.rows)
    assert table.notices[Noticed.HIDDEN_ROWS].count == 1


def test_what_no_cell_shows_is_not_told_with_a_hidden_column() -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        for row in (["email address", "", "name"], ["jo@example.com", "private words", "Jo"]):
            sheet.append(row)
        sheet.column_dimensions["B"].hidden = True

    _rows, table = opened(workbook(fill))
    assert table.notices[Noticed.HIDDEN_COLUMNS].places == [Place(2, 2, "B")]


def test_rows_that_share_a_cell_of_a_used_column_are_found() -> None:
    _rows, table = opened(workbook(hidden_parts))
    used = read_columns(("email address", "name", "", "", "thing"), Channel.EMAIL, asked_for=["thing"])
    assert [area.name for area in ruined_by(table.merged, used, ["thing"], after=1)] == ["E8:E9"]
    assert ruined_by(table.merged, used, ["name"], after=1) == []
    assert ruined_by(table.merged, used, ["thing"], after=8) == []


def test_a_formula_that_nobody_has_worked_out_is_no_empty_cell() -> None:
    def fill(book: Any) -> None:
        book.active.append(["email address", "name", "thing"])
        book.active.append(["jo@example.com", '=A1&"x"', "sofa"])

    rows, _table = opened(workbook(fill))
    assert rows[1].uncalculated == (1,)
    columns = read_columns(rows[0].cells, Channel.EMAIL, asked_for=EMAIL.asked_for)
    assert kinds(check_row(rows[1], columns, EMAIL)) == [(Kind.FORMULA_WITHOUT_VALUE, "name")]


def columns_of(headings: str, rules: Rules, *, delimiter: str = "") -> Columns:
    return read_columns(headings.split("|"), rules.channel, asked_for=rules.asked_for, delimiter=delimiter)


def kinds(checked: CheckedRow) -> list[tuple[Kind, str]]:
    return [(problem.kind, problem.column) for problem in checked.problems]


def problems(headings: str, cells: str, rules: Rules = EMAIL) -> list[tuple[Kind, str]]:
    return kinds(check_row(Row(2, tuple(cells.split("|"))), columns_of(headings, rules), rules))


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("#REF!", Kind.FORMULA_ERROR),
        ("#n/a", Kind.FORMULA_ERROR),
        ("#DIV/0!", Kind.FORMULA_ERROR),
        ("#NAME?", Kind.FORMULA_ERROR),
        ("Err:502", Kind.FORMULA_ERROR),
        ("########", Kind.TOO_NARROW),
        ("7.70901E+11", Kind.SHORTENED),
        ("4e+15", Kind.SHORTENED),
        ("Jos\ufffd", Kind.LOST_LETTER),
    ],
)
def test_a_cell_that_a_program_has_broken_is_not_sent_to_anybody(cell: str, kind: Kind) -> None:
    headings = "email address|name|thing|other"
    assert problems(headings, f"jo@example.com|Jo|{cell}|x") == [(kind, "thing")]
    assert problems(headings, f"{cell}|Jo|x|x") == [(kind, "email address")]
    assert problems(headings, f"jo@example.com|Jo|x|{cell}") == []
    assert problems("phone number|name", f"{cell}|Jo", TEXT) == [(kind, "phone number")]
    assert problems("name|name|phone number", f"Jo|{cell}|07700900123", TEXT) == [(kind, "name")]
    letter = "address line 1|address line 2|address line 3|postcode|name"
    assert problems(letter, f"Jo|1 High St|{cell}|SW1A 1AA|Jo", LETTER) == [(kind, "address line 3")]


@pytest.mark.parametrize(
    "cell", ["#1", "# of bags", "#BinDay", "##", "E+11", "3E12", "1.5", "5 x 10E+3 m", "Error", "N/A", "REF", "+44"]
)
def test_words_are_no_breaks(cell: str) -> None:
    assert break_of(cell) is None


DATES = (
    *("03-Apr", "3-Apr-26", "Apr-26", "3 April 2026", "3rd April 2026", "April 3, 2026", "Friday, 3 April 2026"),
    *("03/04/2026", "3.4.26", "2026-04-03", "2026-04-03 00:00:00", "03/04/2026 09:30", "3 Ebrill 2026", "03-Ebr"),
)


@pytest.mark.parametrize("date", DATES)
def test_a_date_in_an_address_or_a_phone_number_is_refused(date: str) -> None:
    letter = "address line 1|address line 2|postcode|name"
    assert problems(letter, f"Jo|{date}|SW1A 1AA|Jo", LETTER) == [(Kind.DATE, "address line 2")]
    assert problems("phone number|name", f"{date}|Jo", TEXT) == [(Kind.DATE, "phone number")]
    assert problems("phone number|name", f"07700900123|{date}", TEXT) == []


MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    *("December", "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref"),
    *("Tachwedd", "Rhagfyr"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.mark.parametrize("name", MONTHS)
def test_a_date_may_begin_with_any_month(name: str) -> None:
    assert all(map(is_date, (f"{name} 26", f"{name.upper()} 3, 2026", f"3 {name}")))


@pytest.mark.parametrize("name", DAYS)
def test_a_date_may_begin_with_any_day_of_the_week(name: str) -> None:
    assert is_date(f"{name}, 3 April 2026")


@pytest.mark.parametrize(
    "line", ["3 April Close", "12 May Street", "Flat 3/4", "1-2 High Street", "3/4", "2026", "March", "June Jones"]
)
def test_a_line_of_an_address_is_no_date(line: str) -> None:
    assert not is_date(line)


def noticed(
    headings: str, rows: list[str], rules: Rules = EMAIL, *, delimiter: str = "", guessed: bool = False
) -> Notices:
    columns = columns_of(headings, rules, delimiter=delimiter)
    remarks = Remarks(columns, rules, Notices(), letters_are_guessed=guessed)
    for number, cells in enumerate(rows, start=2):
        remarks.on(check_row(Row(number, tuple(cells.split("|"))), columns, rules))
    remarks.finish()
    return remarks.notices


def test_the_same_recipient_twice_is_noticed_in_the_form_that_is_stored() -> None:
    emails = noticed("email address|name|thing", ["jo@example.com|a|b", "al@example.com|a|b", "Jo@Example.com|a|b"])
    assert emails[Noticed.SAME_RECIPIENT].places == [Place(4, 4, "2")]
    texts = noticed("phone number|name", ["07700 900123|a", "+44 7700 900123|a", "447700900123|a"], TEXT)
    assert texts[Noticed.SAME_RECIPIENT].places == [Place(3, 4, "2")]
    lines = ["Jo Jones|1 High St|SW1A1AA|Jo", "JO JONES|1 High  St,|sw1a 1aa|Jo", "Al Jones|1 High St|SW1A 1AA|Al"]
    letters = noticed("address line 1|address line 2|postcode|name", lines, LETTER)
    assert letters[Noticed.SAME_RECIPIENT].places == [Place(3, 3, "2")]


def test_rows_that_are_for_nobody_are_not_the_same() -> None:
    assert noticed("email address|name|thing", ["nobody|a|b", "nobody|a|b"])[Noticed.SAME_RECIPIENT].count == 0


def test_a_date_where_the_heading_wants_a_number_is_noticed_and_sent() -> None:
    headings = "email address|House-Number|day of birth"
    found = noticed(headings, ["jo@example.com|03-Apr|03-Apr", "al@example.com|4-Apr|x", "mo@example.com|7|x"], HOUSES)
    assert found[Noticed.DATE].places == [Place(2, 3, "House-Number")]


def test_numbers_that_have_lost_digits_or_noughts_are_noticed() -> None:
    headings = "email address|house number|day of birth"
    numbers = ["1234567890123450000", *(f"{100_000 + number}" for number in range(20)), "12345"]
    found = noticed(headings, [f"p{place}@example.com|{number}|x" for place, number in enumerate(numbers)], HOUSES)
    assert found[Noticed.LOST_DIGITS].places == [Place(2, 2, "house number")]
    assert found[Noticed.LOST_ZEROS].places == [Place(23, 23, "house number")]
    with_noughts = noticed(
        headings, [f"p{place}@example.com|0{number}|x" for place, number in enumerate(numbers)], HOUSES
    )
    assert with_noughts[Noticed.LOST_ZEROS].count == 0


def test_characters_that_make_texts_dearer_are_noticed_by_row_and_what_they_cost_in_all() -> None:
    plain, long = "x" * 150, "ŷ" + "x" * 134
    numbers = ("07700900123", "07700900124", "07700900125", "+7 495 123 45 67", "07700900126")
    rows = [f"{number}|{name}" for number, name in zip(numbers, (plain, long, long, long, "ŷ"), strict=True)]
    abroad = replace(TEXT, may_text_abroad=True)
    found = noticed("phone number|name", rows, abroad)[Noticed.DEARER]
    assert found.places == [Place(3, 5, "ŷ 3 1")]
    assert (found.count, found.extent) == (3, 2 + 2 + 2 * 10)
    assert notices_from({"dearer": found_kept(rows, abroad)})[Noticed.DEARER].extent == found.extent
    assert noticed("phone number|name", rows, TEXT)[Noticed.DEARER].places == [Place(3, 4, "ŷ 3 1")]


def found_kept(rows: list[str], rules: Rules) -> Any:
    return noticed("phone number|name", rows, rules).kept()["dearer"]


def test_a_number_that_seems_to_lack_digits_is_noticed_and_sent() -> None:
    found = noticed("phone number|name", ["07700900123|Jo", "0770090|Al"], TEXT)
    assert found[Noticed.UNLIKELY_NUMBER].places == [Place(3, 3, "phone number")]


def test_digits_that_were_lost_are_noticed_under_any_heading() -> None:
    found = noticed("email address|name|thing", ["jo@example.com|Jo|1234567890123450000"])
    assert found[Noticed.LOST_DIGITS].places == [Place(2, 2, "thing")]


def test_more_cells_than_headings_are_noticed_in_a_text_file_only() -> None:
    rows = ["jo@example.com|Smith| Jo|sofa", "al@example.com|Al|bed|"]
    assert noticed("email address|name|thing", rows, delimiter=",")[Noticed.MORE_CELLS].places == [Place(2, 2)]
    assert noticed("email address|name|thing|", rows, delimiter=",")[Noticed.MORE_CELLS].count == 0
    assert noticed("email address|name|thing", rows)[Noticed.MORE_CELLS].count == 0


def test_letters_that_may_be_wrong_are_noticed_where_they_are_used() -> None:
    rows = ["jo@example.com|José|sofa|é", "al@example.com|Al|bed|é"]
    headings = "email address|name|thing|other"
    assert noticed(headings, rows, guessed=True)[Noticed.GUESSED_LETTERS].places == [Place(2, 2, "name")]
    assert noticed(headings, rows)[Noticed.GUESSED_LETTERS].count == 0
    for name in ("José", "Llŷr", "£5", "Jo – Al", "漢"):
        garbled = name.encode().decode("cp1252")
        found = noticed(headings, [f"jo@example.com|{garbled}|José £5 Ü Ö|x"])
        assert found[Noticed.GARBLED_LETTERS].places == [Place(2, 2, "name")]


@pytest.mark.parametrize(
    ("content", "encoding", "is_guess"),
    [
        ("email address,name\na@b.com,José\n".encode("cp1252"), "Windows-1252", True),
        ("email address,name\na@b.com,José\n".encode(), "UTF-8", False),
        ("email address,name\na@b.com,José\n".encode("utf-32"), "UTF-32", False),
        ("email address,name\na@b.com,Jo\n".encode("utf-16-le"), "UTF-16", False),
        ("email address,name\na@b.com,José\nb@c.com,Siân\n".encode() + b"c@d.com,Jos\xe9\n", "UTF-8", False),
        ("email address,name\na@b.com,Siân".encode()[:-2] + b"\n", "Windows-1252", True),
    ],
)
def test_only_a_guess_is_called_one(content: bytes, encoding: str, is_guess: bool) -> None:
    table = open_spreadsheet([content[:25], content[25:]])
    assert (table.encoding, table.is_guess) == (encoding, is_guess)


def test_one_damaged_letter_does_not_spoil_the_others() -> None:
    content = "email address,name,thing\na@b.com,José,é\n".encode() + b"b@c.com,Jos\xe9,x\n"
    headings, *rows = open_spreadsheet([content]).rows
    columns = read_columns(headings.cells, Channel.EMAIL, asked_for=EMAIL.asked_for)
    assert [kinds(check_row(row, columns, EMAIL)) for row in rows] == [[], [(Kind.LOST_LETTER, "name")]]


@pytest.mark.parametrize(
    "heading",
    [
        "\ufeffEmail address",
        "\u200bemail\u00a0address",
        "email\naddress",
        "ｅmail address",
        "E-mail\u2011address\u00ad",
    ],
)
def test_what_nobody_sees_in_a_heading_does_not_matter(heading: str) -> None:
    found = read_columns((heading, "\u2060na\u0308me", "thing"), Channel.EMAIL, asked_for=["n\u00e4me", "thing\u200b"])
    assert found.is_usable
    assert found.cell("email address", ("a", "b", "c")) == "a"
    assert found.value("näme", ("a", "b", "c")) == "b"


def test_headings_that_are_almost_the_same_are_noticed() -> None:
    row = ["jo@example.com|Jo|Al|sofa"]
    assert noticed("email address|Name|name|thing", row)[Noticed.SAME_HEADING].places == [Place(0, 0, "Name, name")]
    assert noticed("email address|name|name|thing", row)[Noticed.SAME_HEADING].count == 0


SIGNS = "aE+19-:.#!eErr\ufffd£é\u0301' =\t\u200b\n\u3164Ã©"
CELLS = st.text(SIGNS, max_size=6) | st.sampled_from(
    ("#N/A", "Err:502", "7.70901E+11", "7,7e+11", "###", "\ufffd", "'=1", "e\u0301", "\u0301", "a\u00adb", "\u3164")
)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=4))
def test_a_row_is_looked_at_cell_by_cell_whenever_one_of_its_cells_may_be_broken(cells: list[str]) -> None:
    assert may_hold_a_break("\t".join(cells)) or not any(map(break_of, cells))


@settings(deadline=None)
@given(st.lists(CELLS, max_size=4))
def test_the_cells_of_a_row_are_cleaned_together_as_they_are_one_by_one(cells: list[str]) -> None:
    assert clean_cells(cells) == tuple(map(clean_cell, cells))


@given(st.lists(st.tuples(st.sampled_from(Noticed), st.integers(1, 60), st.sampled_from(["", "name", "7"]))))
def test_every_count_is_exact_and_few_places_are_kept(found: list[tuple[Noticed, int, str]]) -> None:
    notices = Notices()
    for noticed_kind, row, about in found:
        notices.add(noticed_kind, row, about)
    again = notices_from(notices.kept())  # type: ignore[arg-type]
    for noticed_kind in Noticed:
        seen = again[noticed_kind]
        assert seen.count == sum(each == noticed_kind for each, _row, _about in found)
        assert len(seen.places) <= MOST_PLACES
        for place in seen.places:
            for row in range(place.first, place.last + 1):
                assert (noticed_kind, row, place.about) in found
