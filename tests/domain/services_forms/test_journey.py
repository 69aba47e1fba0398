"""Answers make a way through a form; what lies beside the way decides nothing."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.services.forms.domain.fees import amount_due, charges
from guildhall.services.forms.domain.journey import email_of, lines, name_of, walk
from guildhall.services.forms.domain.parsing import parse
from guildhall.services.forms.testing import asked, both, form, options, page

BULKY = parse(json.loads((files("guildhall.services.forms") / "data" / "bulky-waste.json").read_text("utf-8")))
ANSWERS: dict[str, Any] = {
    "is-from-a-home": "yes",
    "kinds-of-items": ["furniture"],
    "number-of-items": "3",
    "description": "a sofa",
    "gets-a-benefit": "no",
    "address": {"address1": "1 High Street", "town_or_city": "Wrexham", "postcode": "LL11 1AY"},
    "preferred-day": "2026-12-01",
    "name": {"full_name": "Siân Owen"},
    "email": "sian@example.com",
    "phone": None,
}
IF_YES = {"q": "a", "op": "is", "value": "yes"}


def slugs(answers: dict[str, Any]) -> list[str]:
    return [page.slug for page in walk(BULKY, answers).pages]


def test_a_journey_waits_at_the_first_question_without_an_answer() -> None:
    waiting = walk(BULKY, {"is-from-a-home": "yes"}).waiting
    assert waiting is not None
    assert waiting.slug == "what-do-you-want-collected"


def test_a_page_whose_condition_does_not_hold_is_skipped() -> None:
    assert "is-it-empty" not in slugs(ANSWERS)
    assert "is-it-empty" in slugs(ANSWERS | {"kinds-of-items": ["cold"]})


def test_an_optional_question_left_empty_has_been_answered() -> None:
    assert walk(BULKY, ANSWERS).is_complete
    assert not walk(BULKY, {key: value for key, value in ANSWERS.items() if key != "phone"}).is_complete


def test_somebody_whom_a_form_is_not_for_leaves_at_once() -> None:
    journey = walk(BULKY, ANSWERS | {"is-from-a-home": "no"})
    assert journey.leaves_by is not None
    assert journey.leaves_by.id == "businesses"
    assert len(journey.pages) == 1
    assert not journey.is_complete


def test_answers_off_the_path_are_not_submitted_and_decide_nothing() -> None:
    branching = form(
        page(asked("a", "yes_no")),
        page(asked("b", "yes_no"), show_if=IF_YES),
        page(asked("c", "email"), show_if={"q": "b", "op": "is", "value": "yes"}),
        page(asked("d", "email")),
    )
    journey = walk(branching, {"a": "no", "b": "yes", "c": "c@example.com", "d": "d@example.com"})
    assert dict(journey.answers) == {"a": "no", "d": "d@example.com"}


def test_the_first_route_that_holds_is_taken_wherever_the_plain_one_stands() -> None:
    # XGovFormBuilder/digital-form-builder: an entry without a condition is what is left when no other holds.
    routed = form(
        page(asked("a", "yes_no"), next=[{"end": True}, {"if": IF_YES, "page": "page-c"}]),
        page(asked("b", "text")),
        page(asked("c", "email")),
    )
    assert [found.id for found in walk(routed, {"a": "yes"}).pages] == ["page-a", "page-c"]
    assert walk(routed, {"a": "no"}).waiting == routed.contact_page


def test_a_route_can_lead_out_of_the_form() -> None:
    routed = form(
        page(asked("a", "yes_no"), next=[{"if": IF_YES, "exit": "gone"}]),
        page(asked("b", "email")),
        exits={"gone": {"heading": both("Gone")}},
    )
    assert walk(routed, {"a": "yes"}).leaves_by == routed.exits["gone"]
    assert walk(routed, {"a": "no"}).leaves_by is None


def test_a_form_that_goes_round_in_circles_ends_where_it_began() -> None:
    circle = form(
        page(asked("a", "email"), next=[{"page": "page-b"}]), page(asked("b", "text"), next=[{"page": "page-a"}])
    )
    journey = walk(circle, {"a": "a@example.com", "b": "b"})
    assert [found.id for found in journey.pages] == ["page-a", "page-b"]
    assert journey.is_complete


def test_somebody_who_was_not_asked_for_an_email_address_is_asked_at_the_end() -> None:
    without = form(page(asked("a", "text")))
    journey = walk(without, {"a": "x"})
    assert journey.waiting == without.contact_page
    done = walk(without, {"a": "x", "guildhall-email": "sian@example.com"})
    assert done.is_complete
    assert email_of(without, done.answers) == "sian@example.com"


def test_an_optional_email_address_left_empty_is_asked_for_at_the_end() -> None:
    optional = form(page(asked("a", "email", required=False)))
    assert walk(optional, {"a": None}).waiting == optional.contact_page


def test_check_your_answers_shows_every_answer_on_the_path_in_order() -> None:
    shown = [(line.text.en, line.shown("en")) for line in lines(BULKY, walk(BULKY, ANSWERS))]
    assert shown[0] == ("Is the waste from a home?", "Yes")
    assert shown[2] == ("How many items do you have?", "3")
    assert shown[-1] == ("What is your phone number?", "")
    assert lines(BULKY, walk(BULKY, ANSWERS))[6].shown("cy") == "1 Rhagfyr 2026"


def test_who_applies_is_known_from_the_answers() -> None:
    assert name_of(BULKY, ANSWERS) == "Siân Owen"
    assert email_of(BULKY, ANSWERS) == "sian@example.com"


def test_a_back_link_leads_to_the_page_before_on_the_path() -> None:
    journey = walk(BULKY, ANSWERS)
    items = BULKY.page_of["number-of-items"]
    before = journey.before(items)
    assert before is not None
    assert before.slug == "what-do-you-want-collected"
    assert journey.before(BULKY.pages[0]) is None


@pytest.mark.parametrize(("items", "benefit", "due"), [("3", "no", 3_600), ("3", "yes", 1_800), ("1", "no", 1_200)])
def test_the_fee_follows_the_number_of_items_and_the_condition(items: str, benefit: str, due: int) -> None:
    answers = walk(BULKY, ANSWERS | {"number-of-items": items, "gets-a-benefit": benefit}).answers
    assert amount_due(BULKY, answers) == due
    assert [charge.times for charge in charges(BULKY, answers)] == [int(items)]


def test_a_fee_can_count_the_boxes_that_were_ticked() -> None:
    counted = form(
        page(asked("a", "checkboxes", options=options("x", "y", "z"))),
        fees=[
            {"amount_pence": 500, "multiply_by": "a", "description": both("Each")},
            {"amount_pence": 100, "description": both("Once")},
        ],
    )
    assert amount_due(counted, {"a": ["x", "z"]}) == 1_100


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        ({"n": "0", "a": []}, []),
        ({"n": "0", "a": ["x"]}, [("Each box", 1)]),
        ({"n": "2", "a": []}, [("Each item", 2)]),
        ({"n": None, "a": None}, []),
    ],
)
def test_what_is_charged_no_times_is_no_line_of_the_bill(answers: dict[str, Any], lines: list[object]) -> None:
    counted = form(
        page(
            asked("n", "number", required=False, settings={"whole": True, "max": 9}),
            asked("a", "checkboxes", required=False, options=options("x", "y")),
        ),
        fees=[
            {"amount_pence": 500, "multiply_by": "n", "description": both("Each item")},
            {"amount_pence": 100, "multiply_by": "a", "description": both("Each box")},
        ],
    )
    assert [(charge.description.en, charge.times) for charge in charges(counted, answers)] == lines


CHOICES = {
    "is-from-a-home": st.sampled_from(["yes", "no"]),
    "kinds-of-items": st.lists(st.sampled_from(["furniture", "cold", "other"]), min_size=1, unique=True),
    "cold-is-ready": st.just("agreed"),
    "number-of-items": st.integers(1, 8).map(str),
    "description": st.just("a sofa"),
    "gets-a-benefit": st.sampled_from(["yes", "no"]),
    "address": st.just(ANSWERS["address"]),
    "preferred-day": st.just("2026-12-01"),
    "name": st.just({"full_name": "S"}),
    "email": st.just("sian@example.com"),
    "phone": st.none(),
}


@given(st.fixed_dictionaries({}, optional=CHOICES))
def test_every_journey_waits_leaves_or_is_complete_and_only_what_was_passed_counts(answers: dict[str, Any]) -> None:
    journey = walk(BULKY, answers)
    assert sum((journey.waiting is not None, journey.leaves_by is not None, journey.is_complete)) == 1
    assert set(journey.answers) <= set(answers)
    assert {BULKY.page_of[question] for question in journey.answers} <= set(journey.pages)
    # What was passed is a journey of its own: taking the rest away changes nothing.
    assert walk(BULKY, journey.answers) == journey
    assert amount_due(BULKY, journey.answers) % 600 == 0
