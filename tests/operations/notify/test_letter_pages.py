"""The officers' pages about letters."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import AUTHOR, Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

ADDRESS = "Siân Rhys\n1 High Street\nTestford\nsw1a 1aa"


@pytest.fixture
def sender(council: Council) -> Sender:
    forget_services()
    return make_sender(council)


@pytest.fixture
def template(council: Council, sender: Sender) -> Any:
    with acting_for(council.id):
        return notify.add_template(
            notify_service_id=sender.id,
            channel=Channel.LETTER,
            name="A reminder",
            pair=Pair(Words("About ((thing))", "Dear ((address line 1)),\n\n* ((thing))")),
            by=AUTHOR,
            now=clock.now(),
        ).id


@pytest.fixture
def client(council: Council) -> Client:
    return officer(council, Role.CASEWORKER)


def officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


def at(council: Council, path: str) -> str:
    return f"/staff/{council.slug}/messages/bulky-waste/{path}"


def letters_of(council: Council) -> list[models.Message]:
    with acting_for(council.id), transaction():
        return list(models.Message.objects.filter(organisation_id=council.id, channel="letter"))


def send(client: Client, council: Council, template: object, **typed: str) -> tuple[str, Any]:
    address, asked = at(council, f"templates/{template}/write-letter"), {"address": ADDRESS, "value-1": "tax", **typed}
    page = client.post(address, asked).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    return page, client.post(address, asked | {"once": once[1], "send": "yes"}) if once else None


def test_an_officer_sees_a_letter_as_it_will_be_printed_before_it_goes(
    council: Council, template: object, client: Client
) -> None:
    page, sent = send(client, council, template)
    for words in (
        "Siân Rhys\n1 High Street\nTestford\nSW1A 1AA",
        "Second class",
        "£0.73 before VAT",
        "1 sheet of paper",
    ):
        assert words in page
    assert 'src="data:image/png;base64,' in page
    letter = letters_of(council)[0]
    assert (letter.sent_by, letter.recipient_as_given.split("\n")[-1]) == ("Olwen Rhys", "SW1A 1AA")
    assert str(letter.id) in sent["Location"]
    shown = client.get(sent["Location"]).content.decode()
    assert "See the letter as it is printed (PDF)" in shown
    pdf = client.get(at(council, f"sent/{letter.id}/letter.pdf"))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"address": ""}, "Enter an address"),
        ({"address": "A\nB"}, "The address must have at least 3 lines"),
        ({"address": "A\nB\nC\nD\nE\nF\nG\nSW1A 1AA"}, "The address must have 7 lines or fewer"),
        ({"address": "A\nNFA\nSW1A 1AA"}, "Enter a real address"),
        ({"address": "A\nB\nParis"}, "The last line of the address must be a real UK postcode"),
        ({"value-1": ""}, "Enter thing"),
        ({"value-1": "😀"}, 'id="value-1-error"'),
        ({"address": "Ann 😀\n1 Road\nSW1A 1AA"}, 'id="address-error"'),
        ({"value-1": "x\n\n---\n\n" * 12}, "The letter is too long"),
    ],
)
def test_what_is_wrong_is_said_beside_the_question(
    council: Council, template: object, client: Client, typed: dict[str, str], problem: str
) -> None:
    page, sent = send(client, council, template, **typed)
    assert problem in page
    assert sent is None
    assert letters_of(council) == []


def test_a_waiting_letter_is_listed_and_can_be_cancelled(council: Council, template: object, client: Client) -> None:
    send(client, council, template)
    letter = letters_of(council)[0]
    assert "Siân Rhys" in client.get(at(council, "letters")).content.decode()
    cancelled = client.post(at(council, f"letters/{letter.id}/cancel"))
    assert "It will not be printed" in client.get(cancelled["Location"]).content.decode()
    assert letters_of(council)[0].status == "cancelled"
    again = client.post(at(council, f"letters/{letter.id}/cancel"))
    assert "it has been picked up already" in client.get(again["Location"]).content.decode()
    assert client.get(at(council, f"letters/{letter.id}/cancel")).status_code == 405


def test_a_report_of_the_printers_is_taken_in(
    council: Council, template: object, client: Client, database: dict[str, str]
) -> None:
    send(client, council, template)
    letter = letters_of(council)[0]
    file = SimpleUploadedFile("printed.csv", f"id\n{letter.id}".encode())
    taken = client.post(at(council, "letters/report"), {"said": "printed", "file": file})
    assert "Letters reported as printed: 0" in client.get(taken["Location"]).content.decode()
    empty = client.post(at(council, "letters/report"), {"file": SimpleUploadedFile("x.csv", b"nothing")})
    assert "Select what the file says" in empty.content.decode()
    nothing = {"said": "returned", "file": SimpleUploadedFile("x.csv", b"nothing")}
    assert "The file names no letters" in client.post(at(council, "letters/report"), nothing).content.decode()


def test_a_templates_letter_is_shown_with_its_gaps(council: Council, template: object, client: Client) -> None:
    assert "See the letter as it is printed (PDF)" in client.get(at(council, f"templates/{template}")).content.decode()
    for path in ("letter.pdf", "versions/1/letter.pdf"):
        assert client.get(at(council, f"templates/{template}/{path}")).content[:5] == b"%PDF-"
    assert client.get(at(council, "letters")).status_code == 200


def test_a_letter_is_shown_to_nobody_outside(council: Council, template: object, client: Client) -> None:
    send(client, council, template)
    letter = letters_of(council)[0]
    assert Client().get(at(council, f"sent/{letter.id}/letter.pdf")).status_code in (302, 403, 404)
    assert officer(council, Role.FINANCE_VIEWER).get(at(council, f"sent/{letter.id}/letter.pdf")).status_code == 403
