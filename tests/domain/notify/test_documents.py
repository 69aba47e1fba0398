"""Files by email: what may be sent, and the link that stands in the email (contract: notify 1.5)."""

import base64
from datetime import timedelta
from uuid import UUID

import pytest
from tests.domain.notify.office_files import docx, xlsx

from guildhall.notify.domain.document import (
    LARGEST_FILE,
    DocumentAddress,
    FilenameTooLong,
    FileTooLarge,
    NotAContact,
    NotBase64,
    UnsupportedFile,
    read_contact,
    read_file,
    read_id,
    read_key,
    weeks_of,
)

PDF = b"%PDF-1.7\n1 0 obj"


def sent(content: bytes, **words: object) -> dict[str, object]:
    return {"file": base64.b64encode(content).decode(), **words}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (docx(), "docx"),
        (xlsx(), "xlsx"),
        (b"\xff\xd8\xff\xe0....", "jpg"),
        (b"Plain words", "txt"),
    ],
)
def test_a_file_without_a_name_is_known_by_its_content(content, kind):
    assert read_file(sent(content)).kind == kind


def test_text_may_call_itself_a_list():
    assert read_file(sent(b"a,b\n1,2", is_csv=True)).kind == "csv"
    assert read_file(sent(b"a,b\n1,2", filename="Names.CSV")).media_type == "text/csv"
    assert read_file(sent(b'{"a": 1}', filename="a.json")).kind == "json"


@pytest.mark.parametrize(
    ("content", "words", "kind"),
    [
        (b"MZ\x90\x00program", {}, "application/octet-stream"),
        (b"MZ\x90\x00program", {"filename": "letter.pdf"}, "application/octet-stream"),
        (PDF, {"filename": "letter.docx"}, "application/pdf"),
        (xlsx(), {"filename": "letter.docx"}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (PDF, {"filename": "run.exe"}, "exe"),
        (b"PK\x03\x04....nothing of an office", {"filename": "list.xlsx"}, "application/octet-stream"),
        (b"not json", {"filename": "a.json"}, "text/plain"),
    ],
)
def test_a_file_that_is_not_what_may_be_sent_is_refused(content, words, kind):
    with pytest.raises(UnsupportedFile) as refusal:
        read_file(sent(content, **words))
    assert refusal.value.kind == kind


def test_a_file_of_two_megabytes_passes_and_a_larger_one_does_not():
    assert len(read_file(sent(PDF.ljust(LARGEST_FILE, b"x"))).content) == LARGEST_FILE
    with pytest.raises(FileTooLarge):
        read_file(sent(PDF.ljust(LARGEST_FILE + 1, b"x")))


def test_a_name_of_more_than_a_hundred_characters_is_refused():
    assert read_file(sent(PDF, filename="x" * 96 + ".pdf")).name
    with pytest.raises(FilenameTooLong):
        read_file(sent(PDF, filename="x" * 97 + ".pdf"))


@pytest.mark.parametrize("nonsense", ["!!!", "YQ=", 7, None, "YQ==é", ["YQ=="]])
def test_what_is_not_base64_is_refused(nonsense):
    with pytest.raises(NotBase64):
        read_file({"file": nonsense})


def test_a_file_is_kept_for_half_a_year_unless_told_and_its_reader_is_asked_unless_told():
    usual = read_file(sent(PDF))
    assert (usual.kept_for, usual.asks_for_email) == (timedelta(weeks=26), True)
    told = read_file(sent(PDF, retention_period="1 week", confirm_email_before_download=False))
    assert (told.kept_for, told.asks_for_email) == (timedelta(weeks=1), False)


def test_periods_are_from_one_to_seventy_eight_weeks():
    assert (weeks_of("1 week"), weeks_of("78 weeks"), weeks_of(" 026 Weeks\n")) == (1, 78, 26)
    assert [weeks_of(period) for period in ("0 weeks", "79 weeks", "4 days", "weeks", 4, None, "1000000 weeks")] == [
        None
    ] * 7


def test_a_link_spells_whose_file_it_is_which_it_is_and_its_key_and_is_read_back():
    address = DocumentAddress(UUID(int=5), UUID(int=2**127 + 7), bytes(range(32)))
    link = address.link("https://guildhall.example")
    path, _, key = link.partition("?key=")
    service, document = path.removeprefix("https://guildhall.example/d/").split("/")
    assert (read_id(service), read_id(document), read_key(key)) == (
        address.service_id,
        address.document_id,
        address.key,
    )


@pytest.mark.parametrize("spelled", ["", "AAAA", "not base64!", "é", "A" * 500])
def test_what_no_link_of_ours_spells_is_nothing(spelled):
    assert (read_id(spelled), read_key(spelled)) == (None, None)


@pytest.mark.parametrize(
    "contact", ["https://testford.example/help", "help@testford.example", "020 7946 0000", "+44 20 7946 0000", ""]
)
def test_readers_may_be_sent_to_a_page_an_email_address_or_a_phone_number(contact):
    assert read_contact(f" {contact} ") == contact


@pytest.mark.parametrize("contact", ["javascript:alert(1)", "https://", "a@b", "call us", 'https://x/ "onclick'])
def test_readers_are_sent_nowhere_else(contact):
    with pytest.raises(NotAContact):
        read_contact(contact)
