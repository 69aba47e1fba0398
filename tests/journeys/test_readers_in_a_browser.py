"""What readers of messages meet, and the officers' pages about it: files, unsubscribing, messages in the account."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from tests.fast_path import FastPathClient
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import check_page, take_picture

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations, queries
from guildhall.notify.domain.template import Choices
from guildhall.notify.operations.account_messages import offer_accounts
from guildhall.notify.operations.documents import say_whom_to_ask
from guildhall.notify.operations.unsubscribing import unsubscribe
from guildhall.notify.queries.unsubscribed import Subscription, unsubscribe_link
from guildhall.notify.testing import AUTHOR, Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer


@pytest.fixture
def sender(council: Council) -> Sender:
    """A service that sends files, and emails that can be unsubscribed from."""
    sender = make_sender(council).with_templates()
    say_whom_to_ask(sender.id, "https://testford.example/help", actor=None, now=clock.now())
    template = queries.get_template(sender.email)
    operations.save_template(
        sender.email,
        opened=template.version,
        name=template.name,
        pair=template.pair,
        by=AUTHOR,
        now=clock.now(),
        choices=Choices(has_unsubscribe_link=True),
    )
    return sender


def session_of(person_id: PersonId) -> str:
    client = Client()
    sign_in(client, person_id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def send(sender: Sender, to: str, **values: object) -> dict[str, Any]:
    body = {
        "email_address": to,
        "template_id": str(sender.email),
        "personalisation": {"name": "Jo", "thing": "Your garden waste"} | values,
    }
    answer = FastPathClient().post(
        "/v2/notifications/email",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": sender.bearer()},
    )
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


@IN_BOTH_WAYS
def test_a_reader_takes_the_file_that_was_sent_to_them(
    sender: Sender, address: str, new_page: NewPage, visit: Visit
) -> None:
    bill = base64.b64encode(b"%PDF-1.7 a bill").decode()
    body = send(sender, "jo@example.com", name={"file": bill, "filename": "Your bill.pdf"})["content"]["body"]
    link = re.search(r"/d/\S+", body)
    assert link
    page = new_page(**visit)
    page.goto(address + link[0])
    check_page(page)
    page.locator("[name='email']").fill("somebody@else.example")
    page.locator("main form button").click()
    check_page(page)
    page.locator("[name='email']").fill("jo@example.com")
    page.locator("main form button").click()
    check_page(page)
    if not visit:
        take_picture(page, "file-by-email")
    with page.expect_download() as download:
        page.locator("main a.govuk-button").click()
    assert download.value.suggested_filename == "Your bill.pdf"
    page.goto(f"{address}{link[0][:-1]}")
    check_page(page)


@IN_BOTH_WAYS
def test_a_reader_unsubscribes_and_thinks_better_of_it(
    sender: Sender, council: Council, address: str, new_page: NewPage, visit: Visit
) -> None:
    link = unsubscribe_link(Subscription(council.id, sender.id, sender.email, "jo@example.com"))
    page = new_page(**visit)
    page.goto(address + link.removeprefix(settings.BASE_URL))
    for _ in range(2):
        check_page(page)
        page.locator("main form button").click()
    check_page(page)
    page.goto(f"{address}/unsubscribe/nothing")
    check_page(page)


@IN_BOTH_WAYS
def test_a_resident_reads_in_their_account(
    sender: Sender,
    council: Council,
    settle: Callable[[], None],
    address: str,
    new_page: NewPage,
    visit: Visit,
) -> None:
    person = make_person(f"{uuid4().hex}@resident.example", language=visit.get("language", "en"))
    page = new_page(**visit)
    be_known(page, address, visit, session_of(person.id))
    page.goto(f"{address}/account/messages")
    check_page(page)
    page.goto(f"{address}/account/where-to-read")
    check_page(page)
    page.locator("input[value='account']").check()
    page.locator("main form button").click()
    check_page(page)
    with acting_for(council.id):
        offer_accounts(sender.id, True, actor=person.id, now=clock.now())
    send(sender, person.email)
    settle()
    page.goto(f"{address}/account")
    check_page(page)
    page.locator("a[href='/account/messages']").click()
    check_page(page)
    page.locator("#messages a").first.click()
    check_page(page)
    if not visit:
        take_picture(page, "message-in-the-account")
    assert "Your garden waste" in page.locator("main").inner_text()


@IN_BOTH_WAYS
def test_officers_pages_about_readers_have_no_barriers(
    sender: Sender, council: Council, address: str, new_page: NewPage, visit: Visit
) -> None:
    unsubscribe(
        Subscription(council.id, sender.id, sender.email, "gwen.davies.of.the.very.long.address@long-name.example.org"),
        now=clock.now(),
    )
    officer = make_person(name="Olwen Rhys", language=visit.get("language", "en"))
    make_officer(council, Role.SERVICE_MANAGER, person_id=officer.id)
    page = new_page(**visit)
    be_known(page, address, visit, session_of(officer.id))
    service = f"{address}/staff/{council.slug}/messages/bulky-waste"
    page.goto(f"{service}/unsubscribed")
    check_page(page)
    page.locator("main table form button").click()
    check_page(page)
    page.goto(f"{service}/templates/take-over")
    check_page(page)
    page.locator("[name='key']").fill("not a key")
    page.locator("main form button").click()
    check_page(page)
