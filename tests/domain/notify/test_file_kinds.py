"""A file is what it is by its structure, whatever it is called, and is one thing only."""

import io
import json
import zipfile

import pytest
from tests.domain.notify.office_files import ODT, WORD, archive, contents, docx, odt, xlsx

from guildhall.notify.domain.file_kinds import likely_kinds

PDF = b"%PDF-1.7\n1 0 obj"
BOMB = b"0" * 8_000_000
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def archive_that_names_a_member_twice() -> bytes:
    written = io.BytesIO(docx())
    with zipfile.ZipFile(written, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("word/document.xml", "<another/>")
    return written.getvalue()


def archive_of_two_documents() -> bytes:
    first, second = "word/document.xml", "word/another.xml"
    both = contents(first, WORD).replace("</Types>", f'<Override PartName="/{second}" ContentType="{WORD}"/></Types>')
    return archive({"[Content_Types].xml": both, first: "<document/>", second: "<document/>"})


@pytest.mark.parametrize(
    ("content", "kinds"),
    [
        (docx(), ("docx",)),
        (docx(part="document.xml"), ("docx",)),
        (xlsx(), ("xlsx",)),
        (odt(), ("odt",)),
        (PDF, ("pdf",)),
        (PDF + b"PK\x05\x06 by chance, in the midst of a picture", ("pdf",)),
        (b"\x89PNG\r\n\x1a\n....", ("png",)),
        (b"\xff\xd8\xff\xe0....", ("jpg", "jpeg")),
        (b"{\\rtf1 Hello}", ("rtf",)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", ("doc",)),
        (b"Plain words", ("txt", "csv")),
        ("\ufeffname,town\nJosé,Ynys Môn".encode(), ("txt", "csv")),
        (json.dumps({"a": [1, 2]}).encode(), ("txt", "json", "csv")),
    ],
)
def test_what_office_programs_and_people_write_is_known(content: bytes, kinds: tuple[str, ...]) -> None:
    assert likely_kinds(content) == kinds


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04....word/document.xml",
        archive({"word/document.xml": "<document/>"}),
        archive({"[Content_Types].xml": contents("word/document.xml", WORD)}),
        archive({"[Content_Types].xml": contents("word/document.xml", MACROS), "word/document.xml": "<document/>"}),
        archive({"[Content_Types].xml": "<Types>", "word/document.xml": "<document/>"}),
        archive({"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "c">]><Types/>', "word/document.xml": "<document/>"}),
        archive({"content.xml": "<content/>", "mimetype": ODT}),
        archive({"mimetype": ODT}),
        archive({"mimetype": "application/vnd.oasis.opendocument.graphics", "content.xml": "<content/>"}),
        archive({"setup.exe": "MZ"}),
        archive({}),
        docx()[:-30],
    ],
)
def test_an_archive_without_the_structure_of_a_document_is_none(content: bytes) -> None:
    assert likely_kinds(content) == ()


@pytest.mark.parametrize(
    "content",
    [
        docx(**{"word/media/picture.png": BOMB}),
        archive(
            {"[Content_Types].xml": contents("word/document.xml", WORD) + " " * 8_000_000, "word/document.xml": ""}
        ),
        docx(**{f"word/{number}.xml": b"" for number in range(2001)}),
    ],
)
def test_a_file_that_unpacks_to_far_more_than_it_holds_is_refused(content: bytes) -> None:
    assert len(content) < 400_000
    assert likely_kinds(content) == ()


@pytest.mark.parametrize(
    "content",
    [
        PDF + docx(),
        b"\x89PNG\r\n\x1a\n" + docx(),
        b"\xff\xd8\xff\xe0" + xlsx(),
        b"name,town\n" + archive({"a": "b"}, packed=False),
        b"MZ\x90\x00" + docx(),
        docx() + PDF,
        docx() + docx(),
        b"PK\x03\x04" + bytes(40) + docx(),
        archive_that_names_a_member_twice(),
        archive_of_two_documents(),
        docx()[:-2] + b"\x05\x00HELLO",
        PDF + docx() + b"\n%%EOF",
        PDF + docx() + b"PK\x05\x06" + bytes(18) + b"%%EOF",
        PDF + docx() + b"PK\x05\x06" + b"\x01" * 18 + b"%%EOF",
        PDF + b"PK\x05\x06" + bytes(18),
    ],
)
def test_a_file_that_is_two_things_at_once_is_neither(content: bytes) -> None:
    assert likely_kinds(content) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00program",
        b"\x7fELF\x02\x01\x01\x00",
        b"words, and long after them" + b" " * 20_000 + b"\x00",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <HTML>",
        b"<svg onload=alert(1)>",
        b"<?xml version='1.0'?><a/>",
    ],
)
def test_programs_and_pages_are_not_text(content: bytes) -> None:
    assert likely_kinds(content) == ()


def test_json_that_nests_without_end_or_counts_without_end_is_only_text() -> None:
    assert likely_kinds(b"[" * 200_000) == ("txt", "csv")
    assert likely_kinds(b"1" * 200_000) == ("txt", "csv")
