"""So many tries, however many come at once and against however many they count."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.limits import Against, Counted, Limit
from guildhall.kernel.transactions import transaction
from guildhall.kernel.tries import LockedOut, count_locks, give_back, purge_old_tries, reset_tries, take_tries

NOW = clock.now()
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
SIX = Limit(tries=6, counted_for=QUARTER, locked_for=QUARTER)
TEN_AN_HOUR = Limit(tries=10, counted_for=HOUR)


@pytest.fixture
def account() -> Counted:
    return Counted("guess", Against.THING, f"{new_id()}@example.com", SIX)


@pytest.fixture
def network() -> Counted:
    return Counted("guesses", Against.NETWORK, str(new_id()), TEN_AN_HOUR)


def is_allowed(*counts: Counted, now: datetime = NOW) -> bool:
    try:
        take_tries(*counts, now=now)
    except LockedOut:
        return False
    return True


def allowed(times: int, *counts: Counted, now: datetime = NOW) -> int:
    return sum(is_allowed(*counts, now=now) for _ in range(times))


def at_once(work: Callable[[], object], times: int) -> list[object]:
    def one(_: int) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as workers:
        return list(workers.map(one, range(times)))


def test_the_seventh_try_is_refused_until_the_lock_ends(account: Counted) -> None:
    assert allowed(10, account) == 6
    assert not is_allowed(account, now=NOW + QUARTER - timedelta(seconds=1))
    assert allowed(10, account, now=NOW + QUARTER) == 6


def test_whoever_is_locked_out_hears_how_many_minutes_are_left(account: Counted, network: Counted) -> None:
    allowed(6, account)
    with pytest.raises(LockedOut) as lock:
        take_tries(account, now=NOW + timedelta(minutes=4, seconds=30))
    assert (lock.value.minutes, lock.value.against) == (11, Against.THING)
    allowed(10, network)
    with pytest.raises(LockedOut) as lock:
        take_tries(network, now=NOW)
    assert lock.value.minutes == 60


def test_trying_while_locked_does_not_make_the_lock_longer(account: Counted) -> None:
    allowed(6, account)
    allowed(5, account, now=NOW + timedelta(seconds=890))
    assert is_allowed(account, now=NOW + QUARTER)


def test_a_count_is_forgotten_so_long_after_its_first_try(account: Counted, network: Counted) -> None:
    """Somebody is always trying from a busy network: a count that each try prolonged would never end."""
    assert allowed(5, account) == 5
    assert allowed(10, account, now=NOW + QUARTER) == 6
    for minute in range(60):
        assert minute > 8 or is_allowed(network, now=NOW + timedelta(minutes=minute))
    assert allowed(20, network, now=NOW + HOUR) == 10


def test_a_lock_without_a_length_ends_with_the_count(network: Counted) -> None:
    allowed(9, network)
    assert allowed(5, network, now=NOW + timedelta(minutes=59)) == 1
    assert is_allowed(network, now=NOW + HOUR)


def test_a_limit_of_one_is_one(account: Counted) -> None:
    assert allowed(3, replace(account, limit=replace(SIX, tries=1))) == 1


def test_fifty_guesses_at_once_are_still_six(account: Counted, network: Counted) -> None:
    assert at_once(lambda: is_allowed(account), 50).count(True) == 6
    others = [replace(account, whom=f"{account.whom}{number}") for number in range(30)]
    assert at_once(lambda: is_allowed(others.pop(), network), 30).count(True) == 10


def test_a_try_counts_against_all_or_none(account: Counted, network: Counted) -> None:
    assert allowed(6, account, network) == 6
    assert not is_allowed(account, network)
    assert allowed(10, network) == 4, "what the account refused is not counted against the network"


def test_those_who_share_a_count_never_wait_for_each_other_in_a_circle(network: Counted) -> None:
    """Each holds its counts until its transaction ends; in different orders they would end in a deadlock."""
    many = replace(network, limit=replace(TEN_AN_HOUR, tries=10_000))
    accounts = [Counted("guess", Against.THING, f"{network.whom}{number}", many.limit) for number in range(3)]
    everybody = Counted("emails", Against.EVERYBODY, "", many.limit)

    def try_and_succeed() -> bool:
        for account in accounts:
            take_tries(everybody, many, account, now=NOW)
            with transaction():
                reset_tries(account)
                give_back(many, everybody, now=NOW)
        return True

    assert at_once(try_and_succeed, 20) == [True] * 20


def test_a_right_try_that_is_given_back_does_not_count(account: Counted) -> None:
    for _ in range(20):
        take_tries(account, now=NOW)
        with transaction():
            give_back(account, now=NOW)
    assert allowed(10, account) == 6
    with transaction():
        give_back(account, now=NOW)
    assert is_allowed(account), "the last one locked, and was right"


def test_what_is_given_back_after_the_count_has_ended_is_nothing(account: Counted) -> None:
    allowed(6, account)
    with transaction():
        give_back(account, now=NOW + HOUR)
    assert not is_allowed(account)


def test_showing_who_you_are_unlocks_that_count_only(account: Counted, network: Counted) -> None:
    allowed(6, account)
    allowed(10, network)
    with transaction():
        reset_tries(account)
    assert is_allowed(account)
    assert not is_allowed(network)


def test_one_action_leaves_the_others_and_other_accounts_alone(account: Counted) -> None:
    allowed(6, account)
    assert is_allowed(replace(account, action="another"))
    assert is_allowed(replace(account, whom=f"other-{account.whom}"))


def test_whom_a_count_is_of_is_not_kept(account: Counted) -> None:
    take_tries(account, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM kernel_trycount counted WHERE counted::text LIKE %s", [f"%{account.whom}%"]
        )
        assert cursor.fetchone() == (0,)


def test_the_operator_is_told_once_of_each_lock_and_never_whose_account_it_is(
    account: Counted, network: Counted, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="guildhall.kernel.tries"):
        allowed(9, account)
        allowed(15, network)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert network.whom in caplog.text
    assert account.whom not in caplog.text


def test_locks_are_counted_by_action_while_they_hold(account: Counted) -> None:
    action = f"guess {new_id()}"[:40]
    for number in range(2):
        allowed(6, replace(account, action=action, whom=str(number)))
    assert count_locks(now=NOW)[action] == 2
    assert action not in count_locks(now=NOW + QUARTER)


def test_the_worker_forgets_what_is_over_and_keeps_what_counts(
    account: Counted, network: Counted, as_dispatcher
) -> None:
    allowed(6, account)
    take_tries(network, now=NOW + 5 * HOUR)
    as_dispatcher(lambda: purge_old_tries(now=NOW + 5 * HOUR) or 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM kernel_trycount")
        assert cursor.fetchall() == [("guesses",)]
