"""A workflow is data: what it may say, and what it decides."""

import copy
from typing import Any

import pytest

from guildhall.services.cases.domain import workflow as rules
from guildhall.services.cases.domain import workflows
from guildhall.services.tracking.domain.statuses import PublicStatus, what_happened, what_happens_next


def document() -> dict[str, Any]:
    return copy.deepcopy(rules.to_document(workflows.named("bulky-waste")))


def problems_of(wrong: object) -> tuple[str, ...]:
    with pytest.raises(rules.WorkflowInvalid) as refused:
        rules.parse(wrong)
    return refused.value.problems


def action_called(code: str, of: dict[str, Any]) -> dict[str, Any]:
    return next(action for action in of["actions"] if action["action"] == code)


def test_bulky_waste_has_five_states_from_received_to_done_or_closed():
    bulky = workflows.named("bulky-waste")
    assert [state.public_status.value for state in bulky.states] == [
        "received",
        "checking",
        "scheduled",
        "done",
        "closed_not_done",
    ]


@pytest.mark.parametrize("name", workflows.NAMES)
def test_a_workflow_written_out_reads_back_to_the_same(name: str):
    workflow = workflows.named(name)
    assert rules.parse(rules.to_document(workflow)) == workflow


@pytest.mark.parametrize("name", workflows.NAMES)
def test_the_workflows_that_come_with_guildhall_speak_english_and_welsh(name: str):
    workflow = workflows.named(name)
    texts = [state.name for state in workflow.states] + [state.what_happens_next for state in workflow.states]
    texts += [action.name for action in workflow.actions] + [action.words for action in workflow.actions]
    assert all(text.is_in_both for text in texts)


def test_an_unknown_workflow_is_refused_with_the_names_there_are():
    with pytest.raises(workflows.UnknownWorkflow, match="bulky-waste, grant"):
        workflows.named("missed-bin")


def test_a_caseworker_is_offered_what_the_state_allows_in_the_workflows_order():
    open_to = workflows.named("bulky-waste").actions_open_to("received", ["caseworker"])
    assert [action.action for action in open_to] == ["check", "schedule", "close"]


def test_somebody_who_only_looks_is_offered_nothing():
    assert workflows.named("bulky-waste").actions_open_to("received", ["auditor", "finance_viewer"]) == ()


def test_an_action_leads_to_its_next_state():
    assert workflows.named("bulky-waste").next_state("received", "check", ["caseworker"]).state == "checking"


def test_an_action_of_another_state_is_not_possible():
    with pytest.raises(rules.ActionNotPossible):
        workflows.named("bulky-waste").next_state("received", "collected", ["caseworker"])


def test_an_action_that_the_workflow_does_not_have_is_not_possible():
    with pytest.raises(rules.ActionNotPossible):
        workflows.named("bulky-waste").next_state("received", "burn", ["caseworker"])


def test_an_action_for_another_role_is_refused():
    with pytest.raises(rules.ActionNotOpen):
        workflows.named("bulky-waste").next_state("closed", "reopen", ["caseworker"])


def test_a_workflow_without_words_of_its_own_speaks_with_the_words_of_the_public_status():
    plain = document()
    for state in plain["states"]:
        del state["what_happens_next"]
    for action in plain["actions"]:
        del action["words"]
    workflow = rules.parse(plain)
    assert workflow.state("checking").what_happens_next == what_happens_next(PublicStatus.CHECKING)
    assert workflow.action("check").words == what_happened(PublicStatus.CHECKING)


def test_every_problem_is_reported_not_only_the_first():
    wrong = document()
    wrong["states"][0]["public_status"] = "lost"
    wrong["actions"][0]["next_state"] = "nowhere"
    wrong["actions"][1]["roles"] = []
    wrong["colour"] = "blue"
    assert problems_of(wrong) == (
        "The workflow has “colour”, which means nothing here.",
        "State 1: public_status must be one of received, checking, need_something_from_you, "
        "with_another_organisation, scheduled, done, closed_not_done.",
        "Action 1: next_state is “nowhere”, which is none of the states.",
        "Action 2: roles must list at least one role that works on cases.",
    )


@pytest.mark.parametrize("wrong", [None, [], "bulky-waste", 7])
def test_what_is_no_object_is_no_workflow(wrong: object):
    assert problems_of(wrong) == ("A workflow must be an object with name, first_state, states and actions.",)


def test_an_empty_object_is_told_everything_that_is_missing():
    assert problems_of({}) == (
        "states must be a list with at least one object.",
        "The workflow: first_state must be a short code of small letters, digits, - and _.",
        "actions must be a list with at least one object.",
        "The workflow: name must be a short code of small letters, digits, - and _.",
    )


def test_a_first_state_must_be_a_state():
    wrong = document()
    wrong["first_state"] = "begun"
    assert problems_of(wrong) == ("first_state is “begun”, which is none of the states.",)


@pytest.mark.parametrize("role", ["auditor", "finance_viewer", "mayor", 3, None])
def test_only_roles_that_work_on_cases_may_act(role: object):
    wrong = document()
    wrong["actions"][0]["roles"] = [role]
    assert problems_of(wrong) == (f"Action 1: roles names “{role}”, which is no role that works on cases.",)


def test_an_action_from_a_state_that_is_none_is_a_problem():
    wrong = document()
    wrong["actions"][0]["from"] = ["received", "dreamt"]
    assert problems_of(wrong) == ("Action 1: from names “dreamt”, which is no state of this workflow.",)


@pytest.mark.parametrize(("language", "called"), [("en", "English"), ("cy", "Welsh")])
def test_words_must_be_in_both_languages(language: str, called: str):
    wrong = document()
    wrong["states"][2]["name"][language] = " "
    assert problems_of(wrong) == (f"State 3: name has no {called}.",)


def test_a_state_called_twice_is_a_problem():
    wrong = document()
    wrong["states"].append(dict(wrong["states"][0]))
    assert "There is more than one state called “received”." in problems_of(wrong)


def test_an_action_called_twice_is_a_problem():
    wrong = document()
    wrong["actions"].append(dict(wrong["actions"][0]))
    assert problems_of(wrong) == ("There is more than one action called “check”.",)


def test_closing_without_doing_must_tell_the_resident_why():
    wrong = document()
    action_called("close", wrong)["needs_note"] = False
    assert problems_of(wrong) == ("Action 5: it closes without doing, so the resident must be told why (needs_note).",)


def test_a_change_the_resident_sees_is_never_silent():
    wrong = document()
    action_called("check", wrong)["notify"] = False
    assert problems_of(wrong) == ("Action 1: it changes what the resident sees, so they must be told (notify).",)


def test_a_step_the_resident_does_not_see_may_be_silent():
    workflow = document()
    workflow["states"].append(
        {"state": "second-check", "public_status": "checking", "name": {"en": "Second check", "cy": "Ail wiriad"}}
    )
    workflow["actions"] += [
        {
            "action": "second-check",
            "name": {"en": "Ask for a second check", "cy": "Gofyn am ail wiriad"},
            "from": ["checking"],
            "next_state": "second-check",
            "roles": ["caseworker"],
        },
        {**action_called("check", workflow), "action": "checked", "from": ["second-check"], "notify": False},
    ]
    assert rules.parse(workflow).action("second-check").notify is False


def test_a_state_no_action_leads_to_is_a_problem():
    wrong = document()
    wrong["states"].append({**wrong["states"][1], "state": "island"})
    assert problems_of(wrong) == (
        "No action leads to “island”.",
        "A case that is “island” could never be finished: no action leads away.",
    )


def test_a_case_must_be_able_to_leave_every_state_in_which_the_council_has_not_finished():
    wrong = document()
    for action in wrong["actions"]:
        action["from"] = [code for code in action["from"] if code != "scheduled"] or ["checking"]
    assert problems_of(wrong) == ("A case that is “scheduled” could never be finished: no action leads away.",)


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_needs_note_is_true_or_false_and_nothing_else(value: object):
    wrong = document()
    wrong["actions"][0]["needs_note"] = value
    assert problems_of(wrong) == ("Action 1: needs_note must be true or false.",)


@pytest.mark.parametrize("code", ["Received", "re ceived", "", "x" * 61, "naïve", 4, None])
def test_a_code_is_short_and_plain(code: object):
    wrong = document()
    wrong["name"] = code
    assert problems_of(wrong) == ("The workflow: name must be a short code of small letters, digits, - and _.",)
