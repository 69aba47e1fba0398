"""Quotation marks in lists as text: a row that breaks their rules is named, and never becomes part of another.

``alphagov/notifications-utils:notifications_utils/recipients.py`` reads with ``skipinitialspace`` and forgives every
mark. We read the same where the file can be read in one way only, and refuse the rest (RFC 4180, section 2).
"""

import csv
import io
from collections.abc import Collection, Iterator
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.checking import check_row
from guildhall.notify.domain.lists.columns import read_columns
from guildhall.notify.domain.lists.problems import Kind
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.template import Pair, Words
from guildhall.spreadsheets.cells import defuse
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import (
    QuoteInsideCell,
    QuoteNeverEnds,
    Row,
    UnreadableFile,
    UnreadableRow,
    clean_cell,
)

EMAIL = Rules(Channel.EMAIL, Pair(Words("About ((thing))", "Hello ((name))")), None)
TEXT = Rules(Channel.SMS, Pair(Words("", "((name)) ((thing))")), None)
LETTER = Rules(Channel.LETTER, Pair(Words("A letter", "Hello ((name))")), None, letter_names=("name",))
HEADINGS = "email address,name,thing\n"


def read(text: str, *, expected: Collection[str] = ("email address", "name", "thing")) -> list[Row]:
    content = text.encode()
    parts = [content[start : start + 50] for start in range(0, len(content), 50)]
    return list(open_spreadsheet(parts, is_expected=expected.__contains__).rows)


def cells_of(text: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read(text)]


def problems_of(text: str, rules: Rules = EMAIL) -> list[tuple[int, set[Kind]]]:
    headings, *rows = read(text, expected=())
    columns = read_columns(headings.cells, rules.channel, asked_for=rules.asked_for, delimiter=",")
    assert columns.is_usable, columns
    checked = [check_row(row, columns, rules) for row in rows]
    return [(each.row.number, {problem.kind for problem in each.problems}) for each in checked if each.problems]


@pytest.mark.parametrize(
    ("text", "refusal", "row", "line", "at_line"),
    [
        (f'{HEADINGS}a@b.com,"Smith,sofa\nb@c.com,Al,bed\nc@d.com,Mo,x\nd@e.com,Jo,y\n', QuoteNeverEnds, 2, 2, 2),
        (f'{HEADINGS}a@b.com,Al,bed\nb@c.com,"Smith,sofa\n', QuoteNeverEnds, 3, 3, 3),
        (f'{HEADINGS}a@b.com,"Smith,sofa\nb@c.com,"Al",bed\n', QuoteInsideCell, 2, 2, 3),
        (f'{HEADINGS}a@b.com,"two\nlines",x\nb@c.com,"Jo "the" Lee",bed\n', QuoteInsideCell, 3, 4, 4),
        (f'{HEADINGS}a@b.com,"Smart" Jo,sofa\n', QuoteInsideCell, 2, 2, 2),
        (f'{HEADINGS}a@b.com,Jo "the" Lee,sofa\n', QuoteInsideCell, 2, 2, 2),
        (f'{HEADINGS}a@b.com,Smith, Jo",sofa\n', QuoteInsideCell, 2, 2, 2),
        (f'{HEADINGS}a@b.com,"a "" b,sofa\n', QuoteNeverEnds, 2, 2, 2),
        (f'{HEADINGS}\r\n\ra@b.com,5" pipe,x\n', QuoteInsideCell, 4, 4, 4),
        ('email address,"name,thing\na@b.com,Al,bed\n', QuoteNeverEnds, 1, 1, 1),
        (f'sep=,\n{HEADINGS}a@b.com,"Al,bed\n', QuoteNeverEnds, 2, 3, 3),
        (f'{HEADINGS}a@b.com,"' + "x,\n" * 100_000, QuoteNeverEnds, 2, 2, 2),
        ('email address;name\na@b.com;"Al\n', QuoteNeverEnds, 2, 2, 2),
        ('email address\tname\na@b.com\tAl "x"\n', QuoteInsideCell, 2, 2, 2),
    ],
)  # fmt: skip
def test_a_row_whose_quotation_marks_are_wrong_is_named(
    text: str, refusal: type[UnreadableRow], row: int, line: int, at_line: int
) -> None:
    with pytest.raises(refusal) as fault:
        read(text)
    assert (fault.value.row, fault.value.line, fault.value.at_line) == (row, line, at_line)


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('a@b.com, "Smith, Jo",sofa', ("a@b.com", "Smith, Jo", "sofa")),
        ('a@b.com,   "Smith, Jo"   ,  sofa', ("a@b.com", "Smith, Jo", "sofa")),
        ('a@b.com," Smith "," sofa"', ("a@b.com", "Smith", "sofa")),
        ('"a@b.com","1 High Street,\nBath","say ""no"""', ("a@b.com", "1 High Street,\nBath", 'say "no"')),
        ('"a@b.com","1 High Street,\r\n\r\nBath\r",""', ("a@b.com", "1 High Street,\n\nBath", "")),
        ("a@b.com,Siân O'Hara,'sofa'", ("a@b.com", "Siân O'Hara", "'sofa'")),
        ('\ufeff"a@b.com",x,y', ("a@b.com", "x", "y")),
        ("a@b.com,x,", ("a@b.com", "x", "")),
        ('""""', ('"',)),
    ],
)
def test_a_row_in_order_is_read_as_the_reference_reads_it(line: str, cells: tuple[str, ...]) -> None:
    assert cells_of(f"{HEADINGS}{line}\n")[1:] == [cells]
    assert cells_of(f"{HEADINGS}{line}")[1:] == [cells]


@pytest.mark.parametrize(
    "text",
    [
        f'{HEADINGS}jo@example.com,Jo,"sofa\nal@example.com,Al,bed"\n',
        f'{HEADINGS}jo@example.com,"Jo,sofa\nal@example.com,Al",bed\n',
        f'{HEADINGS}jo@example.com,"Jo\nal@example.com,Al,bed\nmo@example.com,Mo",bed\n',
        f'{HEADINGS}jo@example.com,Jo,"sofa\nnobody,Al,bed"\n',
        'name,thing,email address\nJo,"sofa,jo@example.com\nAl,bed",al@example.com\n',
        f'{HEADINGS}jo@example.com,Jo,"sofa\nal@example.com,Al,12 High Street\nBath"\n',
        'thing,email address,name\nx,jo@example.com,"Jo\ny",al@example.com,Al\n',
    ],
)
def test_a_cell_that_holds_rows_is_a_problem_of_its_row(text: str) -> None:
    assert problems_of(text) == [(2, {Kind.SWALLOWED})]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('phone number,name,thing\n07700900123,Jo,"sofa\n07700900124,Al,bed"\n', TEXT),
        ('phone number,name,thing\n07700900123,"Jo,sofa\n+44 7700 900124,Al",bed\n', TEXT),
        ('address line 1,address line 2,postcode,name\nJo,1 High St,SW1A 1AA,"Jo\nAl,2 Low St,SW1A 1AA,Al"\n', LETTER),
        (
            'name,address line 1,address line 2,postcode\nJo,"1 A St,Bath,x\nAl","2 A St,Bath,x\nMo",SW1A 1AA\n',
            LETTER,
        ),
        ('name,address line 1,address line 2,postcode\nJo,"Jo,1 High St,SW1A 1AA\nAl,Al",2 Low St,SW1A 1AA\n', LETTER),
    ],
)
def test_rows_are_found_in_cells_of_every_channel(text: str, rules: Rules) -> None:
    assert problems_of(text, rules) == [(2, {Kind.SWALLOWED})]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f'{HEADINGS}jo@example.com,Jo,"12 High Street,\nBath"\n', EMAIL),
        (f'{HEADINGS}jo@example.com,Jo,"12 High Street, Bath\nBA1 1AA, England"\n', EMAIL),
        (f'{HEADINGS}jo@example.com,Jo,"Please write to\nteam@example.gov.uk\nor call"\n', EMAIL),
        ('email address,name,thing,note\njo@example.com,"1 High St,\nBath",x,y\n', EMAIL),
        ('name,thing,email address\n"Jo\nand Al","a, b\nc",jo@example.com\n', EMAIL),
        ('phone number,name,thing\n07700900123,Jo,"Call us:\n01225 300 300\nany day"\n', TEXT),
        ('address line 1,address line 2,postcode,name\n"Jo\nand Al",1 High St,SW1A 1AA,"Jo,\nAl"\n', LETTER),
    ],
)
def test_honest_cells_of_several_lines_go_on_working(text: str, rules: Rules) -> None:
    assert problems_of(text, rules) == []


TWO_COLUMNS = Rules(Channel.EMAIL, Pair(Words("Hello", "Hello ((name))")), None)


def test_with_two_columns_an_address_is_no_row_and_a_row_is_one() -> None:
    headings = "email address,name\n"
    assert problems_of(f'{headings}jo@example.com,"1 High Street\nBath, Somerset"\n', TWO_COLUMNS) == []
    assert problems_of(f'{headings}jo@example.com,"Jo\nal@example.com,Al"\n', TWO_COLUMNS) == [(2, {Kind.SWALLOWED})]


CELLS = st.text(alphabet="ab,;\n\"\t ='", max_size=6).filter(lambda cell: cell == clean_cell(defuse(cell)))
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=3).filter(any), max_size=5)
WAYS = st.tuples(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(["\r\n", "\n"]))


def written(rows: list[list[str]], way: tuple[int, str] = (csv.QUOTE_ALL, "\n")) -> str:
    held = io.StringIO()
    csv.writer(held, quoting=way[0], lineterminator=way[1]).writerows([defuse(cell) for cell in row] for row in rows)  # type: ignore[arg-type]
    return held.getvalue()


@given(TABLES, WAYS)
def test_what_a_csv_writer_wrote_is_read_back_as_it_was(table: list[list[str]], way: tuple[int, str]) -> None:
    rows = [["email address", "name"], *table]
    assert cells_of(written(rows, way)) == [tuple(row) for row in rows]


@st.composite
def damage(draw: st.DrawFn, tables: st.SearchStrategy[list[list[str]]]) -> tuple[list[list[str]], int, str]:
    """A table, the row that a quotation mark is lost from or put into, and the file that comes of it."""
    rows = [["email address", "name"], *draw(tables)]
    way = draw(WAYS)
    lines = [written([row], way) for row in rows]
    number = draw(st.integers(0, len(rows) - 1))
    line = lines[number]
    marks = [place for place, sign in enumerate(line) if sign == '"']
    if marks and draw(st.booleans()):
        place = draw(st.sampled_from(marks))
        lines[number] = line[:place] + line[place + 1 :]
    else:
        place = draw(st.integers(0, len(line.rstrip("\r\n"))))
        lines[number] = f'{line[:place]}"{line[place:]}'
    return rows, number, "".join(lines)


@given(damage(TABLES))
def test_a_mark_lost_or_added_anywhere_is_never_read_over(damaged: tuple[list[list[str]], int, str]) -> None:
    """However strange the cells are: the file is refused, and every row before the damage was read as it was."""
    rows, number, text = damaged
    seen: list[Row] = []
    with pytest.raises(UnreadableRow) as fault:
        seen.extend(_remembered(text, seen))
    assert [row.cells for row in seen[:number]] == [tuple(row) for row in rows[:number]]
    assert fault.value.row > number


PLAIN = st.from_regex(r"[a-z]([a-z,;\n\"]{0,4}[a-z])?", fullmatch=True)


@given(damage(st.lists(st.lists(PLAIN, min_size=2, max_size=3), max_size=5)))
def test_a_mark_lost_or_added_among_words_is_named_where_it_is(damaged: tuple[list[list[str]], int, str]) -> None:
    """The row that is named begins on one of the lines of the row that was damaged."""
    rows, number, text = damaged
    before = sum(_lines_of(row) for row in rows[:number])
    with pytest.raises(UnreadableRow) as fault:
        read(text)
    assert before < fault.value.line <= before + _lines_of(rows[number])


def _remembered(text: str, seen: list[Row]) -> Iterator[Row]:
    for row in open_spreadsheet([text.encode()], is_expected={"email address"}.__contains__).rows:
        seen.append(row)
    return iter(())


def _lines_of(row: list[str]) -> int:
    return 1 + sum(cell.count("\n") for cell in row)


@st.composite
def lists_of_people(draw: st.DrawFn) -> str:
    """A list of people whose file has lost or got a few quotation marks: two or more may keep to the rules."""
    words = st.from_regex(r"[a-z]([a-z,\n ]{0,5}[a-z])?", fullmatch=True)
    number = count()
    rows = draw(st.lists(st.tuples(words, words), min_size=2, max_size=5))
    people = [[f"person{next(number)}@example.com", *row] for row in rows]
    place = draw(st.integers(0, 2))
    for row in (headings := ["email address", "name", "thing"], *people):
        row.insert(place, row.pop(0))
    text = written([headings, *people], (draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])), "\n"))
    for _each in range(draw(st.integers(1, 4))):
        at = draw(st.integers(len(",".join(headings)), len(text) - 1))
        text = text[:at] + text[at + 1 :] if text[at] == '"' else f'{text[:at]}"{text[at:]}'
    return text


@given(lists_of_people())
def test_whatever_marks_are_wrong_nobody_is_told_of_another(text: str) -> None:
    try:
        headings, *rows = read(text)
    except UnreadableFile:
        return
    columns = read_columns(headings.cells, Channel.EMAIL, asked_for=EMAIL.asked_for, delimiter=",")
    assume(columns.is_usable)
    for row in rows:
        checked = check_row(row, columns, EMAIL)
        assert checked.problems or "".join(row.cells).count("@") == 1, text
