"""Operators add an account with a provider, try it, change it and switch it off."""

import re
import socket
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.queries.provider_accounts import get_provider_account, list_provider_accounts
from guildhall.notify.queries.receipt_accounts import find_account_of_receipts
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council, get_platform
from guildhall.organisations.testing import make_officer

HERE = "/operator/installation/providers"


class MailServer(Message):
    """Takes every mail."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def operator(as_owner: Any, database: dict[str, str]) -> Iterator[Client]:
    person, client = make_person(), Client()
    as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)
    close_accounts_of_the_installation(database)
    yield client
    close_accounts_of_the_installation(database)


def close_accounts_of_the_installation(database: dict[str, str]) -> None:
    """Take away what another test left, and what others, which send without accounts, must not find."""
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("DELETE FROM notify_provideraccount WHERE organisation_id = %s", [get_platform().id])


def typed(port: int, /, **changes: str) -> dict[str, str]:
    settings = {"host": "127.0.0.1", "port": str(port), "user": "", "password": "", "connections": "2"}
    return {"channel": "email", "name": "Our server", "priority": "10", "weight": "1"} | settings | changes


def add(client: Client, port: int, /, **changes: str) -> Any:
    return client.post(f"{HERE}/add/smtp", typed(port, **changes))


def only_account() -> UUID:
    with acting_for(get_platform().id):
        [account] = list_provider_accounts()
        return account.id


def test_an_account_is_added_tried_changed_and_switched_off(operator: Client, server: MailServer) -> None:
    assert "There are none yet" in operator.get(HERE).content.decode()
    added = add(operator, server.port)
    secret = re.search(r"<code>(.+?)</code>", added.content.decode())
    assert secret is not None
    assert find_account_of_receipts(secret[1]) == get_platform().id
    here = f"{HERE}/{only_account()}"
    assert operator.post(here, {"do": "try", "to": "jo@example.com"})["Location"].endswith("?done=tried")
    assert [mail["To"] for mail in server.mails] == ["jo@example.com"]
    operator.post(here, typed(server.port, name="The first server", priority="3"))
    operator.post(here, {"do": "switch"})
    page = operator.get(HERE).content.decode()
    assert "The first server" in page
    assert "Switched off" in page
    assert secret[1] not in page


def test_a_password_is_never_shown_and_is_kept_when_it_is_not_typed_again(operator: Client) -> None:
    add(operator, 25, password="correct horse")
    account = only_account()
    assert "correct horse" not in operator.get(f"{HERE}/{account}").content.decode()
    operator.post(f"{HERE}/{account}", typed(26))
    with acting_for(get_platform().id):
        settings = get_provider_account(account)[1]
    assert (settings["password"], settings["port"]) == ("correct horse", "26")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Enter a name"),
        ({"priority": "first"}, "Enter a whole number"),
        ({"weight": "0"}, "Enter a whole number"),
        ({"host": ""}, "This is needed"),
        ({"port": "smtp"}, "These settings cannot be used"),
        ({"security": "perhaps"}, "These settings cannot be used"),
        ({"channel": "sms"}, "Select what it carries"),
    ],
)
def test_settings_that_nobody_could_be_spoken_to_with_are_refused(
    operator: Client, wrong: dict[str, str], says: str
) -> None:
    assert says in add(operator, 25, **wrong).content.decode()
    with acting_for(get_platform().id):
        assert list_provider_accounts() == []


def test_a_second_account_of_the_same_name_is_refused(operator: Client) -> None:
    add(operator, 25)
    assert "Another account has this name" in add(operator, 26).content.decode()


def test_a_trial_that_fails_says_what_the_provider_said(operator: Client, server: MailServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    add(operator, port)
    here = f"{HERE}/{only_account()}"
    assert "The provider did not take it" in operator.post(here, {"do": "try", "to": "jo@example.com"}).content.decode()
    assert "Enter an email address" in operator.post(here, {"do": "try", "to": "nobody"}).content.decode()


def test_only_operators_come_here(council: Council) -> None:
    person, client = make_person(), Client()
    make_officer(council, Role.OWNER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    for address in (HERE, f"{HERE}/add/smtp"):
        assert client.get(address).status_code == 403
    assert Client().get(HERE).status_code == 302


def test_there_is_nothing_to_add_of_an_unknown_kind(operator: Client) -> None:
    assert operator.get(f"{HERE}/add/telex").status_code == 404
    assert operator.get(f"{HERE}/{UUID(int=1)}").status_code == 404
