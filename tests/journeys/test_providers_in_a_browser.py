"""Operators' pages of providers, looked at with a browser and axe: with and without scripts, narrow, in Welsh."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, be_known
from tests.journeys.looking import check_page

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations.provider_accounts import WantedAccount, add_provider_account
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import get_platform

HERE = "/operator/installation/providers"


@pytest.fixture
def accounts(database: dict[str, str]) -> Iterator[list[UUID]]:
    """An account that is well, and one that is set aside after a problem."""
    with acting_for(get_platform().id):
        opened: list[UUID] = [
            add_provider_account(
                WantedAccount(Channel.EMAIL, "smtp", name, {"host": "mail.example"}, priority=priority),
                actor=None,
                now=clock.now(),
            ).id
            for priority, name in enumerate(("Our own server", "The contractor’s"), start=1)
        ]
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_provideraccount SET taken = 120354 WHERE id = %s", [opened[0]])
        superuser.execute(
            "UPDATE notify_provideraccount SET pauses = 3, set_aside_until = %s, not_taken = 82,"
            " last_problem_at = now(), last_problem = '421 4.7.0 too many connections from your address' WHERE id = %s",
            [clock.now() + timedelta(seconds=20), opened[1]],
        )
    yield opened
    with psycopg.connect(database["superuser"]) as superuser:  # other tests send without accounts
        superuser.execute("DELETE FROM notify_provideraccount WHERE id = ANY(%s)", [opened])


@pytest.fixture
def session(as_owner: Any) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@IN_BOTH_WAYS
def test_operators_pages_of_providers_have_no_barriers(
    accounts: list[UUID], session: str, address: str, new_page: NewPage, visit: dict[str, Any]
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    for path in ("", *(f"/{each}" for each in accounts), "/add/smtp", "/add/letter-sftp"):
        page.goto(address + HERE + path)
        check_page(page)
    page.locator("main form").last.locator("button").click()
    check_page(page)
