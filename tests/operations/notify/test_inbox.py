"""The sandbox's inbox holds codes and reset links: who sits at the machine reads it, and from elsewhere an operator."""

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.conftest import AsLogin

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.inbox import put_into_inbox
from guildhall.notify.queries import Delivered, inbox_address, inbox_token
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

HERE = "/sandbox/inbox"
IN_PUBLIC = {"SANDBOX_IS_PUBLIC": True, "IS_FOR_THIS_MACHINE_ONLY": False, "BASE_URL": "https://try.guildhall.example"}


@pytest.fixture
def code(as_dispatcher: Callable[[Callable[[], int]], int]) -> str:
    """What a message in the inbox says, and nobody else may read."""
    secret, to = new_id().hex, "operator@sandbox.example"
    message = Delivered(MessageId(new_id()), Channel.EMAIL, to, "Your code", secret, clock.now())
    as_dispatcher(lambda: put_into_inbox([message]) or 1)
    return secret


@pytest.fixture
def in_public() -> Iterator[None]:
    with override_settings(**IN_PUBLIC):
        yield


def _asks_for_a_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(
        "/account/sign-in?next=%2Fsandbox%2Finbox"
    )


def _operator(client: Client, as_login: AsLogin, *, has_second_factor: bool = True) -> PersonId:
    person = make_person()
    with as_login("owner") as owner:
        owner.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [person.id])
    sign_in(client, person.id, has_second_factor=has_second_factor)
    return person.id


def test_whoever_sits_at_the_machine_reads_it(client: Client, code: str) -> None:
    assert code in client.get(HERE).content.decode()
    assert code in client.get(f"{HERE}?format=json").content.decode()


@pytest.mark.parametrize("query", ["", "?format=json", "?to=operator@sandbox.example", "?format=json&to="])
def test_in_public_a_stranger_is_asked_to_sign_in(client: Client, code: str, in_public: None, query: str) -> None:
    answer = client.get(HERE + query)
    assert _asks_for_a_sign_in(answer)
    assert code not in answer.content.decode()


@pytest.mark.parametrize("header", ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"])
def test_who_comes_through_a_proxy_does_not_sit_at_the_machine(client: Client, code: str, header: str) -> None:
    assert _asks_for_a_sign_in(client.get(HERE, headers={header: "203.0.113.9"}))


def test_in_public_an_officer_of_a_council_does_not_read_what_others_got(
    client: Client, council: Council, code: str, in_public: None
) -> None:
    person = make_person()
    make_officer(council, Role.OWNER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    answer = client.get(f"{HERE}?format=json")
    assert (answer.status_code, code in answer.content.decode()) == (403, False)


def test_in_public_an_operator_reads_it(client: Client, as_login: AsLogin, code: str, in_public: None) -> None:
    _operator(client, as_login)
    assert code in client.get(HERE).content.decode()
    assert code in client.get(f"{HERE}?format=json").content.decode()


def test_in_public_a_password_alone_is_not_enough(
    client: Client, as_login: AsLogin, code: str, in_public: None
) -> None:
    _operator(client, as_login, has_second_factor=False)
    answer = client.get(HERE)
    assert (answer.status_code, code in answer.content.decode()) == (302, False)


def test_programs_that_hold_the_printed_credentials_read_it(client: Client, code: str, in_public: None) -> None:
    address = inbox_address()
    assert address.startswith("https://try.guildhall.example/sandbox/inbox/")
    path = address.removeprefix("https://try.guildhall.example")
    answer = client.get(f"{path}?format=json")
    assert code in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = client.get(f"{path}?to=nobody@example.com").content.decode()
    assert f'href="{path}"' in page, "the link back keeps the secret"


@pytest.mark.parametrize("wrong", ["x", "a" * 32, "ŵ" * 32, "%00", inbox_token()[:-1], inbox_token() + "a"])
def test_another_address_is_none(client: Client, code: str, in_public: None, wrong: str) -> None:
    answer = client.get(f"{HERE}/{wrong}?format=json")
    assert (answer.status_code, code in answer.content.decode()) == (404, False)


def test_the_printed_address_is_the_plain_one_where_only_this_machine_asks() -> None:
    assert inbox_address().endswith("/sandbox/inbox")


@pytest.mark.parametrize("path", [HERE, f"{HERE}/{inbox_token()}"])
def test_a_real_house_has_none(client: Client, code: str, path: str) -> None:
    with override_settings(SANDBOX=False):
        assert client.get(path).status_code == 404
