from datetime import datetime, timedelta
from uuid import UUID

import pytest

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, operations, queries
from guildhall.identity.testing import SOMEWHERE, make_person, read_code, read_letters
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.visitor import Language

NOW = clock.now()
HOUR = timedelta(hours=1)
PASSWORD = operations.read_password("correct horse 7")


@pytest.fixture
def email() -> EmailAddress:
    return EmailAddress(f"{new_id()}@example.com")


def begin(email: EmailAddress, *, language: Language = "en", password: str = PASSWORD, now: datetime = NOW) -> UUID:
    wanted = operations.NewAccount(email, "Mair Evans", operations.GoodPassword(password), language)
    return operations.begin_registration(wanted, source=SOMEWHERE, now=now)


def another_code(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_person_exists_once_they_have_given_the_code_from_their_mailbox(email: EmailAddress) -> None:
    journey = begin(email, language="cy")
    assert queries.find_person_by_email(email) is None

    person_id = operations.finish_registration(journey, read_code(email), source=SOMEWHERE, now=NOW)

    person = queries.get_person(person_id)
    assert (person.email, person.name, person.language) == (email, "Mair Evans", "cy")
    assert operations.sign_in(email, PASSWORD, source=SOMEWHERE, now=NOW).person == person
    assert queries.find_registration_address(journey) is None


def test_the_code_works_for_an_hour(email: EmailAddress) -> None:
    journey = begin(email)
    with pytest.raises(operations.WrongCode):
        operations.finish_registration(journey, read_code(email), source=SOMEWHERE, now=NOW + HOUR)
    assert operations.finish_registration(
        journey, read_code(email), source=SOMEWHERE, now=NOW + HOUR - timedelta(seconds=1)
    )


def test_a_code_of_another_journey_is_refused(email: EmailAddress) -> None:
    first, code = begin(email), read_code(email)
    second = begin(email)
    with pytest.raises(operations.WrongCode):
        operations.finish_registration(second, code, source=SOMEWHERE, now=NOW)
    assert operations.finish_registration(first, code, source=SOMEWHERE, now=NOW)


def test_nobody_can_prepare_an_account_for_the_owner_of_a_mailbox_to_confirm(email: EmailAddress) -> None:
    begin(email, password="the intruder's 1")
    own = begin(email, password="the owner's 22")
    operations.finish_registration(own, read_code(email), source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.WrongPassword):
        operations.sign_in(email, "the intruder's 1", source=SOMEWHERE, now=NOW)
    assert operations.sign_in(email, "the owner's 22", source=SOMEWHERE, now=NOW)


def test_a_new_code_ends_the_old_one(email: EmailAddress) -> None:
    journey = begin(email)
    old = read_code(email)
    operations.send_creation_code_again(journey, source=SOMEWHERE, now=NOW + timedelta(seconds=1))
    new = read_code(email)
    if new != old:
        with pytest.raises(operations.WrongCode):
            operations.finish_registration(journey, old, source=SOMEWHERE, now=NOW + timedelta(seconds=2))
    assert operations.finish_registration(journey, new, source=SOMEWHERE, now=NOW + timedelta(seconds=2))


def test_six_wrong_codes_lock_the_address_also_for_a_new_journey(email: EmailAddress) -> None:
    journey = begin(email)
    wrong = another_code(read_code(email))
    for _ in range(6):
        with pytest.raises(operations.WrongCode):
            operations.finish_registration(journey, wrong, source=SOMEWHERE, now=NOW)
    again = begin(email)
    with pytest.raises(operations.LockedOut):
        operations.finish_registration(again, read_code(email), source=SOMEWHERE, now=NOW)


def test_six_codes_can_be_asked_for_and_then_nothing_is_sent_for_a_while(email: EmailAddress) -> None:
    journey = begin(email)
    for _ in range(5):
        operations.send_creation_code_again(journey, source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.LockedOut):
        operations.send_creation_code_again(journey, source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.LockedOut):
        begin(email)
    assert len(read_letters(email)) == 6
    assert begin(email, now=NOW + timedelta(seconds=900))


def test_an_address_with_an_account_gets_a_letter_instead_of_a_code() -> None:
    person = make_person()
    journey = begin(person.email)
    assert [letter.key for letter in read_letters(person.email)] == ["account-already-registered"]
    assert queries.find_registration_address(journey) == person.email
    with pytest.raises(operations.WrongCode):
        operations.finish_registration(journey, "000000", source=SOMEWHERE, now=NOW)


def test_of_two_who_register_one_address_at_once_one_gets_the_account(email: EmailAddress, at_once) -> None:
    journeys = at_once(lambda: begin(email), 2)
    codes = [re_code for letter in read_letters(email) if (re_code := letter.body.split("# ")[1][:6])]
    tries = iter([(journey, code) for journey in journeys for code in codes])

    def finish() -> object:
        journey, code = next(tries)
        return operations.finish_registration(journey, code, source=SOMEWHERE, now=NOW)

    came_of_it = at_once(finish, 4)
    assert sum(isinstance(each, UUID) for each in came_of_it) == 1
    assert sum(isinstance(each, operations.AlreadyRegistered) for each in came_of_it) == 1
    assert models.Person.objects.filter(email=email).count() == 1


def test_of_many_who_give_one_code_at_once_one_succeeds(email: EmailAddress, at_once) -> None:
    journey = begin(email)
    code = read_code(email)
    came_of_it = at_once(lambda: operations.finish_registration(journey, code, source=SOMEWHERE, now=NOW), 6)
    assert sum(isinstance(each, UUID) for each in came_of_it) == 1
    assert models.Person.objects.filter(email=email).count() == 1


def test_a_registration_is_over_after_a_day(email: EmailAddress) -> None:
    journey = begin(email)
    with pytest.raises(operations.RegistrationLapsed):
        operations.send_creation_code_again(journey, source=SOMEWHERE, now=NOW + timedelta(hours=24))


def test_the_letter_is_in_the_language_of_the_page(email: EmailAddress) -> None:
    begin(email, language="cy")
    assert read_letters(email)[0].subject == "Eich cod diogelwch"


def test_no_code_can_be_read_out_of_the_database(email: EmailAddress) -> None:
    journey = begin(email)
    kept = models.EmailedCode.objects.get(journey_id=journey)
    assert read_code(email).encode() not in bytes(kept.digest)
    assert len(bytes(kept.digest)) == 32
