from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from guildhall.contact.email_address import EmailAddress
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations.tries import LockedOut, forget_tries, take_a_try
from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction

NOW = clock.now()
QUARTER_OF_AN_HOUR = timedelta(seconds=900)


@pytest.fixture
def account() -> EmailAddress:
    return EmailAddress(f"{new_id()}@example.com")


def tries_allowed(account: EmailAddress, action: Action, times: int, *, now: datetime = NOW) -> int:
    return sum(is_allowed(account, action, now=now) for _ in range(times))


def is_allowed(account: EmailAddress, action: Action, *, now: datetime = NOW) -> bool:
    try:
        take_a_try(account, action, now=now)
    except LockedOut:
        return False
    return True


def test_the_seventh_try_is_refused_for_a_quarter_of_an_hour(account: EmailAddress) -> None:
    assert tries_allowed(account, Action.GIVE_PASSWORD, 10) == 6
    almost = NOW + QUARTER_OF_AN_HOUR - timedelta(seconds=1)
    assert not is_allowed(account, Action.GIVE_PASSWORD, now=almost)
    assert tries_allowed(account, Action.GIVE_PASSWORD, 10, now=NOW + QUARTER_OF_AN_HOUR) == 6


def test_trying_while_locked_does_not_make_the_lock_longer(account: EmailAddress) -> None:
    tries_allowed(account, Action.GIVE_PASSWORD, 6)
    tries_allowed(account, Action.GIVE_PASSWORD, 5, now=NOW + timedelta(seconds=890))
    assert is_allowed(account, Action.GIVE_PASSWORD, now=NOW + QUARTER_OF_AN_HOUR)


def test_fifty_guesses_at_once_are_still_six(account: EmailAddress) -> None:
    def guess(_: int) -> bool:
        try:
            return is_allowed(account, Action.GIVE_APP_CODE)
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as guessers:
        assert sum(guessers.map(guess, range(50))) == 6


def test_the_count_is_forgotten_a_quarter_of_an_hour_after_the_last_try(account: EmailAddress) -> None:
    assert tries_allowed(account, Action.GIVE_PASSWORD, 5) == 5
    assert tries_allowed(account, Action.GIVE_PASSWORD, 10, now=NOW + QUARTER_OF_AN_HOUR) == 6


def test_while_creating_an_account_the_count_is_kept_for_an_hour(account: EmailAddress) -> None:
    assert tries_allowed(account, Action.GIVE_CREATION_CODE, 5) == 5
    assert tries_allowed(account, Action.GIVE_CREATION_CODE, 5, now=NOW + timedelta(seconds=3599)) == 1


def test_one_locked_action_leaves_the_others_and_other_accounts_alone(account: EmailAddress) -> None:
    tries_allowed(account, Action.GIVE_PASSWORD, 6)
    assert is_allowed(account, Action.GIVE_APP_CODE)
    assert is_allowed(EmailAddress("other-" + account), Action.GIVE_PASSWORD)


def test_showing_who_you_are_unlocks_that_action(account: EmailAddress) -> None:
    tries_allowed(account, Action.GIVE_PASSWORD, 6)
    tries_allowed(account, Action.GIVE_APP_CODE, 6)
    with transaction():
        forget_tries(account, Action.GIVE_PASSWORD)
    assert is_allowed(account, Action.GIVE_PASSWORD)
    assert not is_allowed(account, Action.GIVE_APP_CODE)


def test_the_addresses_that_are_guessed_at_are_not_kept(account: EmailAddress) -> None:
    take_a_try(account, Action.GIVE_PASSWORD, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_trycounter counter WHERE counter::text LIKE %s", [f"%{account}%"])
        assert cursor.fetchone() == (0,)
