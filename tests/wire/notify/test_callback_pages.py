"""Officers' pages about programs: where they are told, what they were told, what they asked; for those who may."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.conftest import Settle

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.operations.callbacks import News, queue_news
from guildhall.notify.operations.program_log import PROGRAM_LOG
from guildhall.notify.queries.callbacks import list_endpoints
from guildhall.notify.queries.program_log import list_requests
from guildhall.notify.testing import Sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

TOKEN = "a-token-of-theirs"


def officer(council: Council, *roles: Role) -> Client:
    person = make_person()
    make_officer(council, *roles, person_id=person.id)
    browser = Client()
    sign_in(browser, person.id, has_second_factor=True)
    return browser


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def address(sender: Sender, page: str) -> str:
    return f"/staff/{sender.council.slug}/messages/bulky-waste/{page}"


def save(browser: Client, sender: Sender, kind: str = "delivery_status", **facts: Any) -> Any:
    return browser.post(address(sender, f"settings/callbacks/{kind}"), facts, follow=True)


def test_a_manager_says_where_the_program_is_told(sender: Sender) -> None:
    browser = officer(sender.council, Role.SERVICE_MANAGER)
    text = words(save(browser, sender, url="https://council.example/told", token=TOKEN, choices=["signed", "day"]))
    secret = list_endpoints(sender.id)[Kind.DELIVERY_STATUS].signing_secret
    assert "Your change has been saved." in text
    assert f"https://council.example/told Signed with {secret} Tried for a day" in text
    assert TOKEN not in browser.get(address(sender, "settings/callbacks/delivery_status")).content.decode()


def test_the_program_need_not_be_told(sender: Sender) -> None:
    browser = officer(sender.council)
    save(browser, sender, url="https://council.example/told", token=TOKEN)
    assert "not told of this any more" in words(save(browser, sender, remove="yes"))
    assert list_endpoints(sender.id) == {}


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"url": "http://council.example/", "token": TOKEN}, "begins with https://"),
        ({"url": "", "token": TOKEN}, "begins with https://"),
        ({"url": "https://10.1.2.3/", "token": TOKEN}, "this one is private"),
        ({"url": "https://council.example/" + "x" * 2000, "token": TOKEN}, "2,000 characters or fewer"),
        ({"url": "https://council.example/", "token": "short"}, "at least 10 letters"),
        ({"url": "https://council.example/", "token": ""}, "at least 10 letters"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_question(sender: Sender, facts: dict[str, str], problem: str) -> None:
    assert problem in words(save(officer(sender.council), sender, **facts))
    assert list_endpoints(sender.id) == {}


def test_an_officer_sees_what_was_told_and_sends_it_again(sender: Sender, settle: Settle) -> None:
    browser = officer(sender.council)
    save(browser, sender, "inbound_sms", url="http://127.0.0.1:9/", token=TOKEN)
    with transaction():
        queue_news([News(sender.council.id, sender.id, Kind.INBOUND_SMS, new_id(), {})])
    settle()
    text = words(browser.get(address(sender, "log/callbacks")))
    assert "A text message that came in" in text
    assert "Connection refused" in text
    assert "Waiting" in text
    save(browser, sender, "inbound_sms", remove="yes")
    assert "Nothing was told" in words(browser.get(address(sender, "log/callbacks?show=failed")))


def test_an_officer_sees_why_a_program_was_refused(api: Any, sender: Sender) -> None:
    api.send_email()
    api.send_email(email_address="nobody")
    api.post("/v2/notifications/sms", b"{")
    api.get("/v2/templates", bearer=sender.bearer(at=0))
    PROGRAM_LOG.write()
    browser = officer(sender.council, Role.SERVICE_MANAGER)
    text = words(browser.get(address(sender, "log")))
    assert "POST /v2/notifications/email live key 201" in text
    assert "live key 400 ValidationError: email_address Not a valid email address" in text
    assert "POST /v2/notifications/sms live key 400 BadRequestError: Invalid JSON supplied in POST data" in text
    assert "GET /v2/templates live key 403 AuthError: Error: Your system clock must be accurate" in text
    only = words(browser.get(address(sender, "log?show=refused")))
    assert "live key 201" not in only
    assert "ValidationError" in only


def test_a_request_with_anothers_key_is_shown_as_that(api: Any, sender: Sender) -> None:
    secret = sender.bearer(KeyKind.LIVE)
    api.get("/v2/templates", bearer=secret[:-4] + "AAAA")
    PROGRAM_LOG.write()
    [asked] = list_requests(sender.id).rows
    assert (asked.key_name, asked.status, asked.message) == ("", 403, "Invalid token: API key not found")


def test_a_strangers_request_leaves_no_note_and_no_flood_fills_the_log(api: Any, sender: Sender) -> None:
    api.get("/v2/templates", bearer="Bearer nonsense")
    api.get("/v2/templates", bearer="")
    for _ in range(70):
        api.send_email(email_address="nobody")
    PROGRAM_LOG.write()
    assert list_requests(sender.id).total == 50


def test_no_words_of_a_message_are_in_the_log(api: Any, sender: Sender) -> None:
    api.send_email(personalisation={"name": "Somebody Secret"})
    api.get("/v2/notifications?reference=somebody-secret")
    PROGRAM_LOG.write()
    assert not any("ecret" in f"{asked.path}{asked.message}" for asked in list_requests(sender.id).rows)


@pytest.mark.parametrize("page", ["log", "log/callbacks", "settings/callbacks", "settings/callbacks/complaint"])
def test_only_those_who_set_services_up_see_these_pages(sender: Sender, page: str) -> None:
    assert officer(sender.council, Role.SERVICE_MANAGER).get(address(sender, page)).status_code == 200
    for role in (Role.CASEWORKER, Role.FINANCE_VIEWER, Role.AUDITOR):
        assert officer(sender.council, role).get(address(sender, page)).status_code == 403


def test_there_is_no_callback_of_another_kind_or_council(sender: Sender, other_council: Council) -> None:
    browser = officer(sender.council)
    assert browser.get(address(sender, "settings/callbacks/weather")).status_code == 404
    stranger = officer(other_council)
    assert stranger.get(address(sender, "log")).status_code == 403


def test_the_pages_speak_welsh(sender: Sender) -> None:
    browser = officer(sender.council)
    browser.get(address(sender, "log") + "?lang=cy")
    assert "Beth a ofynnodd eich rhaglenni" in words(browser.get(address(sender, "log")))
    assert "Galwadau yn ôl i’ch rhaglenni" in words(browser.get(address(sender, "settings/callbacks")))
