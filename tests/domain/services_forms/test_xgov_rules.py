"""A rule of an XGov definition is kept exactly, or refused by name; what a page is for is read from its controller.

The rules are XGovFormBuilder/digital-form-builder:model/src/components/types.ts and
runner/src/server/plugins/engine/components; the controllers its pageControllers and those of
communitiesuk/digital-form-builder-adapter.
"""

import copy
from datetime import date
from typing import Any

import pytest
from tests.domain.services_forms.test_xgov import CHILD, NUMBER, reasons, small

from guildhall.services.forms.domain.journey import walk
from guildhall.services.forms.domain.xgov import import_xgov

TODAY = date(2026, 11, 30)
TEXT = {"type": "TextField", "name": "t", "title": "T?"}
LONG_TEXT = {"type": "FreeTextField", "name": "t", "title": "T?"}
DAY = {"type": "DatePartsField", "name": "t", "title": "T?"}


def said_of(field: dict[str, Any], typed: Any) -> str:
    """Return what somebody is told who types this; empty when it is an answer."""
    question = import_xgov(small(field), workflow="grant").definition.questions[field["name"]]
    checked = question.check(typed, today=TODAY)
    return checked.faults[0].message.en if checked.faults else ""


TOO_LONG, TOO_SHORT = "The answer must be 5 characters or fewer", "The answer must be 3 characters or more"


@pytest.mark.parametrize(
    ("schema", "typed", "said"),
    [
        ({"max": 5}, "12345", ""),
        ({"max": 5}, "123456", TOO_LONG),
        ({"max": "5"}, "123456", TOO_LONG),
        ({"maxlength": 5}, "123456", TOO_LONG),
        ({"maxLength": 5.0}, "123456", TOO_LONG),
        ({"min": 3}, "12", TOO_SHORT),
        ({"min": 3}, "123", ""),
        ({"length": 5}, "123456", TOO_LONG),
        ({"length": 5}, "1234", "The answer must be 5 characters or more"),
        ({"maxWords": 2}, "one two three", "The answer must be 2 words or fewer"),
        ({"maxWords": 2}, "one two", ""),
        ({"max": 100_000}, "x" * 499, ""),
    ],
)
@pytest.mark.parametrize("field", [TEXT, LONG_TEXT])
@pytest.mark.parametrize("place", ["schema", "options"])
def test_how_long_an_answer_may_be_is_kept(
    field: dict[str, Any], place: str, schema: dict[str, Any], typed: str, said: str
) -> None:
    assert said_of(field | {place: schema}, typed) == said


DECIMALS = "The answer must have 2 decimal places or fewer"


@pytest.mark.parametrize(
    ("schema", "typed", "said"),
    [
        ({"precision": 2}, "1.25", ""),
        ({"precision": 2}, "1.250", ""),
        ({"precision": 2}, "1.255", DECIMALS),
        ({"precision": "2"}, "1." + "0" * 200 + "1", DECIMALS),
        ({"precision": 0}, "1.5", "The answer must be a whole number"),
        ({"precision": 0}, "1.0", ""),
        ({"integer": True}, "1.5", "The answer must be a whole number"),
        ({"integer": False}, "1.5", ""),
        ({"min": 2, "max": "4"}, "5", "The answer must be 4 or less"),
        ({"min": 2, "max": "4"}, "1", "The answer must be 2 or more"),
    ],
)
def test_which_numbers_may_be_answered_is_kept(schema: dict[str, Any], typed: str, said: str) -> None:
    assert said_of({"type": "NumberField", "name": "n", "title": "N?", "schema": schema}, typed) == said


def day(words: str) -> dict[str, str]:
    return dict(zip(("year", "month", "day"), words.split("-"), strict=True))


@pytest.mark.parametrize(
    ("options", "typed", "said"),
    [
        ({"maxDaysInPast": 5}, "2026-11-25", ""),
        ({"maxDaysInPast": 5}, "2026-11-24", "The date must be 25 November 2026 or later"),
        ({"maxDaysInPast": 0}, "2026-11-29", "The date must be 30 November 2026 or later"),
        ({"maxDaysInFuture": "5"}, "2026-12-05", ""),
        ({"maxDaysInFuture": "5"}, "2026-12-06", "The date must be 5 December 2026 or earlier"),
    ],
)
def test_how_far_a_date_may_lie_is_kept(options: dict[str, Any], typed: str, said: str) -> None:
    assert said_of(DAY | {"options": options}, day(typed)) == said


def test_what_stands_before_and_after_a_number_is_kept() -> None:
    question = import_xgov(small(NUMBER | {"options": {"prefix": "£"}}), workflow="grant").definition.questions["n"]
    weight = import_xgov(small(NUMBER | {"options": {"suffix": "kg"}}), workflow="grant").definition.questions["n"]
    assert (question.shown("5", "en"), weight.shown("5", "en")) == ("£5", "5 kg")


@pytest.mark.parametrize(
    ("field", "rules", "name"),
    [
        (TEXT, {"regex": "^(a+)+$"}, "regex"),
        (TEXT, {"max": 0}, "max"),
        (TEXT, {"max": -1}, "max"),
        (TEXT, {"max": "many"}, "max"),
        (TEXT, {"max": True}, "max"),
        (TEXT, {"max": []}, ""),
        (TEXT, {"max": [5]}, "max"),
        (TEXT, {"length": 10**400}, "length"),
        (TEXT, {"min": "9" * 5_000}, "min"),
        (TEXT, {"somethingNew": 3}, "somethingNew"),
        (TEXT, {"precision": 2}, "precision"),
        (NUMBER, {"min": -5}, "min"),
        (NUMBER, {"min": 0.5}, "min"),
        (NUMBER, {"precision": 2.5}, "precision"),
        (NUMBER, {"maxWords": 2}, "maxWords"),
        (DAY, {"maxDaysInPast": -1}, "maxDaysInPast"),
        (DAY, {"maxDaysInPast": 10**9}, "maxDaysInPast"),
        ({"type": "EmailAddressField", "name": "t", "title": "T?"}, {"max": 20}, "max"),
        ({"type": "EmailAddressField", "name": "t", "title": "T?"}, {"max": 500}, ""),
        (CHILD, {"behaviour": "exclusive"}, "behaviour"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_by_name(field: dict[str, Any], rules: dict[str, Any], name: str) -> None:
    definition = small(field | {"schema": rules, "options": {}})
    if name:
        assert reasons(definition) == [f"pages[/a].{field['name']}: Guildhall cannot keep the rule “{name}”."]
    else:
        assert all("Nobody can get" in note.words.en for note in import_xgov(definition, workflow="grant").notes)


# -- lists ------------------------------------------------------------------------------------------------------------

RADIOS = {"type": "SelectField", "name": "r", "title": "R?", "list": "l"}


def listed(*items: Any) -> list[dict[str, Any]]:
    return [{"name": "l", "items": list(items)}]


ONE_TO_FOUR = listed(*({"text": str(number), "value": number} for number in range(1, 5)))


@pytest.mark.parametrize(
    ("comparison", "leads_to_b"),
    [
        ("r > 2", {"3", "4"}),
        ("r >= 2", {"2", "3", "4"}),
        ("r < 2", {"1"}),
        ("r <= 2 and r != 1", {"2"}),
        ("r > 3.5", {"4"}),
    ],
)
def test_a_choice_among_numbers_can_be_compared_by_its_size(comparison: str, leads_to_b: set[str]) -> None:
    ways = [{"path": "/b", "condition": "c"}, {"path": "/end"}]
    english = small(RADIOS, lists=ONE_TO_FOUR, conditions=[{"name": "c", "value": comparison}], next=ways)
    form = import_xgov(english, workflow="grant").definition
    assert {value for value in "1234" if walk(form, {"r": value}).pages[-1].slug == "b"} == leads_to_b


@pytest.mark.parametrize(
    ("comparison", "items"), [("r > 4", ()), ("r > x", ()), ("r > 1", ({"text": "a", "value": "a"},))]
)
def test_a_choice_that_cannot_be_compared_is_refused(comparison: str, items: Any) -> None:
    lists = copy.deepcopy(ONE_TO_FOUR)
    lists[0]["items"] += list(items)
    english = small(
        RADIOS, lists=lists, conditions=[{"name": "c", "value": comparison}], next=[{"path": "/b", "condition": "c"}]
    )
    assert "which Guildhall does not understand" in reasons(english)[0]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"text": "a", "value": "a", "condition": "c"}, "Some options are offered only under a condition"),
        ({"text": "a", "value": "a", "conditional": {"components": [TEXT]}}, "An option opens further questions"),
        ({"label": "a", "value": "a", "children": [TEXT]}, "An option opens further questions"),
    ],
)
def test_an_option_that_does_more_is_refused_by_name(item: dict[str, Any], said: str) -> None:
    [reason] = reasons(small(RADIOS, lists=listed(item, {"text": "b", "value": "b"})))
    assert said in reason


def test_options_are_read_in_all_their_shapes() -> None:
    items = (
        {"text": "", "value": ""},
        {"label": "Yes", "value": True},
        {"text": "Two"},
        {"text": "3", "hint": "three"},
    )
    question = import_xgov(small(RADIOS, lists=listed(*items)), workflow="grant").definition.questions["r"]
    assert [(option.value, option.label.en, option.hint.en) for option in question.options] == [
        ("true", "Yes", ""),
        ("Two", "Two", ""),
        ("3", "3", "three"),
    ]
    own = {"type": "RadiosField", "name": "r", "title": "R?", "values": {"type": "static", "items": list(items)}}
    assert import_xgov(small(own), workflow="grant").definition.questions["r"].options == question.options


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["1st", "full name", "a.b", "", "x" * 80, "naïve", "__proto__", "-"])
def test_any_name_of_a_field_becomes_an_id(name: str) -> None:
    questions = import_xgov(small(TEXT | {"name": name}), workflow="grant").definition.questions
    assert "T?" in {question.text.en for question in questions.values()}


def test_two_things_of_one_name_are_refused() -> None:
    english = small(TEXT, lists=[*listed(), *ONE_TO_FOUR])
    english["pages"].append(english["pages"][0] | {"title": "Other"})
    assert reasons(english) == [
        "pages[/a]: Two different things are called “/a”.",
        "lists[l]: Two different things are called “l”.",
    ]


@pytest.mark.parametrize(
    ("one", "two"), [("name", "name"), ("a-b", "a-b"), ("__proto__", "__proto__"), ("one two", "one two")]
)
def test_a_question_that_stands_on_two_pages_is_refused(one: str, two: str) -> None:
    english = small(TEXT | {"name": one})
    english["pages"][1]["components"] = [TEXT | {"name": two, "title": "Again?"}]
    english["pages"][0]["section"] = ""
    english["pages"][0]["next"] = [{"path": "/b"}]
    [reason] = reasons(english)
    assert reason.startswith("pages[/b]")
    assert "is already another question’s id" in reason


# -- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "controller",
    [
        *("./pages/summary.js", "./pages/summary.ts", "SummaryPageController", "CustomSummaryPageController"),
        *("./pages/confirm.js", "ConfirmPageController", "./pages/confirmation.js", "ApplicationCompleteController"),
    ],
)
def test_where_answers_are_sent_the_form_ends(controller: str) -> None:
    english = small(TEXT)
    english["pages"][3]["controller"] = controller
    form = import_xgov(english, workflow="grant").definition
    assert [page.slug for page in form.pages] == ["a"]
    assert form.exits == {}


@pytest.mark.parametrize(
    "controller",
    [
        *(None, "", "PageController", "PageControllerBase", "./pages/continue.js", "ContinuePageController"),
        *("MultiStartPageController", "./pages/start.js", "HomePageController", "DefaultPageController"),
    ],
)
def test_a_page_that_is_only_shown_otherwise_is_a_page(controller: str | None) -> None:
    english = small(TEXT)
    english["pages"][0]["controller"] = controller
    assert [page.slug for page in import_xgov(english, workflow="grant").definition.pages] == ["a"]


@pytest.mark.parametrize("controller", ["TerminalPageController", "./pages/continue.js", None])
def test_a_page_that_only_ends_the_form_is_an_exit(controller: str | None) -> None:
    ways = [{"path": "/no", "condition": "c"}, {"path": "/end"}]
    english = small(CHILD, conditions=[{"name": "c", "value": "y == false"}], next=ways)
    english["pages"][2]["controller"] = controller
    leaves_by = walk(import_xgov(english, workflow="grant").definition, {"y": "no"}).leaves_by
    assert leaves_by is not None


@pytest.mark.parametrize(
    "controller",
    [
        *("RepeatingFieldPageController", "RepeatingSectionSummaryPageController", "UploadPageController"),
        *("PlaybackUploadPageController", "FindAnAddressPageController", "DobPageController", "MagicLinkController"),
        *("RedirectPageController", "toString", "__proto__", "../../etc/passwd", {"a": 1}, 5),
    ],
)
def test_a_page_that_does_something_of_its_own_is_refused_by_name(controller: Any) -> None:
    english = small(TEXT)
    english["pages"][0]["controller"] = controller
    assert reasons(english) == [f"pages[/a]: Guildhall has no page that works like “{controller}”."]


MIRROR = {"path": "/mirror", "title": "Check these", "controller": "MiniSummaryPageController", "components": []}


def test_a_page_that_only_repeats_answers_is_left_out_and_leads_on() -> None:
    english = small(TEXT, next=[{"path": "/mirror"}])
    english["pages"].append(MIRROR | {"next": [{"path": "/b"}]})
    imported = import_xgov(english, workflow="grant")
    assert [page.slug for page in walk(imported.definition, {"t": "x"}).pages] == ["a", "b"]
    assert "pages[/mirror]: The page does not repeat the answers so far" in str(imported.notes[0])


def test_mirrors_that_face_each_other_are_no_trap() -> None:
    english = small(TEXT, next=[{"path": "/mirror"}])
    english["pages"] += [
        MIRROR | {"next": [{"path": "/other"}]},
        MIRROR | {"path": "/other", "next": [{"path": "/mirror"}]},
    ]
    assert "This must list" in reasons(english)[0] or "is no page" in reasons(english)[0]


@pytest.mark.parametrize("rule", ["repeatField", "condition"])
def test_a_rule_of_a_page_is_refused_by_name(rule: str) -> None:
    english = small(TEXT)
    english["pages"][0][rule] = "x"
    assert reasons(english) == [f"pages[/a]: Guildhall cannot keep the rule “{rule}”."]
