"""Which provider is asked, and when one is left alone for a while."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from guildhall.notify.domain.delivery import BETWEEN_TRIES, WAITED_FOR, Status, while_nobody_can_be_asked
from guildhall.notify.domain.failover import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    WELL,
    Health,
    after_hand_over,
    next_probe_at,
    order_of_choice,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ASIDE = Health(pauses=1, set_aside_until=NOW + timedelta(seconds=5))


@dataclass(frozen=True)
class Account:
    name: str
    priority: int = 10
    weight: int = 1
    health: Health = WELL


def fail(health: Health, messages: int = 1, *, after: float = 0, taken: int = 0, is_probe: bool = False) -> Health:
    at = NOW + timedelta(seconds=after)
    return after_hand_over(health, taken=taken, not_taken=messages, is_probe=is_probe, now=at)


def chosen(*accounts: Account, now: datetime = NOW, draw: float = 0.5) -> str:
    return "".join(each.name for each in order_of_choice(accounts, now=now, draw=lambda: draw))


def test_more_than_fifty_messages_not_taken_within_a_minute_set_a_provider_aside() -> None:
    assert fail(WELL, 50, taken=1).is_well
    assert fail(WELL, 51, taken=1).set_aside_until == NOW + FIRST_PAUSE
    assert not fail(fail(WELL, 30, taken=1), 21, taken=1, after=59).is_well
    assert fail(fail(WELL, 30, taken=1), 21, taken=1, after=60).is_well


def test_three_hand_overs_in_a_row_set_a_provider_aside_however_far_apart() -> None:
    twice = fail(fail(WELL), after=4000)
    assert twice.is_well
    assert not fail(twice, after=8000).is_well


def test_hand_overs_of_which_a_part_is_taken_are_not_counted_in_a_row() -> None:
    health = fail(fail(fail(WELL, 10), 10), 10, taken=1)
    assert (health.is_well, fail(fail(health)).is_well) == (True, True)


def test_one_that_works_in_between_starts_the_count_anew() -> None:
    health = fail(fail(WELL))
    health = after_hand_over(health, taken=1, not_taken=0, is_probe=False, now=NOW)
    assert fail(fail(health)).is_well


def test_the_pause_grows_with_every_probe_that_fails_up_to_five_minutes() -> None:
    pauses, health, at = [], ASIDE, 5.0
    for _ in range(9):
        health = fail(health, is_probe=True, after=at)
        assert health.set_aside_until is not None
        pauses.append((health.set_aside_until - NOW).total_seconds() - at)
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300, 300]
    assert LONGEST_PAUSE.total_seconds() == 300


def test_a_probe_that_works_makes_a_provider_well() -> None:
    assert after_hand_over(ASIDE, taken=1, not_taken=4, is_probe=True, now=NOW) == WELL


@pytest.mark.parametrize(("taken", "not_taken"), [(200, 0), (0, 200)])
def test_what_was_under_way_when_a_provider_was_set_aside_changes_nothing(taken: int, not_taken: int) -> None:
    assert after_hand_over(ASIDE, taken=taken, not_taken=not_taken, is_probe=False, now=NOW) == ASIDE


def test_the_lowest_priority_number_is_asked_first_and_the_others_after_it() -> None:
    assert chosen(Account("b", 20), Account("a", 10), Account("c", 30)) == "abc"


def test_a_provider_within_its_pause_is_not_asked() -> None:
    assert chosen(Account("a", 10, health=ASIDE), Account("b", 20)) == "b"


def test_a_provider_whose_pause_is_over_is_probed_before_those_behind_it() -> None:
    later = NOW + timedelta(seconds=5)
    assert chosen(Account("a", 10, health=ASIDE), Account("b", 20), now=later) == "ab"
    assert chosen(Account("a", 10), Account("b", 20, health=ASIDE), now=later) == "a"
    assert chosen(Account("b", 20, health=ASIDE), now=later) == "b"


def test_equal_priorities_share_by_their_weights() -> None:
    chance = Random(7)
    accounts = [Account("a", weight=3), Account("b", weight=1)]
    first = Counter(order_of_choice(accounts, now=NOW, draw=chance.random)[0].name for _ in range(4000))
    assert first["a"] == pytest.approx(3000, rel=0.05)


def test_the_next_probe_is_that_of_the_account_whose_pause_ends_first() -> None:
    other = Account("b", health=Health(pauses=3, set_aside_until=NOW + timedelta(seconds=1)))
    assert next_probe_at([Account("a", health=ASIDE), other]) == NOW + timedelta(seconds=1)
    assert next_probe_at([Account("a")]) is None


def test_an_outage_of_all_providers_costs_no_tries_and_ends_after_three_days() -> None:
    soon = while_nobody_can_be_asked(waited=timedelta(hours=71), next_probe_in=timedelta(seconds=40))
    assert (soon.status, soon.wait) == (Status.CREATED, timedelta(seconds=40))
    assert while_nobody_can_be_asked(waited=timedelta(0), next_probe_in=None).wait == BETWEEN_TRIES
    given_up = while_nobody_can_be_asked(waited=WAITED_FOR, next_probe_in=None)
    assert (given_up.status, given_up.wait) == (Status.TECHNICAL_FAILURE, None)


def test_an_account_set_aside_is_probed_although_another_of_the_same_priority_is_well() -> None:
    due = Health(pauses=1, set_aside_until=NOW)
    assert chosen(Account("a", health=due), Account("b")) == "ab"
    assert chosen(Account("a", 20, health=due), Account("b")) == "b"
