"""What residents text, looked at with a browser and axe, in each way of reading; and an answer, sent."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from tests.conftest import AsOwner
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import check_page, look_at, take_picture

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.received_text import IncomingText
from guildhall.notify.operations.provider_accounts import WantedAccount, add_provider_account
from guildhall.notify.operations.received import give_number, receive_text
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer


@pytest.fixture
def sender(council: Council, client: Client, settle: Callable[[], None]) -> Sender:
    """A service to which two people wrote, one of whom it answered, and a shop that did not say its number."""
    sender, now = make_sender(council).with_templates(), clock.now()
    number = give_number(sender.id, f"07{int(now.timestamp() * 1e6) % 10**9:09}", actor=None, now=now)

    def hear(words: str, who: str) -> None:
        receive_text(IncomingText("firetext", words, number, who, words, now, ""), account=council.id, now=clock.now())

    hear("When will you collect my sofa? It has been outside since Monday and it is getting wet.", "07900900001")
    body = {"phone_number": "07900900001", "template_id": str(sender.text), "personalisation": {"name": "Gwen"}}
    answer = client.post(
        "/v2/notifications/sms",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": sender.bearer()},
    )
    assert answer.status_code == 201
    settle()
    hear("Diolch! Wela i chi ddydd Mawrth", "07900900001")
    hear("Special offers at https://shop.example/averylongaddresswithoutanybreaksinit/averylongaddress", "SHOP")
    account = WantedAccount(Channel.SMS, "firetext", "Ours", {"api_key": "k"})
    add_provider_account(account, actor=None, now=clock.now())
    return sender


@pytest.fixture
def session(council: Council) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, Role.SERVICE_MANAGER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@IN_BOTH_WAYS
def test_what_residents_text_can_be_read_and_answered_by_everybody(
    council: Council, sender: Sender, session: str, address: str, new_page: NewPage, visit: Visit
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    here = f"{address}/staff/{council.slug}/messages/bulky-waste"
    look_at(page, f"{here}/received", visit, picture="received")
    page.locator("tbody th a", has_text="SHOP").click()
    check_page(page)
    look_at(page, f"{here}/received", visit)
    page.locator("tbody th a", has_text="07900 900001").click()
    check_page(page)
    if not visit:
        take_picture(page, "conversation")
    page.locator("main a.govuk-button").click()
    check_page(page)
    page.locator("main .govuk-list a").first.click()
    check_page(page)
    assert page.locator("#to").input_value() == "+447900900001"
    page.goto(f"{here}/received/numbers")
    check_page(page)
    page.locator("#number").fill("x")
    page.locator("form:has(#number) button").click()
    check_page(page)
    assert page.title().startswith(("Error", "Gwall"))


def test_operators_give_numbers_out_without_barriers(
    council: Council, sender: Sender, address: str, new_page: NewPage, as_owner: AsOwner
) -> None:
    person, client = make_person(), Client()
    as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)
    page = new_page(width=320)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    be_known(page, address, {}, session)
    look_at(page, f"{address}/operator/{council.slug}/messages/bulky-waste", {})
    page.locator("main p a").last.click()
    check_page(page)
    page.locator("form:has(input[name=remove]) button").click()
    check_page(page)
    assert page.locator(".govuk-notification-banner--success").count() == 1
