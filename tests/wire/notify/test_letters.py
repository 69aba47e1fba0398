"""Letters through the API (alphagov/notifications-api:app/v2/notifications/post_notifications.py)."""

import base64
import json
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typst
from django.db import connection, connections
from django.test import Client
from pypdfium2 import PdfDocument
from tests.threads import join

from guildhall.config.database_urls import django_database
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.letter_timing import LetterClass, letter_timing
from guildhall.notify.domain.template import Choices, LetterLanguage, Pair, Postage, Words
from guildhall.notify.operations.letters.examining import examine_waiting
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import AUTHOR, Sender
from guildhall.organisations.domain.keys import KeyKind

ADDRESS = {"address_line_1": "Mx One", "address_line_2": "1 High Street", "address_line_3": "sw1a1aa"}
GOOD = '#page(paper: "a4", margin: 0mm)[#place(dx: 25mm, dy: 41mm)[Mx One\\ 1 High Street\\ SW1A 1AA]]'
ASTRAY = '#page(paper: "a4", margin: 0mm)[#place(dx: 2mm, dy: 100mm)[astray]]'


class Letters:
    """A letter template, and requests that send it."""

    def __init__(self, api: Any, sender: Sender) -> None:
        self.api, self.sender = api, sender
        self.template = self.add_template("Your ((thing))", "Dear ((name)),\n\nQR: ((link))")

    def add_template(self, subject: str, body: str, **choices: Any) -> str:
        with acting_for(self.sender.council.id):
            made = operations.add_template(
                notify_service_id=self.sender.id,
                channel=Channel.LETTER,
                name="A letter",
                pair=Pair(Words(subject, body), choices.pop("welsh", Words("", ""))),
                by=AUTHOR,
                now=clock.now(),
                choices=Choices(**choices),
            )
        return str(made.id)

    def send(self, kind: KeyKind = KeyKind.LIVE, *, template: str = "", **values: object) -> Any:
        given = {"name": "Jo", "thing": "bill", "link": "https://x.example", **ADDRESS, **values}
        given = {name: value for name, value in given.items() if value is not None}
        body = {"template_id": template or self.template, "personalisation": given, "reference": "r"}
        return self.api.post("/v2/notifications/letter", body, kind=kind)

    def bring(self, pdf: bytes, kind: KeyKind = KeyKind.LIVE, **changes: object) -> Any:
        body = {"reference": "r", "content": base64.b64encode(pdf).decode(), **changes}
        return self.api.post("/v2/notifications/letter", body, kind=kind)

    def told(self, answer: Any, kind: KeyKind = KeyKind.LIVE) -> Any:
        return self.api.get(f"/v2/notifications/{answer.json()['id']}", kind=kind).json()

    def pdf(self, answer: Any) -> Any:
        return self.api.get(f"/v2/notifications/{answer.json()['id']}/pdf")


@pytest.fixture
def letters(api: Any, sender: Sender) -> Letters:
    return Letters(api, sender)


@pytest.fixture
def examine(database: dict[str, str]) -> Callable[[], int]:
    """Look through what waits, as the worker does, with the worker's login."""

    def run() -> int:
        handled: list[int] = []

        def work() -> None:
            connections["default"].settings_dict = connections["default"].settings_dict | django_database(
                database["dispatcher"], pooled=False
            )
            try:
                handled.append(examine_waiting(now=clock.now()))
            finally:
                connections["default"].close()

        worker = threading.Thread(target=work)
        worker.start()
        join(worker)
        return handled[0]

    return run


def allow(sender: Sender, column: str, is_allowed: bool) -> None:
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notify_notifyservice SET {column} = %s WHERE id = %s", [is_allowed, sender.id])
    forget_services()


def problems(answer: Any) -> tuple[int, list[tuple[str, str]]]:
    return answer.status_code, [(each["error"], each["message"]) for each in answer.json()["errors"]]


def words_of(pdf: bytes) -> str:
    with closing(PdfDocument(pdf)) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def made(source: str) -> bytes:
    pdf = typst.compile(source.encode())
    assert isinstance(pdf, bytes)
    return pdf


def test_a_letter_is_accepted_and_told_like_any_message(letters: Letters) -> None:
    answer = letters.send()
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "reference", "content", "uri", "template", "scheduled_for"}
    assert answer.json()["content"] == {"body": "Dear Jo,\n\nQR: https://x.example", "subject": "Your bill"}
    told = letters.told(answer)
    assert told["status"] == "accepted"
    assert (told["line_1"], told["line_2"], told["line_3"], told["postcode"]) == (
        "Mx One",
        "1 High Street",
        None,
        "SW1A 1AA",
    )
    assert (told["email_address"], told["phone_number"], told["postage"]) == (None, None, "second")
    assert (told["cost_in_pounds"], told["is_cost_data_ready"]) == (0.73, True)
    assert told["cost_details"] == {"billable_sheets_of_paper": 1, "postage": "second"}
    accepted_at = datetime.strptime(told["created_at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    expected = letter_timing(accepted_at, LetterClass.SECOND).earliest_delivery
    assert told["estimated_delivery"] == expected.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_letters_pdf_can_be_fetched_at_once(letters: Letters) -> None:
    pdf = letters.pdf(letters.send())
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert "Mx One 1 High Street SW1A 1AA" in words_of(pdf.content)
    assert "Dear Jo," in words_of(pdf.content)


def test_a_template_decides_postage_and_languages(letters: Letters) -> None:
    template = letters.add_template(
        "About ((thing))",
        "Hello",
        welsh=Words("Am ((peth))", "Helo"),
        postage=Postage.FIRST,
        letter_language=LetterLanguage.WELSH_THEN_ENGLISH,
    )
    assert problems(letters.send(template=template)) == (400, [("BadRequestError", "Missing personalisation: peth")])
    answer = letters.send(template=template, peth="bil")
    assert letters.told(answer)["postage"] == "first"
    words = words_of(letters.pdf(answer).content)
    assert words.index("Am bil Helo") < words.index("About bill Hello")


def test_who_may_send_letters(letters: Letters, sender: Sender) -> None:
    assert problems(letters.send(KeyKind.TEAM)) == (
        403,
        [("BadRequestError", "Cannot send letters with a team api key")],
    )
    allow(sender, "is_live", False)
    in_trial = (403, [("BadRequestError", "Cannot send letters when service is in trial mode")])
    assert problems(letters.send()) == in_trial
    assert problems(letters.bring(b"x")) == in_trial
    assert letters.send(KeyKind.TEST).status_code == 201
    allow(sender, "may_send_letters", False)
    assert problems(letters.send(KeyKind.TEST)) == (
        400,
        [("BadRequestError", "Service is not allowed to send letters")],
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"address_line_3": None}, "Address must be at least 3 lines"),
        ({"address_line_3": "Nowhere"}, "Must be a real UK postcode"),
        ({"address_line_2": "NFA"}, "Must be a real address"),
        ({"address_line_3": "France"}, "Must be a real UK postcode"),
    ],
)
def test_an_address_must_be_one(letters: Letters, values: dict[str, object], message: str) -> None:
    assert problems(letters.send(**values)) == (400, [("ValidationError", message)])


def test_a_letter_abroad_travels_and_costs_by_where_it_goes(letters: Letters, sender: Sender) -> None:
    allow(sender, "may_send_letters_abroad", True)
    told = letters.told(letters.send(address_line_3="Deutschland"))
    assert (told["postage"], told["postcode"], told["cost_in_pounds"]) == ("europe", "Germany", 1.8)


def test_a_code_that_cannot_be_read_is_told_with_its_size(letters: Letters) -> None:
    link = "https://x.example/" + "a" * 500
    assert letters.send(link=link).json()["errors"] == [
        {
            "error": "ValidationError",
            "message": "Cannot create a usable QR code - the link is too long",
            "data": link,
            "num_bytes": 518,
            "max_bytes": 504,
        }
    ]


def test_a_letter_of_more_than_ten_pages_is_refused(letters: Letters) -> None:
    long = letters.add_template("s", "\n\n---\n\n".join(["page"] * 11))
    expected = "Your message is too long. Letters cannot be longer than 10 pages."
    assert problems(letters.send(template=long)) == (400, [("BadRequestError", expected)])
    assert problems(letters.send(name="word " * 200_000)) == (400, [("BadRequestError", expected)])


def test_what_is_wrong_with_a_request_is_told_in_the_schemas_order(letters: Letters) -> None:
    required = [("ValidationError", f"{name} is a required property") for name in ("template_id", "personalisation")]
    assert problems(letters.api.post("/v2/notifications/letter", {})) == (400, required)
    assert problems(letters.bring(b"x", postage="third")) == (
        400,
        [("ValidationError", "postage invalid. It must be either first, second or economy.")],
    )
    assert problems(letters.bring(b"x", extra=1)) == (
        400,
        [("ValidationError", "Additional properties are not allowed (extra was unexpected)")],
    )


def test_a_letter_that_comes_ready_is_looked_through_and_then_goes(
    letters: Letters, examine: Callable[[], int]
) -> None:
    answer = letters.bring(made(GOOD), postage="first")
    assert (answer.status_code, set(answer.json())) == (201, {"id", "reference", "postage"})
    assert answer.json()["postage"] == "first"
    told = letters.told(answer)
    assert (told["status"], told["cost_in_pounds"], told["is_cost_data_ready"]) == ("pending-virus-check", None, False)
    assert told["cost_details"] == {}
    assert problems(letters.pdf(answer)) == (
        400,
        [("PDFNotReadyError", "PDF not available yet, try again later")],
    )
    assert examine() >= 1
    told = letters.told(answer)
    assert (told["status"], told["postcode"], told["cost_in_pounds"]) == ("accepted", "SW1A 1AA", 1.56)
    assert "NOTIFY" in words_of(letters.pdf(answer).content)
    assert examine() == 0


@pytest.mark.parametrize("content", [b"", b"no pdf at all", made(ASTRAY), made(GOOD)[:600]])
def test_a_letter_that_cannot_be_printed_fails_and_says_so(
    letters: Letters, examine: Callable[[], int], content: bytes
) -> None:
    answer = letters.bring(content)
    assert examine() == 1
    told = letters.told(answer)
    assert (told["status"], told["cost_in_pounds"], told["is_cost_data_ready"]) == ("validation-failed", 0.0, True)
    assert told["cost_details"] == {"billable_sheets_of_paper": 0, "postage": "second"}
    assert told["completed_at"]


def test_base64_is_read_as_leniently_as_the_reference_reads_it(letters: Letters) -> None:
    assert letters.bring(b"", content="!!!").status_code == 201
    assert problems(letters.bring(b"", content="abcde")) == (
        400,
        [("BadRequestError", "Cannot decode letter content (invalid base64 encoding)")],
    )


def test_the_template_of_letters_that_come_ready_is_nobodys_to_choose(letters: Letters) -> None:
    letters.bring(b"x")
    listed = letters.api.get("/v2/templates?type=letter").json()["templates"]
    assert [each["id"] for each in listed] == [letters.template]


def test_only_letters_have_a_pdf(letters: Letters) -> None:
    assert problems(letters.pdf(letters.api.send_email())) == (
        400,
        [("BadRequestError", "Notification is not a letter")],
    )
    nowhere = letters.api.get("/v2/notifications/7f2bd1c5-64e0-43a3-9d5c-8f2b6a6d1f9d/pdf")
    assert (nowhere.status_code, nowhere.json()["errors"][0]["error"]) == (404, "NoResultFound")
    assert problems(letters.api.get("/v2/notifications/x/pdf")) == (
        400,
        [("ValidationError", "notification_id is not a valid UUID")],
    )


def test_a_preview_of_a_letter_shows_its_words(letters: Letters) -> None:
    values = {"name": "Jo", "thing": "bill", "link": "x"}
    shown = letters.api.post(f"/v2/template/{letters.template}/preview", {"personalisation": values}).json()
    assert (shown["subject"], shown["html"], shown["postage"]) == ("Your bill", None, "second")
    assert shown["body"] == "Dear Jo,\n\nQR: x"


def test_a_letter_waits_for_its_pick_up(letters: Letters, sender: Sender) -> None:
    answers = {kind: letters.send(kind).json()["id"] for kind in (KeyKind.LIVE, KeyKind.TEST)}
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT key_kind, next_try_at - accepted_at FROM notify_message WHERE channel = 'letter'")
        waits = dict(cursor.fetchall())
    assert len(answers) == len(waits) == 2
    assert waits["test"] == timedelta(0)
    assert timedelta(0) < waits["live"] <= timedelta(hours=25)


def test_a_request_that_names_itself_sends_one_letter(letters: Letters, sender: Sender) -> None:
    body = {"template_id": letters.template, "personalisation": {"name": "J", "thing": "t", "link": "x", **ADDRESS}}
    headers = {"Authorization": sender.bearer(), "Idempotency-Key": "once"}
    answers = [
        Client().post("/v2/notifications/letter", json.dumps(body), content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    other = json.dumps(body | {"reference": "other"})
    again = Client().post("/v2/notifications/letter", other, content_type="application/json", headers=headers)
    assert again.status_code == 409


@pytest.mark.parametrize("name", ["address line 1", "address-line-1", "Address_Line_1", "addressline1"])
def test_the_lines_of_an_address_have_exactly_their_names(letters: Letters, name: str) -> None:
    """alphagov/notifications-utils:notifications_utils/recipient_validation/postal_address.py."""
    absent = dict.fromkeys(ADDRESS)
    given = absent | {name: "Jo Jones", "address_line_2": "1 High Street", "postcode": "SW1A 1AA"}
    too_short = ("ValidationError", "Address must be at least 3 lines")
    assert problems(letters.send(**given)) == (400, [too_short])


def test_a_letter_with_a_character_that_its_typeface_lacks_is_never_accepted(letters: Letters) -> None:
    refused = ("BadRequestError", "Your message cannot be printed: letters cannot show 😀 市")
    assert problems(letters.send(name="Jo 😀 市")) == (400, [refused])


def test_an_address_that_does_not_fit_into_the_window_is_never_accepted(letters: Letters) -> None:
    lines = {f"address_line_{number}": "W" * 60 for number in range(1, 7)}
    lines |= {"address_line_7": "SW1A 1AA"}
    refused = ("BadRequestError", "Address lines are too long to fit into the window of the envelope")
    assert problems(letters.send(**lines)) == (400, [refused])
