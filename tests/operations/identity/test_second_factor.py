import pytest

from guildhall.identity import models, operations, queries
from guildhall.identity.domain.authenticator_app import code_of, step_at
from guildhall.identity.domain.second_factor import Factor
from guildhall.identity.testing import SOMEWHERE, make_person, read_code, read_letters
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id

NOW = clock.now()


def code_shown_by_new_app(person_id: PersonId, *, later: int = 0) -> str:
    secret = queries.find_new_app(person_id)
    assert secret
    return code_of(secret, step_at(NOW) + later)


def test_an_app_counts_from_its_first_right_code() -> None:
    person = make_person()
    operations.begin_app(person.id, now=NOW)
    assert not queries.get_protection(person.id).has_app
    operations.finish_app(person.id, code_shown_by_new_app(person.id), source=SOMEWHERE, now=NOW)
    assert queries.get_protection(person.id).has_app
    assert queries.find_new_app(person.id) is None
    assert [letter.key for letter in read_letters(person.email)] == ["account-app-set-up"]


def test_the_first_code_of_an_app_cannot_be_used_to_sign_in_as_well() -> None:
    person = make_person()
    operations.begin_app(person.id, now=NOW)
    code = code_shown_by_new_app(person.id)
    operations.finish_app(person.id, code, source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.WrongCode):
        operations.give_second_proof(
            operations.SecondStep(person.id, Factor.APP, new_id()), code, source=SOMEWHERE, now=NOW
        )


def test_an_earlier_app_goes_on_until_the_new_one_is_confirmed() -> None:
    person = make_person()
    operations.begin_app(person.id, now=NOW)
    old = queries.find_new_app(person.id)
    assert old
    operations.finish_app(person.id, code_of(old, step_at(NOW)), source=SOMEWHERE, now=NOW)
    step = operations.SecondStep(person.id, Factor.APP, new_id())

    operations.begin_app(person.id, now=NOW)
    operations.give_second_proof(step, code_of(old, step_at(NOW) + 1), source=SOMEWHERE, now=NOW)

    operations.finish_app(person.id, code_shown_by_new_app(person.id), source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.WrongCode):
        operations.give_second_proof(step, code_of(old, step_at(NOW) + 2), source=SOMEWHERE, now=NOW)
    assert models.AuthenticatorApp.objects.filter(person_id=person.id).count() == 1


def test_a_wrong_first_code_sets_nothing_up() -> None:
    person = make_person()
    operations.begin_app(person.id, now=NOW)
    with pytest.raises(operations.WrongCode):
        operations.finish_app(person.id, "no code", source=SOMEWHERE, now=NOW)
    assert not queries.get_protection(person.id).has_app


def test_of_many_who_confirm_an_app_at_once_one_succeeds(at_once) -> None:
    person = make_person()
    operations.begin_app(person.id, now=NOW)
    code = code_shown_by_new_app(person.id)
    came_of_it = at_once(lambda: operations.finish_app(person.id, code, source=SOMEWHERE, now=NOW), 5)
    assert came_of_it.count(None) == 1
    assert len(read_letters(person.email)) == 1


def test_emailed_codes_are_asked_for_once_one_has_arrived() -> None:
    person = make_person()
    journey = operations.begin_emailed_codes(person.id, source=SOMEWHERE, now=NOW)
    assert not queries.get_protection(person.id).uses_emailed_codes
    operations.finish_emailed_codes(person.id, journey, read_code(person.email), source=SOMEWHERE, now=NOW)
    assert queries.get_protection(person.id).uses_emailed_codes


def test_a_code_for_setting_up_is_no_code_for_signing_in() -> None:
    person = make_person()
    journey = operations.begin_emailed_codes(person.id, source=SOMEWHERE, now=NOW)
    with pytest.raises(operations.WrongCode):
        operations.give_second_proof(
            operations.SecondStep(person.id, Factor.EMAILED_CODE, journey),
            read_code(person.email),
            source=SOMEWHERE,
            now=NOW,
        )
