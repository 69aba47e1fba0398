"""The officers' dashboard and their list of what was sent, looked at with a browser and axe, in each way of reading."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import check_page, look_at

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer


@pytest.fixture
def sender(council: Council, client: Client, settle: Callable[[], None]) -> Sender:
    """A service with enough messages for two pages: most of them arrived, some wait."""
    sender = make_sender(council).with_templates()
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


@IN_BOTH_WAYS
def test_what_was_sent_can_be_read_by_everybody(
    council: Council, sender: Sender, session: str, address: str, new_page: NewPage, visit: Visit
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    here = f"{address}/staff/{council.slug}/messages/bulky-waste"
    look_at(page, f"{address}/staff/{council.slug}/messages", visit, picture="messages")
    look_at(page, f"{here}/dashboard", visit, picture="dashboard")
    page.locator("tbody th a").first.click()
    check_page(page)
    look_at(page, f"{here}/sent", visit, picture="sent")
    page.locator(".govuk-pagination__next a").click()
    check_page(page)
    assert page.locator("tbody tr").count() == 2
    page.locator("#search").fill("07700900123")
    page.locator("main form button").click()
    check_page(page)
    assert page.locator("tbody tr").count() == 1
    look_at(page, f"{here}/sent?search=nobody@example.com", visit)
