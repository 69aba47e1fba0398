"""The gate, tried on every address of the committed table: who is let in, with which method, and who is not."""

from collections.abc import Callable, Iterator

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from tests.addresses import ON_THE_FAST_PATH, Address, read_table
from tests.conftest import AsLogin
from tests.fast_path import FastPathClient
from tests.threshold import FORM_EXPIRED, LET_IN, nothing_behind_the_gate

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import EVERY_METHOD, Role
from guildhall.kernel.ids import PersonId
from guildhall.kernel.tenancy import find_current_organisation
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

TABLE = read_table()
Asked = tuple[Address, str]
PAGES = ("anyone", "signed_in", "officers", "operators", "link_holders")


@pytest.fixture
def threshold(database: object) -> Iterator[None]:
    with nothing_behind_the_gate():
        yield


def of(*audiences: str) -> list[Address]:
    return [each for each in TABLE if each.audience in audiences]


def officer(client: Client, council: Council, *roles: Role, has_second_factor: bool = True) -> PersonId:
    person = make_person()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=has_second_factor)
    return person.id


def operator(as_login: AsLogin, person_id: PersonId) -> PersonId:
    with as_login("owner") as owner:
        owner.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [person_id])
    return person_id


def answers(client: Client, council: Council, asked: list[Asked]) -> dict[Asked, str]:
    """What a browser gets when it asks, in a word for each kind of answer."""
    return {(each, method): in_a_word(client.generic(method, each.filled(council.slug))) for each, method in asked}


def in_every_way(addresses: list[Address]) -> list[Asked]:
    """Read and send, wherever an address answers it."""
    return [(each, method) for each in addresses for method in ("GET", "POST") if each.answers(method)]


def once(addresses: list[Address]) -> list[Asked]:
    """Send where an address takes what is sent, else read."""
    return [(each, "POST" if each.answers("POST") else "GET") for each in addresses]


def in_a_word(response: HttpResponseBase) -> str:
    if response.status_code == 302:
        return response["Location"].partition("?")[0]
    return {LET_IN: "in", 403: "forbidden", 405: "no such method", 404: "not found"}[response.status_code]


def wrong(got: dict[Asked, str], is_open: Callable[[Address, str], bool]) -> dict[tuple[str, str], str]:
    """Return the answers that are not those of the table, where it is said to whom an address is open."""
    return {
        (method, each.address): answer
        for (each, method), answer in got.items()
        if answer != ("forbidden" if not is_open(each, method) else "in" if each.answers(method) else "no such method")
    }


def test_there_is_something_to_try() -> None:
    assert len(of("officers")) > 100
    assert len(of("operators")) > 10


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_the_table_says_and_nothing_else(
    council: Council, client: Client, threshold: None, role: Role
) -> None:
    officer(client, council, role)
    got = answers(client, council, in_every_way(of("officers")))
    assert wrong(got, lambda each, method: each.is_for(role, method)) == {}


def test_an_officer_of_every_role_opens_nothing_of_the_operators(
    council: Council, client: Client, threshold: None
) -> None:
    officer(client, council, *Role)
    assert wrong(answers(client, council, in_every_way(of("operators"))), lambda each, method: False) == {}


def test_an_operator_opens_the_operators_addresses_and_nothing_of_a_council(
    council: Council, client: Client, threshold: None, as_login: AsLogin
) -> None:
    sign_in(client, operator(as_login, make_person().id), has_second_factor=True)
    got = answers(client, council, once(of("officers", "operators")))
    assert wrong(got, lambda each, method: each.audience == "operators") == {}


def test_an_officer_of_one_council_is_refused_everywhere_in_another(
    council: Council, other_council: Council, client: Client, threshold: None
) -> None:
    officer(client, council, *Role)
    assert wrong(answers(client, other_council, once(of("officers"))), lambda each, method: False) == {}


def test_somebody_who_is_not_signed_in_is_asked_to_sign_in_first(
    council: Council, client: Client, threshold: None
) -> None:
    got = answers(client, council, once(of("officers", "operators", "signed_in")))
    assert set(got.values()) == {"/account/sign-in"}


def test_whoever_has_given_no_second_proof_is_led_to_it(council: Council, client: Client, threshold: None) -> None:
    officer(client, council, *Role, has_second_factor=False)
    got = answers(client, council, once(of("officers")))
    assert set(got.values()) == {"/account/sign-in/prove-more"}


def test_a_page_answers_the_methods_of_the_table_and_no_others(
    council: Council, client: Client, threshold: None, as_login: AsLogin
) -> None:
    operator(as_login, officer(client, council, *Role))
    # Each address is asked with two of the seven methods, neighbours with others.
    asked = [
        (each, EVERY_METHOD[(place + step) % len(EVERY_METHOD)])
        for place, each in enumerate(of(*PAGES))
        for step in (0, 3)
    ]
    assert wrong(answers(client, council, asked), lambda each, method: True) == {}


def test_a_program_without_a_key_gets_nothing_at_any_address_for_programs(council: Council) -> None:
    client = FastPathClient()
    got = {
        (method, each.address): client.generic(method, each.filled(council.slug)).status_code
        for each in of("keyholders")
        for method in each.methods.split()
    }
    assert {key: status for key, status in got.items() if status not in (401, 403)} == {
        ("POST", "v2/notifications/<str:name>"): 404  # the contract has three names to send to, and looks there first
    }


def test_an_address_for_programs_answers_the_methods_of_the_table_and_no_others(council: Council) -> None:
    """The payments API looks at the key before the method, as the reference does."""
    client = FastPathClient()
    open_doors = {
        (method, each.address): status
        for each in of("keyholders")
        for method in EVERY_METHOD
        if each.name != ON_THE_FAST_PATH and not each.answers(method)
        if (status := client.generic(method, each.filled(council.slug)).status_code)
        != (401 if each.address.startswith("v1/") else 405)
    }
    assert open_doors == {}


def test_a_form_without_the_token_is_refused_at_every_address_that_is_not_exempt(
    council: Council, threshold: None
) -> None:
    client = FastPathClient(enforce_csrf_checks=True)
    officer(client, council, *Role)
    pages = [each for each in TABLE if each.answers("POST") and each.name != ON_THE_FAST_PATH]
    got = {each.address: client.post(each.filled(council.slug), {"wish": "anything"}) for each in pages}
    open_doors = {address for address, answer in got.items() if answer.content.decode() != FORM_EXPIRED}
    assert open_doors == {each.address for each in pages if each.csrf != "token"}


def test_an_unknown_council_is_a_page_that_does_not_exist(client: Client) -> None:
    assert client.get("/staff/atlantis").status_code == 404
    assert client.get("/atlantis").status_code == 404


def test_the_installation_itself_is_no_council(client: Client) -> None:
    assert client.get("/guildhall").status_code == 404


def test_nobody_acts_for_the_council_after_the_answer(council: Council, client: Client) -> None:
    before = find_current_organisation()
    client.get(f"/{council.slug}")
    assert find_current_organisation() == before
