from datetime import timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, operations, queries
from guildhall.identity.domain.authenticator_app import code_of, step_at
from guildhall.identity.domain.second_factor import Factor
from guildhall.identity.operations import passwords
from guildhall.identity.testing import SOMEWHERE, make_person, read_code, read_letters
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.operations import NewOfficer, ensure_member
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_council

NOW = clock.now()
PASSWORD = "correct horse 7"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
STEP = timedelta(seconds=30)


def make_known(*, totp_secret: str | None = None) -> queries.PersonView:
    known = operations.KnownPerson(
        EmailAddress(f"{new_id()}@example.com"), "Mair Evans", operations.read_password(PASSWORD), totp_secret
    )
    return queries.get_person(operations.ensure_person(known, now=NOW))


@pytest.fixture(scope="module")
def officers_council(letters_can_be_sent: None) -> Council:
    return make_council()


def make_officer(council: Council, *, totp_secret: str | None = None) -> queries.PersonView:
    person = make_known(totp_secret=totp_secret)
    with acting_for(council.id):
        officer = NewOfficer(person.id, person.email, person.name)
        ensure_member(officer, frozenset({Role.CASEWORKER}), now=NOW)
    return person


def test_a_resident_signs_in_with_a_password() -> None:
    person = make_known()
    assert operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW) == operations.RightPassword(
        person, None
    )


def test_a_wrong_password_and_an_unknown_address_are_refused_alike() -> None:
    with pytest.raises(operations.WrongPassword) as wrong:
        operations.sign_in(make_known().email, "correct horse 8", source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.WrongPassword) as unknown:
        operations.sign_in(EmailAddress(f"{uuid4()}@example.com"), PASSWORD, source=SOMEWHERE, now=NOW)
    assert str(wrong.value) == str(unknown.value)


@pytest.mark.usefixtures("real_password_cost")
def test_an_unknown_address_costs_the_same_argon2_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            compared.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched(time_cost=2, memory_cost=19_456, parallelism=1))
    for email in (make_known().email, EmailAddress(f"{uuid4()}@example.com")):
        with pytest.raises(operations.WrongPassword):
            operations.sign_in(email, "not this one 1", source=SOMEWHERE, now=NOW)
    assert compared[-2:] == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


@pytest.mark.parametrize("is_known", [True, False])
def test_six_wrong_passwords_lock_an_address_whether_or_not_it_is_known(is_known: bool) -> None:
    email = make_known().email if is_known else EmailAddress(f"{uuid4()}@example.com")
    for _ in range(6):
        with pytest.raises(operations.WrongPassword):
            operations.sign_in(email, "not this one 1", source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.LockedOut):
        operations.sign_in(email, PASSWORD, source=SOMEWHERE, now=NOW + timedelta(seconds=899))


def test_after_a_quarter_of_an_hour_the_right_password_works_again() -> None:
    person = make_known()
    for _ in range(6):
        with pytest.raises(operations.WrongPassword):
            operations.sign_in(person.email, "not this one 1", source=SOMEWHERE, now=NOW)
    assert operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW + timedelta(seconds=900))


def test_a_right_password_starts_the_count_afresh() -> None:
    person = make_known()
    for _ in range(2):
        for _ in range(5):
            with pytest.raises(operations.WrongPassword):
                operations.sign_in(person.email, "not this one 1", source=SOMEWHERE, now=NOW)
        assert operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW)


def test_fifty_wrong_passwords_at_once_are_six_guesses(at_once) -> None:
    person = make_known()
    came_of_it = at_once(lambda: operations.sign_in(person.email, "not this one 1", source=SOMEWHERE, now=NOW), 50)
    assert sum(isinstance(each, operations.WrongPassword) for each in came_of_it) == 6
    assert sum(isinstance(each, operations.LockedOut) for each in came_of_it) == 44


@pytest.mark.usefixtures("real_password_cost")
def test_a_password_kept_at_another_cost_is_encoded_anew_at_sign_in() -> None:
    person = make_known()
    weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    models.Password.objects.filter(person_id=person.id).update(encoded=weaker)
    operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW)
    kept = models.Password.objects.get(person_id=person.id).encoded
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW)


def test_the_same_letters_typed_in_another_way_are_the_same_password() -> None:
    person = make_person()
    models.Password.objects.filter(person_id=person.id).update(
        encoded=passwords.encode(operations.read_password("Llansi\u00f4n 1"))
    )
    assert operations.sign_in(person.email, "Llansio\u0302n 1", source=SOMEWHERE, now=NOW)


def test_an_officer_without_an_app_is_sent_a_code(officers_council: Council) -> None:
    person = make_officer(officers_council)
    step = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    assert step and step.factor is Factor.EMAILED_CODE
    operations.give_second_proof(step, read_code(person.email), source=SOMEWHERE, now=NOW)


def test_an_officer_with_an_app_is_asked_for_its_code_and_sent_nothing(officers_council: Council) -> None:
    person = make_officer(officers_council, totp_secret=SECRET)
    step = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    assert step and step.factor is Factor.APP
    assert read_letters(person.email) == []
    operations.give_second_proof(step, code_of(SECRET, step_at(NOW)), source=SOMEWHERE, now=NOW)


def test_a_code_is_no_proof_of_another_sign_in(officers_council: Council) -> None:
    person = make_officer(officers_council)
    first = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    code = read_code(person.email)
    second = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW + STEP).second_step
    assert first and second
    with pytest.raises(operations.WrongCode):
        operations.give_second_proof(second, code, source=SOMEWHERE, now=NOW + STEP)
    operations.give_second_proof(first, code, source=SOMEWHERE, now=NOW + STEP)


def test_an_emailed_code_works_for_a_quarter_of_an_hour_and_once(officers_council: Council) -> None:
    person = make_officer(officers_council)
    step = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    assert step
    code = read_code(person.email)
    with pytest.raises(operations.WrongCode):
        operations.give_second_proof(step, code, source=SOMEWHERE, now=NOW + timedelta(seconds=900))
    operations.give_second_proof(step, code, source=SOMEWHERE, now=NOW + timedelta(seconds=899))
    with pytest.raises(operations.WrongCode):
        operations.give_second_proof(step, code, source=SOMEWHERE, now=NOW + timedelta(seconds=899))


def test_of_many_who_give_an_emailed_code_at_once_one_succeeds(officers_council: Council, at_once) -> None:
    person = make_officer(officers_council)
    step = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    assert step
    code = read_code(person.email)
    came_of_it = at_once(lambda: operations.give_second_proof(step, code, source=SOMEWHERE, now=NOW), 6)
    assert came_of_it.count(None) == 1


def test_of_many_who_give_an_app_code_at_once_one_succeeds(at_once) -> None:
    person = make_known(totp_secret=SECRET)
    step = operations.SecondStep(person.id, Factor.APP, new_id())
    came_of_it = at_once(
        lambda: operations.give_second_proof(step, code_of(SECRET, step_at(NOW)), source=SOMEWHERE, now=NOW), 6
    )
    assert came_of_it.count(None) == 1


def test_an_app_code_and_those_before_it_are_not_accepted_again() -> None:
    person = make_known(totp_secret=SECRET)
    step = operations.SecondStep(person.id, Factor.APP, new_id())
    operations.give_second_proof(step, code_of(SECRET, step_at(NOW)), source=SOMEWHERE, now=NOW)
    for earlier in (0, -1, -4):
        with pytest.raises(operations.WrongCode):
            operations.give_second_proof(step, code_of(SECRET, step_at(NOW) + earlier), source=SOMEWHERE, now=NOW)
    operations.give_second_proof(step, code_of(SECRET, step_at(NOW) + 1), source=SOMEWHERE, now=NOW)


def test_fifty_guesses_at_an_app_code_at_once_are_six(at_once) -> None:
    person = make_known(totp_secret=SECRET)
    step = operations.SecondStep(person.id, Factor.APP, new_id())
    shown = {code_of(SECRET, step_at(NOW) + window) for window in range(-4, 5)}
    wrong = next(code for number in range(100) if (code := f"{number:06}") not in shown)
    came_of_it = at_once(lambda: operations.give_second_proof(step, wrong, source=SOMEWHERE, now=NOW), 50)
    assert sum(isinstance(each, operations.WrongCode) for each in came_of_it) == 6
    with pytest.raises(operations.LockedOut):
        operations.give_second_proof(step, code_of(SECRET, step_at(NOW)), source=SOMEWHERE, now=NOW)


def test_a_locked_second_proof_is_not_opened_by_a_right_password(officers_council: Council) -> None:
    person = make_officer(officers_council, totp_secret=SECRET)
    step = operations.SecondStep(person.id, Factor.APP, new_id())
    for _ in range(6):
        with pytest.raises(operations.WrongCode):
            operations.give_second_proof(step, "no code", source=SOMEWHERE, now=NOW)
    again = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    assert again
    with pytest.raises(operations.LockedOut):
        operations.give_second_proof(again, code_of(SECRET, step_at(NOW)), source=SOMEWHERE, now=NOW)


def test_a_seventh_code_is_not_sent(officers_council: Council) -> None:
    person = make_officer(officers_council)
    step = operations.sign_in(person.email, PASSWORD, source=SOMEWHERE, now=NOW).second_step
    assert step
    for _ in range(5):
        operations.send_code_again(step, source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.LockedOut):
        operations.send_code_again(step, source=SOMEWHERE, now=NOW)
    assert len(read_letters(person.email)) == 6


def test_a_signed_in_person_gives_their_own_password_again() -> None:
    person = make_known()
    operations.confirm_password(person.id, PASSWORD, source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.NotTheirPassword):
        operations.confirm_password(PersonId(person.id), "not this one 1", source=SOMEWHERE, now=NOW)
