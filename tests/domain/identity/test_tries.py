from datetime import timedelta

import pytest

from guildhall.identity.domain.tries import (
    ANYBODY_MAY_ASK,
    Action,
    NetworkAction,
    limit_on,
    limit_on_network,
    network_action_for,
)


@pytest.mark.parametrize("action", Action)
def test_six_tries_lock_any_action_for_a_quarter_of_an_hour(action: Action) -> None:
    assert limit_on(action).tries == 6
    assert limit_on(action).locked_for == timedelta(seconds=900)


def test_tries_are_remembered_for_a_quarter_of_an_hour_and_an_hour_while_creating_an_account() -> None:
    remembered = {action: limit_on(action).counted_for.total_seconds() for action in Action}
    at_creation = {Action.GIVE_CREATION_CODE, Action.ASK_FOR_CREATION_CODE}
    assert remembered == {action: 3600 if action in at_creation else 900 for action in Action}


def test_a_network_asks_for_a_hundred_emails_of_each_kind_an_hour_and_is_wrong_two_hundred_times_a_quarter() -> None:
    counted: dict[NetworkAction, set[Action]] = {}
    for action in Action:
        counted.setdefault(network_action_for(action), set()).add(action)
    limits = {action: (limit.tries, limit.counted_for) for action in counted for limit in [limit_on_network(action)]}
    asked_for = [(limits[action], asked) for action, asked in counted.items() if asked & ANYBODY_MAY_ASK]
    assert asked_for == [((100, timedelta(hours=1)), {action}) for action in Action if action in ANYBODY_MAY_ASK]
    assert counted[NetworkAction.PROVE] == {action for action in Action if action.startswith("give")}
    assert limits[NetworkAction.PROVE] == (200, timedelta(minutes=15))
