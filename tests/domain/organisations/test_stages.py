"""What moves a council on, and what does not: each act from each stage."""

from collections.abc import Callable

import pytest

from guildhall.organisations.domain.stages import (
    CouncilIsOpen,
    NotBeingSetUp,
    NothingToTakeOff,
    NotTakenOff,
    Stage,
    after_accepting,
    after_inviting,
    after_opening,
    after_putting_back,
    after_sending_away,
    after_taking_off,
    after_withdrawing,
)

LISTED, INVITED, SETTING_UP, OPEN, TAKEN_OFF = Stage


def from_each(act: Callable[[Stage], Stage]) -> list[Stage | type[Exception]]:
    """Where an act leads from each stage, or how it is refused."""
    found: list[Stage | type[Exception]] = []
    for stage in Stage:
        try:
            found.append(act(stage))
        except Exception as refusal:
            found.append(type(refusal))
    return found


def test_no_act_but_opening_and_putting_back_makes_a_council_public() -> None:
    acts = [after_inviting, after_accepting, after_taking_off, after_sending_away]
    acts += [lambda stage, still=still: after_withdrawing(stage, still_invited=still) for still in (True, False)]
    for act in acts:
        assert OPEN not in from_each(act)[:3] + from_each(act)[4:]


def test_an_invitation_is_noted_and_opens_nothing() -> None:
    assert from_each(after_inviting) == [INVITED, INVITED, SETTING_UP, OPEN, TAKEN_OFF]


def test_a_council_whose_last_invitation_is_withdrawn_is_only_listed_again() -> None:
    assert after_withdrawing(INVITED, still_invited=False) is LISTED
    assert after_withdrawing(INVITED, still_invited=True) is INVITED
    assert after_withdrawing(SETTING_UP, still_invited=False) is SETTING_UP


def test_whoever_accepts_sets_the_council_up() -> None:
    assert from_each(after_accepting) == [LISTED, SETTING_UP, SETTING_UP, OPEN, TAKEN_OFF]


def test_only_a_council_that_is_being_set_up_is_opened() -> None:
    assert from_each(after_opening) == [NotBeingSetUp, NotBeingSetUp, OPEN, OPEN, NotBeingSetUp]


def test_a_council_with_a_team_can_be_taken_off() -> None:
    assert from_each(after_taking_off) == [NothingToTakeOff, NothingToTakeOff, TAKEN_OFF, TAKEN_OFF, TAKEN_OFF]


@pytest.mark.parametrize(
    ("was_open", "keeps_owner", "back_to"),
    [(True, True, OPEN), (True, False, SETTING_UP), (False, True, SETTING_UP), (False, False, SETTING_UP)],
)
def test_a_council_is_put_back_where_it_was_unless_its_owners_are_gone(
    was_open: bool, keeps_owner: bool, back_to: Stage
) -> None:
    found = from_each(lambda stage: after_putting_back(stage, was_open=was_open, keeps_owner=keeps_owner))
    assert found == [NotTakenOff] * 4 + [back_to]


def test_the_team_of_an_open_council_is_not_sent_away() -> None:
    assert from_each(after_sending_away) == [LISTED, LISTED, LISTED, CouncilIsOpen, TAKEN_OFF]
