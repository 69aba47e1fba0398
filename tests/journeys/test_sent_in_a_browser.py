"""The officers' dashboard and their list of what was sent, looked at with a browser and axe, in each way of reading."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_EACH_WAY, Visit
from tests.journeys.looking import check_page, take_picture

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer


@pytest.fixture
def sender(council: Council, client: Client, settle: Callable[[], None]) -> Sender:
    """A service with enough messages for two pages: most of them arrived, some wait."""
    sender = make_sender(council)
    for number in range(50):
        _send(client, sender, f"resident.with.a.long.name.{number}@example-of-a-long-name.org")
    _send(client, sender, "07700 900123")
    settle()
    _send(client, sender, "gwen@example.com")
    return sender


@pytest.fixture
def session(council: Council) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, Role.SERVICE_MANAGER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _send(client: Client, sender: Sender, to: str) -> None:
    path, field, template = ("email", "email_address", sender.email)
    if "@" not in to:
        path, field, template = ("sms", "phone_number", sender.text)
    body = {field: to, "template_id": str(template), "personalisation": {"name": "Jo", "thing": "sofa"}}
    answer = client.post(
        f"/v2/notifications/{path}",
        json.dumps(body | {"reference": "HDJ2123F"}),
        content_type="application/json",
        headers={"Authorization": sender.bearer(KeyKind.LIVE)},
    )
    assert answer.status_code == 201


@IN_EACH_WAY
def test_what_was_sent_can_be_read_by_everybody(
    council: Council, sender: Sender, session: str, address: str, new_page: NewPage, visit: Visit
) -> None:
    page = new_page(**visit)
    language = visit.get("language", "en")
    for name, value in ((settings.SESSION_COOKIE_NAME, session), ("guildhall_language", language)):
        page.context.add_cookies([{"name": name, "value": value, "url": address}])
    here = f"{address}/staff/{council.slug}/messages/bulky-waste"
    _look(page, f"{address}/staff/{council.slug}/messages", "messages", visit)
    _look(page, f"{here}/dashboard", "dashboard", visit)
    page.locator("tbody th a").first.click()
    _check(page, visit)
    _look(page, f"{here}/sent", "sent", visit)
    page.locator(".govuk-pagination__next a").click()
    _check(page, visit)
    assert page.locator("tbody tr").count() == 2
    page.locator("#search").fill("07700900123")
    page.locator("main form button").click()
    _check(page, visit)
    assert page.locator("tbody tr").count() == 1
    _look(page, f"{here}/sent?search=nobody@example.com", "", visit)


def _check(page: Page, visit: Visit) -> None:
    """Check a page with axe, which needs scripts of its own; without them, that there is a page."""
    if visit.get("javascript", True):
        check_page(page)
    else:
        assert page.locator("h1").count() == 1


def _look(page: Page, address: str, name: str, visit: Visit) -> None:
    page.goto(address)
    _check(page, visit)
    assert page.locator("html").get_attribute("lang") == visit.get("language", "en")
    if name and not visit:
        take_picture(page, name)
