"""The officers' dashboard, and their list of what a service has sent."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.conftest import AsLogin

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.queries.sent import Sought, list_sent
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

Settle = Callable[[], None]


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


@pytest.fixture
def send(client: Client, sender: Sender) -> Callable[..., str]:
    def send_one(to: str, kind: KeyKind = KeyKind.LIVE, **more: object) -> str:
        is_text = "@" not in to
        path, field, template = (
            ("sms", "phone_number", sender.text) if is_text else ("email", "email_address", sender.email)
        )
        body = {field: to, "template_id": str(template), "personalisation": {"name": "Jo", "thing": "sofa"}} | more
        answer = client.post(
            f"/v2/notifications/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": sender.bearer(kind)},
        )
        assert answer.status_code == 201
        return str(answer.json()["id"])

    return send_one


def officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(), Client()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


@pytest.fixture
def visit(council: Council, sender: Sender) -> Callable[..., str]:
    client = officer(council, Role.OWNER)

    def look(page: str) -> str:
        answer = client.get(f"/staff/{council.slug}/messages/bulky-waste/{page}")
        assert answer.status_code == 200
        return b"".join(answer).decode()

    return look


def cells(page: str) -> list[str]:
    """Return the numbers of a page's tables, row by row."""
    return [part.split("<")[0].split("(")[0].strip() for part in page.split('cell--numeric">')[1:]]


def test_the_dashboard_says_by_channel_what_became_of_the_last_days_messages(
    visit: Callable[..., str], send: Callable[..., str], settle: Settle, sender: Sender
) -> None:
    assert "No template was used" in visit("dashboard")
    send("jo@example.com"), send("ann@example.com"), send("07700900123")
    send("temp-fail@simulator.notify", KeyKind.TEST)
    settle()
    send("late@example.com")
    page = visit("dashboard")
    emails, texts = ["3", "1", "2", "0"], ["1", "0", "1", "0"]
    assert cells(page)[:12] == [*emails, *texts, *["0"] * 4]
    assert f"/dashboard/templates/{sender.email}" in page
    figures = visit(f"dashboard/templates/{sender.email}")
    assert cells(figures)[:4] == emails
    assert "Delivered" in figures


def test_messages_are_found_by_recipient_reference_channel_and_outcome(
    visit: Callable[..., str], send: Callable[..., str], settle: Settle
) -> None:
    send("jo@example.com", reference="case-1"), send("07700 900123", reference="case-2")
    settle()
    send("late@example.com")

    def found(query: str) -> set[str]:
        page = visit(f"sent?{query}")
        return {to for to in ("jo@example.com", "07700 900123", "late@example.com") if f">{to}</a>" in page}

    assert found("") == {"jo@example.com", "07700 900123", "late@example.com"}
    assert found("search=JO@example.com") == {"jo@example.com"}
    assert found("search=07700900123") == found("search=%2B447700900123") == {"07700 900123"}
    assert found("search=case-2") == {"07700 900123"}
    assert found("channel=email") == {"jo@example.com", "late@example.com"}
    assert found("status=under-way") == {"late@example.com"}
    assert found("status=arrived&channel=sms") == {"07700 900123"}
    assert found("status=failed") == set()
    assert found("search=%00&channel=fax&status=lost&older_than=yesterday") == found("")


@pytest.mark.parametrize("name", ["recipient", "reference"])
def test_who_and_what_is_sought_is_looked_up_by_an_index(sender: Sender, as_login: AsLogin, name: str) -> None:
    """Of texts of any length: an index of the texts themselves would take none that are longer than its pages."""
    with CaptureQueriesContext(connection) as asked:
        list_sent(Sought(sender.id, **{name: "x" * 1_000}), size=5)
    [statement] = [each["sql"] for each in asked if "FROM notify_message" in each["sql"]]
    with as_login("superuser") as superuser:
        superuser.execute("SET enable_seqscan = off")
        plan = [line for (line,) in superuser.execute(f"EXPLAIN {statement}".encode())]
    assert any(line.strip().startswith("Index Cond") and f"md5({name})" in line for line in plan), plan


def test_long_lists_are_turned_page_by_page(visit: Callable[..., str], send: Callable[..., str]) -> None:
    sent = [send(f"jo{number}@example.com") for number in range(51)]
    first = visit("sent")
    assert (">jo50@" in first, ">jo1@" in first, ">jo0@" in first) == (True, True, False)
    second = visit(f"sent?older_than={sent[1]}")
    assert (">jo1@" in second, ">jo0@" in second, "Older messages" in second) == (False, True, False)
    assert "Newest messages" in second


def test_the_file_holds_what_was_found_and_no_formula(
    visit: Callable[..., str], send: Callable[..., str], settle: Settle
) -> None:
    send("jo@example.com", reference="=HYPERLINK(1)")
    send("07700900123")
    settle()
    page = visit("sent/download?channel=email")
    assert page.startswith("\ufeff")
    headings, row = csv.reader(io.StringIO(page.removeprefix("\ufeff")))
    told: dict[str, Any] = dict(zip(headings, row, strict=True))
    assert (told["Recipient"], told["Reference"], told["Status"]) == ("jo@example.com", "'=HYPERLINK(1)", "Delivered")


def test_a_file_of_many_pieces_holds_each_message_once(visit: Callable[..., str], send: Callable[..., str]) -> None:
    sent = {send(f"jo{number}@example.com", reference=str(number)) for number in range(1003)}
    rows = list(csv.reader(io.StringIO(visit("sent/download"))))[1:]
    assert (len(rows), len({row[3] for row in rows}), len(sent)) == (1003, 1003, 1003)


def test_figures_are_for_finance_too_and_recipients_are_not(council: Council, sender: Sender) -> None:
    client = officer(council, Role.FINANCE_VIEWER)
    here = f"/staff/{council.slug}/messages/bulky-waste"
    assert client.get(f"{here}/dashboard").status_code == 200
    assert {client.get(f"{here}/{page}").status_code for page in ("sent", "sent/download")} == {403}


def test_another_councils_messages_are_not_shown(
    council: Council, other_council: Council, sender: Sender, send: Callable[..., str]
) -> None:
    send("jo@example.com")
    with acting_for(other_council.id):
        make_sender(other_council)
    client = officer(other_council, Role.OWNER)
    page = client.get(f"/staff/{other_council.slug}/messages/bulky-waste/sent").content.decode()
    assert "Nothing has been sent yet" in page
