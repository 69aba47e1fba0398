"""A file's name, whoever chose it, is safe in a header and in a folder, and reads as it did."""

import re
import unicodedata
from email.message import Message

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guildhall.design.domain.file_name import LONGEST, clean_file_name, content_disposition


def read_by_a_browser(header: str) -> str:
    """Return the name that ``filename*`` gives, which browsers prefer, as the standard library reads it."""
    message = Message()
    message["Content-Disposition"] = re.sub(r'filename="[^"]*"; ', "", header)
    name = message.get_filename()
    assert name is not None
    return name


@pytest.mark.parametrize(
    ("chosen", "saved"),
    [
        ("names.csv", "names.csv"),
        ("Ynys Môn – names (2).csv", "Ynys Môn – names (2).csv"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Users\\jo\\list.csv", "C__Users_jo_list.csv"),
        ('a"; filename="b.exe', "a_; filename=_b.exe"),
        ("a\r\nSet-Cookie: a=b", "a Set-Cookie_ a=b"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200bb\ufeff.csv", "ab.csv"),
        ("half\ud800.csv", "half.csv"),
        (" .. ", "file"),
        ("", "file"),
        ("\u2066\u2069", "file"),
        ("nul.txt", "_nul.txt"),
        ("COM1", "_COM1"),
        ("x" * 200 + ".csv", "x" * 116 + ".csv"),
        ("x" * 200 + "." + "y" * 200, "x" * 120),
        ("x" * 200 + "." + "y" * 12, "x" * 107 + "." + "y" * 12),
        ("x" * 200 + "." + "y" * 13, "x" * 120),
        ("x" * 120, "x" * 120),
    ],
)
def test_names_are_cleaned(chosen: str, saved: str) -> None:
    assert clean_file_name(chosen) == saved


def test_nothing_in_the_plain_name_can_be_read_as_an_escape() -> None:
    """Some browsers read ``filename`` too as if it were written with per cent signs."""
    assert content_disposition("100%22.csv", is_saved=True).startswith('attachment; filename="100_22.csv"; ')


@given(st.text(max_size=400))
@example('"\\')
@example("%0d%0a%22")
@example("\u202e\u2066")
@example("a" * 5000)
def test_a_header_holds_one_line_of_plain_characters_and_gives_the_cleaned_name(chosen: str) -> None:
    header = content_disposition(chosen, is_saved=True)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert read_by_a_browser(header) == clean_file_name(chosen)


@given(st.text(max_size=400))
def test_a_cleaned_name_is_short_whole_and_holds_nothing_unseen(chosen: str) -> None:
    name = clean_file_name(chosen)
    assert 0 < len(name) <= LONGEST + 1
    assert not set(name) & set('/\\:*?"<>|')
    assert not {unicodedata.category(character) for character in name} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert clean_file_name(name) == name
