from datetime import timedelta

import pytest

from guildhall.identity.domain.tries import Action, limit_on


@pytest.mark.parametrize("action", Action)
def test_six_tries_lock_any_action_for_a_quarter_of_an_hour(action: Action) -> None:
    assert limit_on(action).tries == 6
    assert limit_on(action).locked_for == timedelta(seconds=900)


def test_tries_are_remembered_for_a_quarter_of_an_hour_and_an_hour_while_creating_an_account() -> None:
    remembered = {action: limit_on(action).counted_for.total_seconds() for action in Action}
    at_creation = {Action.GIVE_CREATION_CODE, Action.ASK_FOR_CREATION_CODE}
    assert remembered == {action: 3600 if action in at_creation else 900 for action in Action}
