"""Codes of six digits are guessed at: all at once, over and over, from many sessions and at many accounts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations
from guildhall.identity.domain.code import HOW_MANY, write_code
from guildhall.identity.domain.second_factor import Factor
from guildhall.identity.domain.source import Source
from guildhall.identity.operations import SecondStep
from guildhall.identity.queries import PersonView
from guildhall.identity.testing import SOMEWHERE, make_person, read_code
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.networks import Network

NOW = clock.now()
MINUTE = timedelta(minutes=1)


def begin(person: PersonView, *, now: datetime = NOW) -> SecondStep:
    """Be asked for an emailed code, as after a right password."""
    step = SecondStep(person.id, Factor.EMAILED_CODE, new_id())
    operations.send_code_again(step, source=SOMEWHERE, now=now)
    return step


def wrong_codes(person: PersonView) -> Callable[[], str]:
    """Return what goes through the codes in turn, as a program would, and leaves out the right one."""
    right = {read_code(person.email)}
    codes = (code for number in range(HOW_MANY) if (code := write_code(number)) not in right)
    return lambda: next(codes)


def came_of(guess: Callable[[], object]) -> str:
    try:
        guess()
    except (operations.WrongCode, operations.LockedOut) as refusal:
        return type(refusal).__name__
    return "in"


def give(step: SecondStep, code: str, *, source: Source = SOMEWHERE, now: datetime = NOW) -> str:
    return came_of(lambda: operations.give_second_proof(step, code, source=source, now=now))


def test_sixty_different_guesses_at_once_are_six(at_once) -> None:
    person = make_person()
    step, wrong = begin(person), wrong_codes(person)
    guesses = [wrong() for _ in range(60)]
    answers = at_once(lambda: give(step, guesses.pop()), 60)
    assert (answers.count("WrongCode"), answers.count("LockedOut")) == (6, 54)
    assert give(step, read_code(person.email)) == "LockedOut", "the right one too"


def test_a_code_asked_for_again_brings_no_new_guesses() -> None:
    person = make_person()
    step, answers = begin(person), []
    for _ in range(5):
        answers += [give(step, wrong_codes(person)()) for _ in range(2)]
        operations.send_code_again(step, source=SOMEWHERE, now=NOW)
    assert answers == ["WrongCode"] * 6 + ["LockedOut"] * 4
    assert give(step, read_code(person.email)) == "LockedOut"


def test_many_sessions_and_networks_share_the_guesses_at_one_account() -> None:
    person = make_person()
    steps = [begin(person) for _ in range(4)]
    wrong = wrong_codes(person)
    networks = [Source(Network(f"198.51.100.{number}")) for number in range(8)]
    answers = [give(steps[number % 4], wrong(), source=source) for number, source in enumerate(networks)]
    assert answers == ["WrongCode"] * 6 + ["LockedOut"] * 2


def test_codes_for_another_purpose_are_guesses_at_the_same_account() -> None:
    person = make_person()
    journey, step = operations.begin_emailed_codes(person.id, source=SOMEWHERE, now=NOW), begin(person)
    wrong = wrong_codes(person)

    def set_up() -> str:
        return came_of(lambda: operations.finish_emailed_codes(person.id, journey, wrong(), source=SOMEWHERE, now=NOW))

    assert [set_up() for _ in range(3)] + [give(step, wrong()) for _ in range(4)] == ["WrongCode"] * 6 + ["LockedOut"]
    assert set_up() == "LockedOut"


def test_a_code_of_one_account_or_session_is_nothing_at_another() -> None:
    mine, theirs = make_person(), make_person()
    my_step, their_step = begin(mine), begin(theirs)
    my_code = read_code(mine.email)
    assert give(their_step, my_code) == "WrongCode"
    crossed = SecondStep(theirs.id, Factor.EMAILED_CODE, their_step.journey)
    assert give(crossed, my_code) == "WrongCode"
    assert give(begin(mine), my_code) == "WrongCode", "an earlier session's"
    assert give(my_step, my_code) == "in"
    assert give(my_step, my_code) == "WrongCode", "used"


def test_guessing_at_one_account_takes_nothing_from_the_next() -> None:
    victim, bystander = make_person(), make_person()
    step, other_step = begin(victim), begin(bystander)
    wrong = wrong_codes(victim)
    assert [give(step, wrong()) for _ in range(7)] == ["WrongCode"] * 6 + ["LockedOut"]
    assert give(other_step, read_code(bystander.email)) == "in"


@pytest.mark.parametrize("pause", [timedelta(seconds=20), MINUTE, 3 * MINUTE])
def test_a_code_is_guessed_at_six_times_in_its_life_however_patiently(pause: timedelta) -> None:
    person = make_person()
    step, wrong = begin(person), wrong_codes(person)
    looked_at, at = 0, NOW
    while at < NOW + 15 * MINUTE:
        looked_at += give(step, wrong(), now=at) == "WrongCode"
        at += pause
    assert looked_at <= 6
    assert give(step, read_code(person.email), now=NOW + 15 * MINUTE) != "in"


def register(email: EmailAddress) -> UUID:
    wanted = operations.NewAccount(email, "Mair", operations.read_password("correct horse 7"), "en")
    return operations.begin_registration(wanted, source=SOMEWHERE, now=NOW)


def test_a_code_for_a_new_account_works_for_six_guesses_although_it_works_for_an_hour() -> None:
    """Whoever registers somebody else's address guesses at an account that its owner does not know of."""
    email = EmailAddress(f"{new_id()}@example.com")
    journey = register(email)
    right = read_code(email)
    wrong = write_code((int(right) + 1) % HOW_MANY)

    def finish(code: str, later: timedelta) -> str:
        return came_of(lambda: operations.finish_registration(journey, code, source=SOMEWHERE, now=NOW + later))

    answers = [finish(wrong, timedelta()) for _ in range(7)]
    assert answers == ["WrongCode"] * 6 + ["LockedOut"]
    assert finish(right, 20 * MINUTE) == "WrongCode"
    operations.send_creation_code_again(journey, source=SOMEWHERE, now=NOW + 20 * MINUTE)
    assert finish(read_code(email), 20 * MINUTE) == "in"


def test_the_sixth_guess_may_be_the_right_one() -> None:
    email = EmailAddress(f"{new_id()}@example.com")
    journey, right = register(email), read_code(email)
    wrong = write_code((int(right) + 1) % HOW_MANY)
    guesses = [*[wrong] * 5, right]
    answers = [
        came_of(lambda code=code: operations.finish_registration(journey, code, source=SOMEWHERE, now=NOW))
        for code in guesses
    ]
    assert answers == ["WrongCode"] * 5 + ["in"]
