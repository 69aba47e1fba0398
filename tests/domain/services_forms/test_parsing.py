"""A definition is read whole or refused with everything that is wrong with it."""

import copy
import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.services.forms.domain.definition import canonical, fingerprint
from guildhall.services.forms.domain.parsing import DefinitionInvalid, parse
from guildhall.services.forms.testing import asked, both, document, form, options, page

BULKY_WASTE = json.loads((files("guildhall.services.forms") / "data" / "bulky-waste.json").read_text("utf-8"))


def problems(wrong: object) -> list[str]:
    with pytest.raises(DefinitionInvalid) as refusal:
        parse(wrong)
    return [str(problem) for problem in refusal.value.problems]


def test_the_bulky_waste_form_is_a_form() -> None:
    bulky = parse(BULKY_WASTE)
    assert len(bulky.pages) == 11
    assert bulky.applicant.email == "email"
    assert bulky.workflow is not None
    assert len(bulky.workflow.states) == 5


def test_every_mistake_is_listed_with_its_place() -> None:
    wrong = document(
        page(asked("a", "txet")),
        page(asked("b", "text", requird=True)),
        page(asked("b", "text"), slug="payment"),
        fees=[{"amount_pence": "12", "description": both("Fee")}],
        titel="A form",
    )
    assert problems(wrong) == [
        "pages[0].questions[0].type: “txet” is no kind of question. There are: text, long_text, organisation_name, "
        "national_insurance_number, email, phone_number, number, date, name, address, radios, checkboxes, yes_no, "
        "declaration.",
        "pages[1].questions[0].requird: This means nothing here. Is it misspelt?",
        "pages[2].questions[0].id: “b” is already another question’s id.",
        "pages[2].slug: “payment” is an address that every form needs for itself.",
        "pages[2].id: “page-b” is already another page’s.",
        "fees[0].amount_pence: This must be a whole number.",
        "titel: This means nothing here. Is it misspelt?",
    ]


YES = {"q": "a", "op": "is", "value": "yes"}


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"c": {"q": "z", "op": "is", "value": "yes"}}, "conditions.c.q: There is no question with the id “z”."),
        (
            {"c": {"q": "a", "op": "is", "value": "maybe"}},
            "conditions.c.value: “maybe” can never be the answer to “a”.",
        ),
        (
            {"c": {"q": "a", "op": "contains", "value": "yes"}},
            "conditions.c.op: “contains” cannot be asked of this question, only: is, is_answered, is_not.",
        ),
        ({"c": {"any": ["d"]}, "d": {"not": "c"}}, "conditions.d.not: The condition “c” depends on itself."),
        ({"c": {"all": [YES, "d"]}}, "conditions.c.all[1]: There is no condition called “d”."),
        ({"c": {"all": []}}, "conditions.c.all: This must list at least one thing."),
    ],
)
def test_a_condition_that_could_never_be_right_is_a_problem(conditions: dict[str, Any], said: str) -> None:
    assert said in problems(document(page(asked("a", "yes_no")), conditions=conditions))


def test_a_rule_we_cannot_keep_yet_is_a_problem_and_not_ignored() -> None:
    assert problems(document(page(asked("a", "text"), repeat={"min": 1})))[0].startswith("pages[0].repeat: Guildhall")


def test_a_fee_that_could_be_any_sum_is_a_problem() -> None:
    fee = {"amount_pence": 1_000, "multiply_by": "a", "description": both("Fee")}
    unbounded = document(page(asked("a", "number", settings={"whole": True})), fees=[fee])
    assert problems(unbounded)[0].startswith("fees[0].multiply_by: A fee can be multiplied by a whole number")
    huge = document(page(asked("a", "number", settings={"whole": True, "max": 10_001})), fees=[fee])
    assert problems(huge) == [
        "fees[0].multiply_by: The fee could be more than £100,000, which one payment cannot take."
    ]


def test_a_link_that_could_run_something_is_a_problem() -> None:
    wrong = document(page(asked("a", "text"), guidance={"en": "[x](javascript:alert(1))"}))
    assert problems(wrong) == ["pages[0].guidance: “javascript:alert(1)” is no address that a page may link to."]


def test_what_the_workflow_says_is_wrong_is_passed_on() -> None:
    assert problems(document(page(asked("a", "text")), submit=[{"to": "case", "workflow": "nothing"}])) == [
        "submit[0].workflow: There is no workflow called “nothing”."
    ]
    assert problems(document(page(asked("a", "text")), submit=[{"to": "case", "workflow": {}}]))


def test_options_are_listed_once_each() -> None:
    wrong = document(page(asked("a", "radios", options=options("x", "x"))))
    assert problems(wrong) == ["pages[0].questions[0].options: The value “x” is there twice."]


def test_nesting_without_end_is_refused_before_it_is_read() -> None:
    deep: Any = {}
    for _ in range(5_000):
        deep = {"not": deep}
    assert problems(document(page(asked("a", "text")), conditions={"c": deep})) == [
        "The document is nested too deeply to be a form."
    ]


def test_equal_definitions_have_equal_fingerprints_whatever_the_order_of_their_keys() -> None:
    backwards = dict(reversed(list(BULKY_WASTE.items())))
    assert canonical(backwards) == canonical(BULKY_WASTE)
    assert fingerprint(backwards) == fingerprint(BULKY_WASTE)
    assert fingerprint({**BULKY_WASTE, "title": both("Other")}) != fingerprint(BULKY_WASTE)


def test_a_form_knows_its_questions_and_its_pages_by_address() -> None:
    two = form(page(asked("a", "text")), page(asked("b", "email")))
    assert two.find_page_by_slug("page-b") == two.page_of["b"]
    assert two.find_page_by_slug("your-email") == two.contact_page
    assert two.applicant.email == "b"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_no_document_breaks_the_reader(anything: object) -> None:
    with pytest.raises(DefinitionInvalid):
        parse(anything)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_to_a_definition_breaks_the_reader(data: st.DataObject) -> None:
    damaged = copy.deepcopy(BULKY_WASTE)
    _damage(damaged, data)
    try:
        parse(damaged)
    except DefinitionInvalid as refusal:
        assert all(problem.words.en and problem.words.cy for problem in refusal.problems)


def _damage(inside: Any, data: st.DataObject) -> None:
    keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
    key = data.draw(st.sampled_from(keys))
    value = inside[key]
    if isinstance(value, dict | list) and value and data.draw(st.booleans()):
        _damage(value, data)
    else:
        inside[key] = data.draw(JSON)


def test_a_condition_that_doubles_at_every_name_is_refused_before_it_is_decided() -> None:
    conditions: dict[str, Any] = {"c0": {"q": "a", "op": "is", "value": "yes"}}
    for number in range(1, 15):
        conditions[f"c{number}"] = {"all": [f"c{number - 1}"] * 2}
    said = problems(document(page(asked("a", "yes_no")), conditions=conditions))
    assert any("too long to decide" in each for each in said)


def test_a_condition_through_thousands_of_names_is_refused() -> None:
    conditions: dict[str, Any] = {f"c{number}": f"c{number + 1}" for number in range(5_000)}
    conditions["c5000"] = {"q": "a", "op": "is", "value": "yes"}
    said = problems(document(page(asked("a", "yes_no")), conditions=conditions))
    assert any("too long to decide" in each for each in said)


def test_a_question_says_what_browsers_may_fill_in() -> None:
    assert form(page(asked("a", "text", autocomplete="street-address"))).questions["a"].autocomplete == "street-address"


@pytest.mark.parametrize("listed", ["eligibility", "exits", "fees", "submit"])
def test_no_form_has_very_many_of_anything(listed: str) -> None:
    many = {f"k{number}": {} for number in range(501)} if listed == "exits" else [{}] * 501
    with pytest.raises(DefinitionInvalid) as refused:
        parse(document(page(asked("a", "text")), **{listed: many}))
    assert [each.words.en for each in refused.value.problems] == ["There may be at most 500 of these in one form."]


def test_of_very_many_problems_the_first_are_told_and_that_there_are_more() -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        parse(document(page(asked("a", "text")), **{f"k{number}": 1 for number in range(2_000)}))
    assert len(refused.value.problems) == 1_001
    assert refused.value.problems[-1].words.en == "There is more than is told here."
