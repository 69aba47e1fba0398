"""States of the pay contract, section 4 (alphagov/pay-connector, payment state graph)."""

from itertools import product

import pytest
from tests.contracts import rows

from guildhall.pay.domain.ending import EndedBy, NotCancellable, StillAsking, end_of
from guildhall.pay.domain.states import STEPS, IllegalStep, State, Status, event_of, standing


def test_there_are_102_legal_steps_between_39_states() -> None:
    assert len(STEPS) == 102
    assert {state for step in STEPS for state in step} == set(State)
    assert len(State) == 39


def test_every_other_step_is_refused() -> None:
    refused = 0
    for before, after in product(State, State):
        if (before, after) not in STEPS:
            with pytest.raises(IllegalStep):
                event_of(before, after)
            refused += 1
    assert refused == 39 * 39 - 102


def test_a_step_may_be_an_event_or_an_internal_matter() -> None:
    assert event_of(State.CREATED, State.ENTERING_CARD_DETAILS) == "PaymentStarted"
    assert event_of(State.CAPTURE_APPROVED, State.CAPTURE_READY) == ""


def test_our_copy_of_the_steps_says_what_its_source_says() -> None:
    source = rows("pay/connector_state_transitions.csv")
    assert {(row["from"], row["to"]): row["event"].replace("-", "") for row in source} == STEPS


STANDINGS = rows("pay/external_states.csv")


def test_the_contracts_table_knows_every_state_once() -> None:
    assert sorted(row["state"] for row in STANDINGS) == sorted(State)


@pytest.mark.parametrize("row", STANDINGS, ids=lambda row: row["state"])
def test_a_service_is_told_what_the_contracts_table_says(row: dict[str, str]) -> None:
    told = standing(State(row["state"]))
    assert (told.status.value, told.is_finished, told.code or "", told.message or "") == (
        row["status"],
        row["finished"] == "yes",
        row["code"],
        row["message"],
    )
    assert told.has_failed == (row["status"] in {"failed", "cancelled", "error"})


def test_every_state_has_a_standing_and_only_those_that_are_over_are_finished() -> None:
    unfinished = {Status.CREATED, Status.STARTED, Status.SUBMITTED, Status.CAPTURABLE}
    for state in State:
        assert standing(state).is_finished == (standing(state).status not in unfinished)


def test_money_that_was_taken_may_still_turn_out_to_be_an_error_and_nothing_else() -> None:
    ends = {after for before, after in STEPS if standing(before).status is Status.SUCCESS}
    assert {standing(state).status for state in ends} == {Status.SUCCESS, Status.ERROR}


@pytest.mark.parametrize("by", EndedBy)
def test_a_payment_can_be_ended_only_by_legal_steps(by: EndedBy) -> None:
    for state in State:
        try:
            assert (state, end_of(state, by)) in STEPS
        except (NotCancellable, StillAsking):
            assert standing(state).is_finished or state not in (State.CREATED, State.ENTERING_CARD_DETAILS)


def test_a_payment_whose_card_is_being_authorised_waits_for_the_answer() -> None:
    for by in EndedBy:
        with pytest.raises(StillAsking):
            end_of(State.AUTHORISATION_READY, by)


def test_the_payer_cannot_cancel_what_waits_for_the_service() -> None:
    with pytest.raises(NotCancellable):
        end_of(State.AWAITING_CAPTURE_REQUEST, EndedBy.PAYER)
    assert end_of(State.AWAITING_CAPTURE_REQUEST, EndedBy.SERVICE) is State.SYSTEM_CANCEL_READY
