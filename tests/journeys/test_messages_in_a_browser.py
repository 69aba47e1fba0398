"""Every page of notify, looked at with a browser and axe: with and without scripts, narrow, in Welsh."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from tests.fast_path import FastPathClient
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import look_at

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer


@pytest.fixture
def sender(council: Council, settle: Callable[[], None]) -> Sender:
    """A service that has sent an email and a text, both delivered, and one that waits."""
    sender = make_sender(council).with_templates()
    for to in ("jo@example.com", "+447700900123"):
        _send(sender, to)
    settle()
    _send(sender, "gwen.davies.of.the.very.long.address@example-of-a-long-name.org")
    return sender


@pytest.fixture
def session(council: Council) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, Role.SERVICE_MANAGER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _send(sender: Sender, to: str) -> None:
    is_text = to.startswith("+")
    path, field, template = (
        ("sms", "phone_number", sender.text) if is_text else ("email", "email_address", sender.email)
    )
    values = {"name": "Jo", "thing": "sofa: https://www.testford.example/track"}
    body = {field: to, "template_id": str(template), "personalisation": values, "reference": "HDJ2123F"}
    answer = FastPathClient().post(
        f"/v2/notifications/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": sender.bearer()},
    )
    assert answer.status_code == 201


@IN_BOTH_WAYS
def test_the_officers_page_of_services_that_send_has_no_barriers(
    council: Council, sender: Sender, session: str, address: str, new_page: NewPage, visit: Visit
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    look_at(page, f"{address}/staff/{council.slug}/messages", visit, picture="messages", meant=r"\(\(\w+\)\)")


@IN_BOTH_WAYS
def test_the_test_inbox_has_no_barriers(sender: Sender, address: str, new_page: NewPage, visit: Visit) -> None:
    page = new_page(**visit)
    be_known(page, address, visit)
    look_at(page, f"{address}/sandbox/inbox", visit, picture="inbox", meant=r"\(\(\w+\)\)")
    look_at(page, f"{address}/sandbox/inbox?to=nobody@example.com", visit, meant=r"\(\(\w+\)\)")
