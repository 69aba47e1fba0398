"""The officers' pages of uploaded lists."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.operations.notify.list_pages import RIGHT, WRONG, body, lists_of, make_list_officer, send_now, upload

from guildhall.design.pages.uploads import LARGEST_REQUEST
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.operations import Pair, Words, add_template
from guildhall.notify.pages.lists.wording import name_of_place
from guildhall.notify.testing import AUTHOR, Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.spreadsheets.opening import open_spreadsheet
from guildhall.spreadsheets.table import LARGEST_FILE


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


@pytest.fixture
def officer(council: Council) -> Client:
    return make_list_officer(council)


def test_an_officer_mends_a_list_and_sends_it(officer: Client, sender: Sender, settle: Any) -> None:
    assert "An email" in body(officer.get(lists_of(sender.with_templates())))
    wrong = body(officer.get(upload(officer, sender, WRONG)))
    assert "2 of 3 rows have something to mend" in wrong
    assert "Not a valid email address" in wrong
    here = upload(officer, sender, RIGHT)
    ready = body(officer.get(here))
    assert "All 3 rows have been checked" in ready
    assert "Hello Jo" in ready
    assert "Helo Jo" in ready
    assert "Send 3 emails" in body(officer.get(f"{here}/start"))
    send_now(officer, here)
    settle()
    assert "Delivered" in body(officer.get(here))
    rows = list(csv.reader(io.StringIO(body(officer.get(f"{here}/report.csv")))))
    assert rows[0] == ["Row", "email address", "name", "thing", "Status", "Sent", "Finished"]
    assert [row[:5] for row in rows[1:]] == [
        ["2", "jo@example.com", "Jo", "sofa", "Delivered"],
        ["3", "no@example.com", "'=1+1", "bed", "Delivered"],
        ["4", "al@example.com", "Al", "chair", "Delivered"],
    ]


def test_the_error_spreadsheet_is_harmless_and_can_be_uploaded_again(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, WRONG)
    text = body(officer.get(f"{here}/problems.csv"))
    assert list(csv.reader(io.StringIO(text))) == [
        ["email address", "name", "thing", "row", "column", "problem"],
        ["jo@example.com", "Jo", "sofa", "2", "", ""],
        ["nobody", "'=1+1", "bed", "3", "email address", "Not a valid email address"],
        ["al@example.com", "", "chair", "4", "name", "Missing"],
    ]
    mended = text.replace("nobody", "no@example.com").replace("al@example.com,,", "al@example.com,Al,")
    assert "All 3 rows have been checked" in body(officer.get(upload(officer, sender, mended)))
    assert [row.cells[1] for row in open_spreadsheet([mended.encode()]).rows][2] == "=1+1"


def test_each_row_can_be_looked_at(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, RIGHT)
    page = body(officer.get(f"{here}/rows/3"))
    assert "no@example.com" in page
    assert "Hello =1+1" in page
    assert "/rows/2" in page
    assert "/rows/4" in page
    assert officer.get(f"{here}/rows/9").status_code == 404
    assert officer.get(f"{here}/rows/99999999999").status_code == 404


def test_a_list_of_texts_shows_what_it_costs(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, "phone number;name\n07700900123;Jo\n", template=sender.text)
    page = body(officer.get(here))
    assert "Counts as" in page
    assert "1 text message<" in page
    assert "columns divided by semicolons" in page
    assert "Send 1 text message" in body(officer.get(f"{here}/start"))


def test_a_list_of_texts_says_which_characters_make_it_dearer_and_by_how_much(officer: Client, sender: Sender) -> None:
    long = "x" * 90
    rows = f"phone number,name\n07700900123,Jo\n07700900124,Llŷr {long}\n07700900125,Llŷr {long}\n"
    here = upload(officer, sender, rows, template=sender.text)
    page = body(officer.get(here))
    assert "Because of certain characters the list counts as 9 text messages instead of 5" in page
    assert "rows 3 to 4 (ŷ: 4 instead of 2)" in page
    assert "Because of ŷ it counts as 4 instead of 2" in body(officer.get(f"{here}/rows/3"))
    assert "Because of ŷ it counts as 4 instead of 2" in body(officer.get(f"{here}/problems.csv"))


def test_the_progress_of_a_list_is_told_to_its_page(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, RIGHT)
    send_now(officer, here)
    assert officer.get(f"{here}/progress.json").json() == {
        "state": "scheduled",
        "done": 0,
        "words": "0 of 3 rows are done",
    }
    assert 'data-state="scheduled"' in body(officer.get(here))


def test_failed_rows_are_sent_again_after_another_look(officer: Client, sender: Sender, settle: Any) -> None:
    here = upload(officer, sender, RIGHT)
    assert officer.post(f"{here}/resend")["Location"].endswith("done=nothing-failed")
    send_now(officer, here)
    settle()
    assert "Send the failed rows again" not in body(officer.get(here))


def test_what_was_noticed_is_said_before_a_list_is_sent(officer: Client, sender: Sender) -> None:
    here = upload(officer, sender, f"{RIGHT}JO@example.com,José,sofa,more\n".encode("cp1252"))
    page = body(officer.get(here))
    assert "All 4 rows have been checked and can be sent." in page
    assert "nothing is wrong" not in page
    assert "row 5 as row 2" in page
    assert "row 5: “José”" in page
    assert "2 things were noticed" not in page
    assert "3 things were noticed about this list" in body(officer.post(f"{here}/start", {"when": "now"}))
    assert "Same recipient as row 2" in body(officer.get(f"{here}/rows/5"))
    rows = list(csv.reader(io.StringIO(body(officer.get(f"{here}/problems.csv")))))
    assert rows[4][3:] == [
        "5",
        "email address; the row; name",
        "Same recipient as row 2; More cells than there are headings; May be read wrong",
    ]


def test_a_page_stays_short_however_much_was_noticed(officer: Client, sender: Sender) -> None:
    here = upload(
        officer, sender, "email address,name,thing\n" + "jo@example.com,Jo,sofa\nal@example.com,Al,x\n" * 2000
    )
    page = body(officer.get(here))
    assert "3,998 in all: row 4 as row 2, row 5 as row 3," in page
    assert "and 3,978 more" in page
    assert page.count("as row 2") == 10


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty|Select a file|is empty"),
        (b"%PDF-1.4", "not a spreadsheet that we can read"),
        (b"name\nJo\n", "does not have all the columns"),
        (b"email address,name,thing\n", "There is nobody in the file"),
        (b"People\nemail address,name,thing\n", "Row 2: these look like the headings"),
        (
            b'email address,name,thing\na@b.com,"Al,x\n',
            "Row 2, on line 2 of the file: a cell begins with a quotation mark",
        ),
        (
            b'email address,name,thing\na@b.com,"Al,x\nb@c.com,"Jo",x\n',
            "Row 2, which begins on line 2 of the file, and there on line 3: a quotation mark stands inside a cell",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    officer: Client, sender: Sender, content: bytes, words: str
) -> None:
    sent = {"file": SimpleUploadedFile("people.csv", content)}
    page = body(officer.post(f"{lists_of(sender)}/upload/{sender.email}", sent, follow=True))
    assert any(each in page for each in words.split("|"))
    assert "Upload and check" in page


def test_a_file_larger_than_any_list_is_refused_before_it_is_kept(officer: Client, sender: Sender) -> None:
    here = f"{lists_of(sender)}/upload/{sender.email}"
    small = officer.post(here, {"file": SimpleUploadedFile("people.csv", b"1" * (LARGEST_FILE + 1))})
    assert "must be smaller than 25MB" in body(small)
    large = officer.post(here, {"file": SimpleUploadedFile("people.csv", b"1" * (LARGEST_REQUEST + 1))})
    assert large.status_code == 400


def test_no_file_is_asked_for_again(officer: Client, sender: Sender) -> None:
    assert "Select a file" in body(officer.post(f"{lists_of(sender)}/upload/{sender.email}", {}))


def test_a_file_to_begin_with_has_the_columns_that_are_needed(officer: Client, sender: Sender) -> None:
    text = body(officer.get(f"{lists_of(sender)}/upload/{sender.email}/example.csv"))
    assert text == "email address,thing,name\r\n"


def test_lists_are_for_those_who_may_send(council: Council, sender: Sender, officer: Client) -> None:
    here = upload(officer, sender, RIGHT)
    auditor = make_list_officer(council, Role.AUDITOR)
    for address in (lists_of(sender), here, f"{here}/report.csv", f"{here}/problems.csv", f"{here}/progress.json"):
        assert auditor.get(address).status_code == 403
    assert officer.get(f"{lists_of(sender)}/{new_id()}").status_code == 404


def test_a_list_of_letters_is_looked_at_as_it_will_be_printed_and_sent(
    officer: Client, sender: Sender, settle: Any
) -> None:
    template = add_template(
        notify_service_id=sender.id,
        channel=Channel.LETTER,
        name="A letter",
        pair=Pair(Words("About ((thing))", "Dear ((name))")),
        by=AUTHOR,
        now=clock.now(),
    )
    people = "Address line 1,address_line_2,Postcode,name,thing\n"
    wrong = upload(officer, sender, f"{people}Jo Jones,1 High Street,nowhere,Jo,bins\n", template=template.id)
    assert "Last line of address must be a real UK postcode" in body(officer.get(wrong))
    foreign = body(
        officer.get(upload(officer, sender, f"{people}Jo,1 High Street,SW1A 1AA,漢字,bins\n", template=template.id))
    )
    assert "Letters cannot show some of its characters: 漢 字" in foreign
    assert "the address, with at least 3 of these columns" in foreign
    assert "<li>name</li>" in foreign
    assert "<li>address line 1</li>" not in foreign
    here = upload(officer, sender, f"{people}Jo Jones,1 High Street,SW1A 1AA,Jo,bins\n", template=template.id)
    page = body(officer.get(here))
    assert 'src="data:image/png;base64,' in page
    assert "for a letter like the first" in page
    assert 'src="data:image/png;base64,' in body(officer.get(f"{here}/rows/2"))
    start = body(officer.get(f"{here}/start"))
    assert "Send 1 letter now" in start
    assert "Later" not in start
    send_now(officer, here)
    settle()
    with reading():
        [message] = models.Message.objects.filter(organisation_id=sender.council.id, channel="letter")
    assert (message.recipient_as_given, message.sheets) == ("Jo Jones\n1 High Street\nSW1A 1AA", 1)


def test_what_is_wrong_with_an_address_of_several_columns_is_named_in_welsh_too() -> None:
    """It stands in no column of the file, so its name is ours."""
    assert name_of_place(Problem(Kind.ADDRESS_LAST_LINE, "address")).cy == "y cyfeiriad"
    assert name_of_place(Problem(Kind.MISSING, "enw llawn")).in_("cy") == "enw llawn"
