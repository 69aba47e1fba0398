"""Six wrong passwords lock strangers out. The owner gets in: in a browser that signed in before, or by a reset link."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations, queries
from guildhall.identity.domain.authenticator_app import code_of, step_at
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations.tries import Trier, take_a_try
from guildhall.identity.pages.known_browsers import KNOWN
from guildhall.identity.testing import read_code, read_letters, sign_in
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.networks import Network

PASSWORD, NEW_PASSWORD = "correct horse 7", "a new horse 8"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
COOKIE = KNOWN.cookie.full_name


def make_known(*, totp_secret: str | None = None) -> queries.PersonView:
    email = EmailAddress(f"{new_id()}@example.com")
    known = operations.KnownPerson(email, "Mair Evans", operations.read_password(PASSWORD), totp_secret)
    return queries.get_person(operations.ensure_person(known, now=clock.now()))


def give_password(browser: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return browser.post("/account/sign-in", {"email": email, "password": password})


def give_code(browser: Client, code: str) -> HttpResponse:
    return browser.post("/account/sign-in/security-code", {"code": code})


def shut_out_strangers(email: EmailAddress) -> None:
    for _ in range(6):
        take_a_try(Trier(email, Network("192.0.2.66")), Action.GIVE_PASSWORD, now=clock.now())
    assert give_password(Client(), email).status_code == 429, "the right password too"


def signed_in_before(email: str, password: str = PASSWORD) -> Client:
    """Return a browser in which the owner signed in, and out again."""
    browser = Client()
    assert give_password(browser, email, password).status_code == 303
    browser.post("/account/sign-out")
    assert browser.get("/account/security").status_code == 302
    return browser


def test_six_wrong_passwords_of_strangers_leave_the_owners_browser_alone() -> None:
    person, stranger = make_known(), Client()
    browser = signed_in_before(person.email)
    answers = [give_password(stranger, person.email, "wrong 1111").status_code for _ in range(6)]
    assert [*answers, give_password(stranger, person.email).status_code] == [200] * 6 + [429]
    assert give_password(browser, person.email).status_code == 303


def test_the_owners_success_gives_strangers_no_new_tries() -> None:
    person = make_known()
    browser = signed_in_before(person.email)
    shut_out_strangers(person.email)
    assert give_password(browser, person.email).status_code == 303
    assert give_password(Client(), person.email).status_code == 429


def test_a_known_browser_has_six_tries_of_its_own() -> None:
    person = make_known()
    browser, other = signed_in_before(person.email), signed_in_before(person.email)
    answers = [give_password(browser, person.email, "wrong 1111").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]
    assert give_password(browser, person.email).status_code == 429
    assert give_password(other, person.email).status_code == 303
    assert give_password(Client(), person.email).status_code == 303, "strangers have theirs"


def test_a_reset_link_gets_the_owner_in_while_strangers_go_on() -> None:
    person, browser = make_known(), Client()
    shut_out_strangers(person.email)
    browser.post("/account/forgotten-password", {"email": person.email})
    link = re.search(r"/account/new-password/\S+", read_letters(person.email)[0].body)
    assert link and browser.post(link[0], {"password": NEW_PASSWORD}).status_code == 303
    shut_out_strangers(person.email)
    assert give_password(Client(), person.email, NEW_PASSWORD).status_code == 429
    assert give_password(browser, person.email, NEW_PASSWORD).status_code == 303


def test_links_that_came_work_after_strangers_asked_for_too_many() -> None:
    person, stranger = make_known(), Client()
    for _ in range(6):
        stranger.post("/account/forgotten-password", {"email": person.email})
    assert stranger.post("/account/forgotten-password", {"email": person.email}).status_code == 429
    link = re.search(r"/account/new-password/\S+", read_letters(person.email)[0].body)
    assert link and Client().post(link[0], {"password": NEW_PASSWORD}).status_code == 303


def test_strangers_who_know_the_password_cannot_use_up_the_codes_of_the_owners_browser() -> None:
    person, browser, stranger = make_known(totp_secret=SECRET), Client(), Client()
    give_password(browser, person.email)
    assert give_code(browser, code_of(SECRET, step_at(clock.now()))).status_code == 303
    browser.post("/account/sign-out")
    give_password(stranger, person.email)
    assert [give_code(stranger, f"00000{guess}").status_code for guess in range(7)] == [200] * 6 + [429]
    give_password(browser, person.email)
    assert give_code(browser, code_of(SECRET, step_at(clock.now()) + 1)).status_code == 303


def test_nor_the_emailed_codes_that_it_may_ask_for() -> None:
    person, browser, stranger = make_known(), Client(), Client()
    give_password(browser, person.email)
    journey = browser.post("/account/security/codes", {"factor": "emailed_code"})
    browser.post(journey["Location"], {"code": read_code(person.email)})
    browser.post("/account/sign-out")
    for _ in range(7):
        answer = give_password(stranger, person.email)
    assert answer.status_code == 429, "six emails, and no more"
    assert give_password(browser, person.email).status_code == 303
    assert give_code(browser, read_code(person.email)).status_code == 303


def test_a_browser_is_known_to_the_accounts_of_a_household_and_to_no_other() -> None:
    household, neighbour = [make_known() for _ in range(2)], make_known()
    browser = Client()
    for person in household:
        give_password(browser, person.email)
        browser.post("/account/sign-out")
    for person in (*household, neighbour):
        shut_out_strangers(person.email)
    assert [give_password(browser, person.email).status_code for person in household] == [303] * 2
    browser.post("/account/sign-out")
    assert give_password(browser, neighbour.email).status_code == 429


@pytest.mark.parametrize("change", [lambda cookie: cookie[:-4] + "AAAA", lambda cookie: "x" * 300, lambda cookie: "="])
def test_a_cookie_that_was_changed_or_made_up_makes_nothing_known(change) -> None:
    person = make_known()
    browser = signed_in_before(person.email)
    browser.cookies[COOKIE] = change(browser.cookies[COOKIE].value)
    shut_out_strangers(person.email)
    assert give_password(browser, person.email).status_code == 429


def test_the_cookie_says_nothing_and_lets_nobody_in() -> None:
    person = make_known()
    browser = signed_in_before(person.email)
    cookie = browser.cookies[COOKIE]
    assert (
        cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == timedelta(days=365).total_seconds()
    )
    assert person.email not in cookie.value and str(person.id) not in cookie.value
    thief = Client()
    thief.cookies[COOKIE] = cookie.value
    assert thief.get("/account/security").status_code == 302
    assert give_password(thief, person.email, "wrong 1111").status_code == 200


def test_whoever_knew_an_earlier_password_has_no_known_browser_left() -> None:
    """Otherwise they could have signed in a thousand times, and have a thousand times six tries at the new one."""
    person = make_known()
    burglar, owner = signed_in_before(person.email), Client()
    give_password(owner, person.email)
    owner.post("/account/security/password", {"password": NEW_PASSWORD})
    owner.post("/account/sign-out")
    shut_out_strangers(person.email)
    assert give_password(burglar, person.email, NEW_PASSWORD).status_code == 429
    assert give_password(owner, person.email, NEW_PASSWORD).status_code == 303


def test_a_known_browser_is_told_no_more_about_addresses_than_a_stranger() -> None:
    browser, unknown = signed_in_before(make_known().email), EmailAddress(f"{new_id()}@example.com")
    someone = make_known().email
    for email in (someone, unknown):
        answers = [give_password(browser, email, "wrong 1111") for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 6 + [429]


def test_a_session_makes_the_browser_known_however_it_began() -> None:
    browser, person = Client(), make_known()
    sign_in(browser, person.id)
    browser.get("/account/security")
    browser.cookies.pop("session")
    shut_out_strangers(person.email)
    assert give_password(browser, person.email).status_code == 303
