import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations, queries
from guildhall.identity.testing import SOMEWHERE, make_person, read_letters
from guildhall.kernel import clock
from guildhall.kernel.secrets import seal

NOW = clock.now()
NEW = operations.read_password("a new horse 8")


def ask(email: EmailAddress) -> str:
    """Ask for a link and return its secret part."""
    operations.request_reset(email, language="en", source=SOMEWHERE, now=NOW)
    found = re.search(r"/account/new-password/(\S+)", read_letters(email)[0].body)
    assert found
    return found[1]


def test_the_link_gives_a_new_password_and_tells_the_owner() -> None:
    person = make_person()
    operations.finish_reset(ask(person.email), NEW, now=NOW)
    assert operations.sign_in(person.email, NEW, source=SOMEWHERE, now=NOW)
    assert read_letters(person.email)[0].key == "account-password-changed"


def test_a_link_works_once_and_takes_its_siblings_with_it() -> None:
    person = make_person()
    first, second = ask(person.email), ask(person.email)
    operations.finish_reset(first, NEW, now=NOW)
    for used in (first, second):
        with pytest.raises(queries.ResetLinkLapsed):
            operations.finish_reset(used, NEW, now=NOW)


def test_of_many_who_use_a_link_at_once_one_succeeds(at_once) -> None:
    person = make_person()
    link = ask(person.email)
    came_of_it = at_once(lambda: operations.finish_reset(link, NEW, now=NOW), 5)
    assert sum(isinstance(each, queries.PersonView) for each in came_of_it) == 1
    assert sum(isinstance(each, queries.ResetLinkLapsed) for each in came_of_it) == 4


@pytest.mark.parametrize(
    "change", [lambda link: link + "x", lambda link: "x" + link, lambda link: seal("x.0", "other")]
)
def test_a_link_that_was_changed_is_refused(change) -> None:
    with pytest.raises(queries.ResetLinkLapsed):
        queries.read_reset_link(change(ask(make_person().email)))


def test_a_link_works_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    link = ask(make_person().email)
    assert queries.read_reset_link(link)
    monkeypatch.setattr(queries, "RESET_LINK_LASTS", timedelta(seconds=-1))
    with pytest.raises(queries.ResetLinkLapsed):
        queries.read_reset_link(link)


def test_a_new_password_ends_every_session_and_unlocks() -> None:
    person = make_person()
    link = ask(person.email)
    for _ in range(6):
        with pytest.raises(operations.WrongPassword):
            operations.sign_in(person.email, "not this one 1", source=SOMEWHERE, now=NOW)
    operations.finish_reset(link, NEW, now=NOW)
    assert operations.sign_in(person.email, NEW, source=SOMEWHERE, now=NOW)
    assert queries.get_person(person.id).generation == person.generation + 1


def test_an_unknown_address_gets_a_letter_that_says_so() -> None:
    email = EmailAddress(f"{uuid4()}@example.com")
    operations.request_reset(email, language="cy", source=SOMEWHERE, now=NOW)
    (letter,) = read_letters(email)
    assert (letter.key, letter.subject) == ("account-unknown", "Nid oes gennych gyfrif")


@pytest.mark.parametrize("is_known", [True, False])
def test_six_links_can_be_asked_for_whether_or_not_the_address_is_known(is_known: bool) -> None:
    email = make_person().email if is_known else EmailAddress(f"{uuid4()}@example.com")
    for _ in range(6):
        operations.request_reset(email, language="en", source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.LockedOut):
        operations.request_reset(email, language="en", source=SOMEWHERE, now=NOW)
    assert len(read_letters(email)) == 6


def test_a_person_is_written_to_in_their_language_whatever_the_page_was_in() -> None:
    person = make_person(language="cy")
    operations.request_reset(person.email, language="en", source=SOMEWHERE, now=NOW)
    assert read_letters(person.email)[0].subject == "Dewis cyfrinair newydd"


def test_changing_the_password_ends_the_other_sessions() -> None:
    person = make_person()
    generation = operations.change_password(person.id, NEW, now=NOW)
    assert generation == queries.get_person(person.id).generation == person.generation + 1
    assert operations.sign_in(person.email, NEW, source=SOMEWHERE, now=NOW)


def test_links_lead_to_the_installations_own_address() -> None:
    person = make_person()
    with override_settings(BASE_URL="https://guildhall.example"):
        operations.request_reset(person.email, language="en", source=SOMEWHERE, now=NOW)
    assert "https://guildhall.example/account/new-password/" in read_letters(person.email)[0].body
