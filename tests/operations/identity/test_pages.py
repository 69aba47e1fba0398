"""The pages as a browser meets them, without scripts."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations, queries
from guildhall.identity.domain.authenticator_app import code_of, step_at
from guildhall.identity.testing import make_person, read_code, read_letters, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.operations import Inviter, NewOfficer, ensure_member, invite
from guildhall.organisations.queries import Council, find_membership, list_invitations

PASSWORD = "correct horse 7"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def email() -> EmailAddress:
    return EmailAddress(f"{new_id()}@example.com")


def make_known(*, totp_secret: str | None = None) -> queries.PersonView:
    known = operations.KnownPerson(
        EmailAddress(f"{new_id()}@example.com"), "Mair Evans", operations.read_password(PASSWORD), totp_secret
    )
    return queries.get_person(operations.ensure_person(known, now=clock.now()))


def answers(**changes: str) -> dict[str, str]:
    return {"name": "Mair Evans", "email": "", "password": PASSWORD, "language": "en"} | changes


def give_password(client: Client, email: str, *, password: str = PASSWORD, wanted: str = "") -> HttpResponse:
    return client.post(
        "/account/sign-in" + (f"?next={wanted}" if wanted else ""), answers(email=email, password=password)
    )


def words(response: HttpResponse) -> str:
    """A page's bytes without what differs each time: tokens against forged forms."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def is_signed_in(client: Client) -> bool:
    return client.get("/account/security").status_code == 200


# Registering


def test_registering_leads_from_the_form_through_the_mailbox_to_the_page_that_was_wanted(
    client: Client, email: EmailAddress
) -> None:
    sent = client.post("/account/register?next=/account/language", answers(email=f" {email.upper()} "))
    assert (sent.status_code, sent["Location"]) == (303, "/account/register/check-your-email")
    assert escape(email) in client.get(sent["Location"]).content.decode()

    verified = client.post(sent["Location"], {"code": read_code(email)})

    assert (verified.status_code, verified["Location"]) == (303, "/account/language")
    assert is_signed_in(client)


def test_an_address_with_an_account_sees_the_same_pages_when_registering(email: EmailAddress) -> None:
    pages = []
    for address in (make_person().email, email):
        client = Client()
        sent = client.post("/account/register", answers(email=address))
        pages.append((sent.status_code, sent["Location"], words(client.get(sent["Location"])).replace(address, "")))
        wrong = client.post(sent["Location"], {"code": "000000"})
        pages[-1] += (wrong.status_code, words(wrong).replace(address, ""))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": " "}, "Enter your full name"),
        ({"name": "a" * 201}, "Full name must be 200 characters or fewer"),
        ({"email": ""}, "Enter an email address"),
        ({"email": "mair"}, "Enter an email address in the correct format, like name@example.com"),
        ({"password": ""}, "Enter a password"),
        ({"password": "short 1"}, "Password must be 8 characters or more"),
        ({"password": "1" + "a" * 256}, "Password must be 256 characters or fewer"),
        ({"password": "no number here"}, "Password must include a number"),
        ({"password": "1234567890"}, "Password must include something other than numbers"),
        ({"password": "password1"}, "Choose a password that is harder to guess: many people use this one"),
    ],
)
def test_each_wrong_answer_is_named_and_nothing_is_sent(client: Client, changes: dict[str, str], problem: str) -> None:
    page = client.post("/account/register", answers(email="mair@example.com") | changes)
    assert page.status_code == 200
    assert "<title>Error: " in page.content.decode()
    assert problem in page.content.decode()
    assert PASSWORD not in page.content.decode()


def test_somebody_who_is_not_registering_is_led_to_the_beginning(client: Client) -> None:
    assert client.get("/account/register/check-your-email")["Location"] == "/account/register"
    assert client.post("/account/register/new-code")["Location"] == "/account/register"


def test_a_new_code_can_be_asked_for(client: Client, email: EmailAddress) -> None:
    client.post("/account/register", answers(email=email))
    assert client.post("/account/register/new-code")["Location"] == "/account/register/check-your-email"
    assert len(read_letters(email)) == 2
    assert client.post("/account/register/check-your-email", {"code": read_code(email)}).status_code == 303


# Signing in


def test_a_resident_lands_in_their_account(client: Client) -> None:
    answer = give_password(client, make_known().email)
    assert (answer.status_code, answer["Location"]) == (303, "/account")
    assert is_signed_in(client)


def test_an_app_code_is_asked_for_before_anything_is_shown(client: Client) -> None:
    person = make_known(totp_secret=SECRET)
    assert (
        give_password(client, person.email, wanted="/account/language")["Location"] == "/account/sign-in/security-code"
    )
    assert not is_signed_in(client)
    wrong = client.post("/account/sign-in/security-code", {"code": "12345"})
    assert "Enter the 6 digits of the security code" in wrong.content.decode()
    shown = code_of(SECRET, step_at(clock.now()))
    right = client.post("/account/sign-in/security-code", {"code": f"{shown[:3]} {shown[3:]}"})
    assert right["Location"] == "/account/language"
    assert is_signed_in(client)


def test_an_officer_lands_on_the_staff_side_after_an_emailed_code(client: Client, council: Council) -> None:
    person = make_known()
    ensure_member(NewOfficer(person.id, person.email, person.name), frozenset({Role.OWNER}), now=clock.now())
    with acting_for(None):
        give_password(client, person.email)
        client.post("/account/sign-in/new-code")
        answer = client.post("/account/sign-in/security-code", {"code": read_code(person.email)})
    assert answer["Location"] == "/staff"
    assert len(read_letters(person.email)) == 2


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(email: EmailAddress) -> None:
    seen = []
    for address in (make_known().email, email):
        client = Client()
        page = give_password(client, address, password="not this one 1")
        headers = {name: value for name, value in page.headers.items() if name not in ("Content-Length", "Date")}
        seen.append((page.status_code, headers, words(page).replace(address, "")))
    assert seen[0] == seen[1]
    assert "The email address or the password is not right" in seen[0][2]


@pytest.mark.parametrize("is_known", [True, False])
def test_the_seventh_try_shows_how_long_to_wait(client: Client, email: EmailAddress, is_known: bool) -> None:
    address = make_known().email if is_known else email
    for _ in range(6):
        assert give_password(client, address, password="not this one 1").status_code == 200
    locked = give_password(client, address)
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "You can try again in 15 minutes." in locked.content.decode()
    assert give_password(Client(), address).status_code == 429


def test_the_session_gets_a_new_key_at_each_step_and_the_old_one_is_worth_nothing(client: Client) -> None:
    person = make_known(totp_secret=SECRET)
    client.post("/account/register", answers(email="somebody@example.com"))
    planted = client.cookies["session"].value
    give_password(client, person.email)
    waiting = client.cookies["session"].value
    client.post("/account/sign-in/security-code", {"code": code_of(SECRET, step_at(clock.now()))})
    keys = [planted, waiting, client.cookies["session"].value]
    assert len(set(keys)) == 3
    for key in keys[:2]:
        intruder = Client()
        intruder.cookies["session"] = key
        assert not is_signed_in(intruder)


def test_a_session_key_made_up_by_somebody_is_not_taken_over(client: Client) -> None:
    client.cookies["session"] = "abcdefghijklmnopqrstuvwxyz012345"
    give_password(client, make_known().email)
    assert client.cookies["session"].value != "abcdefghijklmnopqrstuvwxyz012345"


def test_the_table_of_sessions_lets_nobody_in(client: Client) -> None:
    give_password(client, make_known().email)
    key = client.cookies["session"].value
    assert is_signed_in(client)
    assert not Session.objects.filter(session_key=key).exists()
    for row_key in Session.objects.values_list("session_key", flat=True):
        intruder = Client()
        intruder.cookies["session"] = row_key
        assert not is_signed_in(intruder)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "/%09//evil.example",
        "/%09/evil.example",
        "/%5Cevil.example",
        "/%0d%0aSet-Cookie:%20a=b",
        "%0d%0aLocation:https://evil.example",
        "account",
        "",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(client: Client, elsewhere: str) -> None:
    answer = give_password(client, make_known().email, wanted=elsewhere)
    assert answer.status_code == 303
    to = urlsplit(answer["Location"])
    assert (to.scheme, to.netloc, to.path) == ("", "", "/account")


def test_a_page_of_ours_is_gone_back_to_with_its_question(client: Client) -> None:
    answer = give_password(client, make_known().email, wanted="/account/language%3Fa%3D1%26b%3D2")
    assert answer["Location"] == "/account/language?a=1&b=2"


def test_a_sign_in_that_waited_an_hour_for_its_code_begins_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(client, make_known(totp_secret=SECRET).email)
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get("/account/sign-in/security-code")["Location"] == "/account/sign-in"


def test_a_session_opened_with_a_password_that_was_changed_meanwhile_is_over_before_it_begins(client: Client) -> None:
    person = make_known(totp_secret=SECRET)
    give_password(client, person.email)
    operations.change_password(person.id, operations.read_password("a new horse 8"), now=clock.now())
    client.post("/account/sign-in/security-code", {"code": code_of(SECRET, step_at(clock.now()))})
    assert not is_signed_in(client)


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first(client: Client) -> None:
    first, second = make_known(), make_known()
    give_password(client, first.email)
    session = client.session
    session["draft"] = "the first one's"
    session.save()
    give_password(client, second.email)
    assert "draft" not in client.session
    assert second.email in client.get("/account/security").content.decode()


# Staying and leaving


def test_a_session_ends_an_hour_after_the_last_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = clock.now()
    sign_in(client, make_person().id, at=begun)
    for minutes, is_still_in in ((59, True), (118, True), (178, False)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        assert is_signed_in(client) is is_still_in


def test_a_session_ends_after_twelve_hours_of_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = clock.now()
    sign_in(client, make_person().id, at=begun)
    for half_hours in range(24):
        monkeypatch.setattr(clock, "now", lambda passed=half_hours: begun + passed * timedelta(minutes=30))
        assert is_signed_in(client)
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(hours=12))
    assert not is_signed_in(client)


def test_staying_signed_in_begins_the_hour_again_and_says_when_it_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = clock.now()
    sign_in(client, make_person().id, at=begun)
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=50))
    said = client.post("/account/stay-signed-in")
    assert said.json() == {"session_ends_at": (begun + timedelta(minutes=110)).isoformat()}
    assert client.post("/account/stay-signed-in?next=/account/language")["Location"] == "/account/language"


def test_every_page_says_when_the_session_ends(client: Client) -> None:
    sign_in(client, make_person().id)
    assert "you will be signed out at" in client.get("/account/language").content.decode()
    assert "you will be signed out at" not in Client().get("/account/sign-in").content.decode()


def test_signing_out_ends_the_session_in_the_database_too(client: Client) -> None:
    give_password(client, make_known().email)
    key = client.cookies["session"].value
    assert client.post("/account/sign-out")["Location"] == "/account/signed-out"
    kept = Client()
    kept.cookies["session"] = key
    assert not is_signed_in(kept)


def test_a_link_cannot_sign_somebody_out(client: Client) -> None:
    sign_in(client, make_person().id)
    assert "Do you want to sign out?" in client.get("/account/sign-out").content.decode()
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "/account/sign-in",
        "/account/register",
        "/account/sign-out",
        "/account/forgotten-password",
        "/account/security/sign-out-elsewhere",
        "/account/language",
    ],
)
def test_another_site_cannot_send_our_forms(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, make_person().id)
    assert client.post(address, answers(email="mair@example.com")).status_code == 403
    assert is_signed_in(client)


def test_a_visitor_without_a_session_costs_no_look_at_the_database(client: Client) -> None:
    asked: list[str] = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get("/account/sign-in").status_code == 200
    assert asked == []


def test_pages_are_kept_nowhere_and_shown_in_nobodys_frame(client: Client) -> None:
    page = client.get("/account/sign-in")
    assert "no-store" in page["Cache-Control"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "no-referrer"


def test_the_session_cookie_is_for_the_server_alone(client: Client) -> None:
    cookie = give_password(client, make_known().email).cookies["session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


# Forgotten passwords


def test_a_forgotten_password_is_replaced_by_a_link_from_the_mailbox(client: Client) -> None:
    person, elsewhere = make_known(), Client()
    give_password(elsewhere, person.email)
    assert client.post("/account/forgotten-password", {"email": person.email})["Location"].endswith("check-your-email")
    found = re.search(r"http\S+(/account/new-password/\S+)", read_letters(person.email)[0].body)
    assert found
    assert client.get(found[1]).status_code == 200
    assert "Password must include a number" in client.post(found[1], {"password": "no number"}).content.decode()
    assert client.post(found[1], {"password": "a new horse 8"})["Location"] == "/account/new-password/done"
    assert client.get(found[1]).status_code == client.post(found[1], {"password": "a new horse 9"}).status_code == 410
    assert not is_signed_in(elsewhere)
    assert give_password(client, person.email, password="a new horse 8").status_code == 303


def test_asking_for_a_link_looks_the_same_for_an_unknown_address(client: Client, email: EmailAddress) -> None:
    known, unknown = (
        client.post("/account/forgotten-password", {"email": each}) for each in (make_known().email, email)
    )
    assert (known.status_code, known.content, known["Location"]) == (unknown.status_code, b"", unknown["Location"])


# Protection


def test_an_app_is_set_up_from_a_picture_or_the_key_beside_it(client: Client) -> None:
    person = make_known()
    give_password(client, person.email)
    assert client.post("/account/security/codes", {"factor": "app"})["Location"] == "/account/security/codes/app"
    page = client.get("/account/security/codes/app").content.decode()
    secret = "".join(re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)[1].split())  # type: ignore[index]
    picture = client.get("/account/security/codes/app.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    done = client.post("/account/security/codes/app", {"code": code_of(secret, step_at(clock.now()))})
    assert done["Location"] == "/account/security"
    assert "With an authenticator app" in client.get("/account/security").content.decode()
    assert client.get("/account/security/codes/app.svg").status_code == 404


def test_an_app_is_replaced_by_another_app_and_by_nothing_less(client: Client) -> None:
    person = make_known(totp_secret=SECRET)
    sign_in(client, person.id, has_second_factor=True)
    page = client.get("/account/security/codes").content.decode()
    assert "Set up a new authenticator app" in page
    assert "By email" not in page
    assert client.post("/account/security/codes", {"factor": "app"})["Location"] == "/account/security/codes/app"
    assert client.get("/account/security/codes/app").status_code == 200


def test_emailed_codes_are_set_up_with_a_first_one(client: Client) -> None:
    person = make_known()
    give_password(client, person.email)
    assert client.post("/account/security/codes", {"factor": "emailed_code"})["Location"].endswith("/codes/email")
    client.post("/account/security/codes/email", {"code": read_code(person.email)})
    assert "By email" in client.get("/account/security").content.decode()


def test_a_way_to_get_codes_has_to_be_chosen(client: Client) -> None:
    sign_in(client, make_person().id)
    assert "Select how you want to get security codes" in client.post("/account/security/codes").content.decode()


PROTECTED = ["/account/security/codes", "/account/security/codes/app", "/account/security/password"]


@pytest.mark.parametrize("address", PROTECTED)
def test_protection_is_changed_only_by_somebody_who_gave_the_password_lately(client: Client, address: str) -> None:
    person = make_known()
    sign_in(client, person.id, at=clock.now() - timedelta(minutes=16))
    asked = client.get(address)
    assert urlsplit(asked["Location"]).path == "/account/sign-in/password"
    assert client.post(address, {"factor": "app", "password": "a new horse 8"}).status_code == 303
    assert give_password(Client(), person.email).status_code == 303

    assert "The password is not right" in client.post(asked["Location"], {"password": "wrong 111"}).content.decode()
    key = client.cookies["session"].value
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == address
    assert client.cookies["session"].value != key
    assert client.get(address).status_code in (200, 303)


@pytest.mark.parametrize("address", PROTECTED)
def test_protection_by_codes_is_changed_only_by_somebody_who_gave_one(client: Client, address: str) -> None:
    person = make_known(totp_secret=SECRET)
    sign_in(client, person.id, has_second_factor=False)
    assert urlsplit(client.get(address)["Location"]).path == "/account/sign-in/prove-more"
    client.post(address, {"factor": "app", "password": "a new horse 8"})
    assert queries.find_new_app(person.id) is None
    assert give_password(Client(), person.email).status_code == 303


def test_somebody_with_a_password_session_can_prove_more(client: Client) -> None:
    person = make_known(totp_secret=SECRET)
    sign_in(client, person.id, has_second_factor=False)
    asked = client.get("/account/sign-in?next=/account/security/password")
    assert asked["Location"] == "/account/sign-in/prove-more?next=%2Faccount%2Fsecurity%2Fpassword"
    assert client.get(asked["Location"]).status_code == 200
    assert client.post(asked["Location"])["Location"] == "/account/sign-in/security-code"
    done = client.post("/account/sign-in/security-code", {"code": code_of(SECRET, step_at(clock.now()))})
    assert done["Location"] == "/account/security/password"
    assert client.get(done["Location"]).status_code == 200


def test_a_new_password_ends_the_other_browsers_sessions_and_keeps_this_one(client: Client) -> None:
    person, elsewhere = make_known(), Client()
    give_password(client, person.email)
    give_password(elsewhere, person.email)
    assert client.post("/account/security/password", {"password": "a new horse 8"})["Location"] == "/account/security"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_signing_out_elsewhere_keeps_this_browser(client: Client) -> None:
    person, elsewhere = make_known(), Client()
    give_password(client, person.email)
    give_password(elsewhere, person.email)
    client.post("/account/security/sign-out-elsewhere")
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


# Language


def test_the_language_that_is_chosen_is_kept_with_the_person(client: Client) -> None:
    person = make_person()
    sign_in(client, person.id)
    assert "Select English or Cymraeg" in client.post("/account/language", {"language": "fr"}).content.decode()
    client.post("/account/language", {"language": "cy"})
    assert queries.get_person(person.id).language == "cy"
    another_browser = Client()
    sign_in(another_browser, person.id)
    assert '<html lang="cy"' in another_browser.get("/account/security").content.decode()


def test_registering_in_welsh_proposes_welsh(client: Client) -> None:
    page = client.get("/account/register", headers={"accept-language": "cy"}).content.decode()
    assert re.search(r'value="cy"\s+checked', page)


# Invitations


def invitation_to(council: Council, email: str) -> str:
    inviter = Inviter(make_person().id, "Olwen Owner")
    invite(email, frozenset({Role.CASEWORKER}), inviter=inviter, now=clock.now())
    return f"/account/invitation/{list_invitations().rows[0].token}"


def test_an_invited_officer_goes_from_the_letter_through_an_account_and_codes_into_the_team(
    client: Client, council: Council, settle, email: EmailAddress
) -> None:
    invitation_to(council, email)
    settle()
    (letter,) = read_letters(email)
    assert "Olwen Owner has invited you to work for Testford Borough Council" in letter.body
    assert "wedi eich gwahodd i ymuno â thîm Cyngor Bwrdeistref Testford" in letter.body
    found = re.search(r"http\S+(/account/invitation/\S+)", letter.body)
    assert found
    invitation = found[1]

    with acting_for(None):
        page = client.get(invitation).content.decode()
        register = re.search(r'href="(/account/register\?next=[^"]+)"', page)
        assert register
        client.post(register[1], answers(email=email))
        joined = client.post("/account/register/check-your-email", {"code": read_code(email)})
        assert joined["Location"] == invitation
        assert client.post(invitation).status_code == 200, "without a second proof nothing is accepted"
        prove = re.search(r'href="(/account/sign-in/prove-more\?next=[^"]+)"', client.get(invitation).content.decode())
        assert prove
        choose = client.get(prove[1])["Location"]
        setting_up = client.post(choose, {"factor": "emailed_code"})["Location"]
        assert client.post(setting_up, {"code": read_code(email)})["Location"] == invitation
        assert client.post(invitation)["Location"] == "/staff"

    person = queries.find_person_by_email(email)
    assert person
    membership = find_membership(person.id)
    assert membership and membership.roles == {Role.CASEWORKER}
    assert client.get(invitation).status_code == 410


def test_an_invitation_is_of_no_use_to_somebody_else(client: Client, council: Council, email: EmailAddress) -> None:
    invitation, other = invitation_to(council, email), make_person()
    with acting_for(None):
        sign_in(client, other.id, has_second_factor=True)
        assert "the invitation went to another email address" in client.get(invitation).content.decode()
        client.post(invitation)
    assert find_membership(other.id) is None


def test_an_invitation_is_sent_once_however_often_it_is_heard_of(council: Council, settle, email: EmailAddress) -> None:
    invitation_to(council, email)
    settle()
    operations.send_invitation(list_invitations().rows[0].id, now=clock.now())
    assert len(read_letters(email)) == 1
