"""XGov definitions are imported, or refused with every reason (services contract 3).

The definitions are communitiesuk/digital-form-builder:fsd_config/form_jsons and
XGovFormBuilder/digital-form-builder:runner/src/server/forms.
"""

import copy
import json
import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from tests.contracts import all_files, cases

from guildhall.services.forms.domain.fees import amount_due
from guildhall.services.forms.domain.guidance import blocks
from guildhall.services.forms.domain.journey import walk
from guildhall.services.forms.domain.linter import lint
from guildhall.services.forms.domain.xgov import CannotImport, import_xgov
from guildhall.services.forms.domain.xgov.markup import to_guidance

CARRIED = files("guildhall.services.forms") / "data" / "xgov"
ENGLISH = json.loads((CARRIED / "your-funding-request.json").read_text("utf-8"))
WELSH = json.loads((CARRIED / "eich-cais-am-gyllid.json").read_text("utf-8"))
GRANT = import_xgov(ENGLISH, WELSH, workflow="grant")


def reasons(english: Any, welsh: Any = None) -> list[str]:
    with pytest.raises(CannotImport) as refusal:
        import_xgov(english, welsh, workflow="grant")
    return [str(problem) for problem in refusal.value.problems]


def test_the_grant_application_is_imported_with_its_welsh_and_has_no_errors() -> None:
    assert len(GRANT.definition.pages) == 10
    assert GRANT.definition.required_languages == ("en", "cy")
    assert lint(GRANT.definition).errors == ()
    assert GRANT.definition.title.cy.startswith("Gwneud cais am ddatganiad o ddiddordeb")


def test_the_grant_application_leads_people_as_its_authors_meant() -> None:
    leasehold = walk(GRANT.definition, {"aocRmv": ["Buy a leasehold", "Buy a freehold"]})
    assert [page.questions[0].id for page in leasehold.pages] == ["aocRmv", "foQgiy"]
    freehold = walk(GRANT.definition, {"aocRmv": ["Buy a freehold"]})
    assert [page.questions[0].id for page in freehold.pages] == ["aocRmv", "fZAMFv"]


def test_the_grant_application_can_be_completed() -> None:
    answers = {
        "aocRmv": ["Renovate a freehold"],
        "fZAMFv": "1500000",
        "oblxxv": "yes",
        "eOWKoO": "yes",
        "BykoQQ": ["Not sure"],
        "yZxdeJ": "no",
        "UORyaF": "Yes",
        "jICagT": "Early stage",
    }
    assert walk(GRANT.definition, answers).waiting == GRANT.definition.contact_page
    assert walk(GRANT.definition, answers | {"guildhall-email": "a@example.com"}).is_complete


def test_values_stay_english_and_words_are_in_both_languages() -> None:
    planning = GRANT.definition.questions["UORyaF"]
    assert planning.shown("Yes", "en") == "Yes"
    assert planning.shown("Yes", "cy") == "Oes"


def test_the_words_of_a_bound_are_the_authors_where_they_wrote_them() -> None:
    fault = GRANT.definition.questions["fZAMFv"].check("2000001", today=date(2026, 11, 21)).faults[0]
    assert fault.message.en == "How much capital funding are you requesting from COF? must be 2000000 or less"
    assert fault.message.cy == "Rhaid i’r ateb fod yn 2,000,000 neu lai"


def test_not_sure_cannot_be_ticked_together_with_a_source() -> None:
    sources = GRANT.definition.questions["BykoQQ"]
    assert not sources.check(("Donation of goods", "Not sure"), today=date(2026, 11, 21)).is_good


def test_what_is_left_out_is_noted() -> None:
    assert [str(note) for note in GRANT.notes] == [
        "pages[/what-do-you-plan-to-use-cofs-funding-for]: Every way on has a condition. Anybody who meets none of "
        "them checks their answers next.",
        "outputs: “outputs” is left out.",
    ]


def test_a_secret_is_never_imported() -> None:
    imported = import_xgov(ENGLISH | {"payApiKey": "api_live_0123"}, workflow="grant")
    assert "api_live_0123" not in json.dumps(imported.document)
    assert any("is a secret" in str(note) for note in imported.notes)


def changed(path: str, component: str, **changes: Any) -> Any:
    english = copy.deepcopy(ENGLISH)
    page = next(each for each in english["pages"] if each["path"] == path)
    found = next((each for each in page["components"] if each["name"] == component), page)
    found.update(changes)
    return english


AMOUNT = "/how-much-capital-funding-are-you-requesting-from-cof"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"type": "FileUploadField"},
            f"pages[{AMOUNT}].fZAMFv: Guildhall has no question of the kind “FileUploadField”.",
        ),
        ({"schema": {"regex": "x"}}, f"pages[{AMOUNT}].fZAMFv: Guildhall cannot keep the rule “regex”."),
        (
            {"options": {"maxDaysInPast": "5"}},
            f"pages[{AMOUNT}].fZAMFv: Guildhall cannot keep the rule “maxDaysInPast”.",
        ),
        (
            {"hint": "<script>alert(1)</script>"},
            f"pages[{AMOUNT}].fZAMFv: The words contain “<script>”, which does more than show text. "
            "Guildhall cannot do that.",
        ),
        (
            {"hint": "{{ name }}"},
            f"pages[{AMOUNT}].fZAMFv: The words depend on the person who reads them (“{{{{ name }}}}”). "
            "Guildhall shows everybody the same words.",
        ),
    ],
)
def test_what_would_change_what_people_may_answer_is_refused_with_the_reason(changes: Any, reason: str) -> None:
    assert reasons(changed(AMOUNT, "fZAMFv", **changes)) == [reason]


def test_all_reasons_are_given_at_once() -> None:
    english = changed(
        AMOUNT, "", controller="RepeatingFieldPageController", next=[{"path": "/nowhere", "redirect": "x"}]
    )
    assert len(reasons(english)) == 2


def test_a_welsh_form_with_other_questions_is_refused() -> None:
    welsh = copy.deepcopy(WELSH)
    welsh["pages"][3]["components"][0]["name"] = "other"
    assert reasons(ENGLISH, welsh) == [
        f"pages[{AMOUNT}]: The Welsh form has no page with the questions of “How much capital funding are you "
        "requesting from COF?”."
    ]


def test_a_welsh_list_with_other_items_is_refused() -> None:
    welsh = copy.deepcopy(WELSH)
    welsh["lists"][0]["items"].pop()
    assert reasons(ENGLISH, welsh) == [
        "pages[/what-do-you-plan-to-use-cofs-funding-for].aocRmv: The Welsh list “xMbcbn” does not have as many items "
        "as the English one."
    ]


def small(*components: dict[str, Any], conditions: Any = (), **more: Any) -> dict[str, Any]:
    pages = [
        {
            "path": "/a",
            "title": "A",
            "section": "s",
            "components": list(components),
            "next": more.pop("next", [{"path": "/end"}]),
        },
        {
            "path": "/b",
            "title": "B",
            "components": [{"type": "TextField", "name": "b", "title": "B?"}],
            "next": [{"path": "/end"}],
        },
        {"path": "/no", "title": "You cannot apply", "components": [{"type": "Para", "content": "Sorry."}], "next": []},
        {"path": "/end", "title": "End", "controller": "./pages/summary.js", "components": []},
    ]
    return {
        "startPage": "/a",
        "name": "Small",
        "pages": pages,
        "lists": [],
        "conditions": list(conditions),
        "version": 2,
        **more,
    }


NUMBER = {"type": "NumberField", "name": "n", "title": "How many?", "schema": {"max": 5, "integer": True}}
CHILD = {"type": "YesNoField", "name": "y", "title": "Yes?"}


def test_a_condition_may_be_a_line_of_code() -> None:
    english = small(
        NUMBER,
        CHILD,
        conditions=[{"name": "c", "value": "s.n > 3 and s.y == true or s.n == 1"}],
        next=[{"path": "/end"}, {"path": "/b", "condition": "c"}],
    )
    form = import_xgov(english, workflow="grant").definition
    assert [
        len(walk(form, {"n": n, "y": y}).pages) for n, y in (("4", "yes"), ("4", "no"), ("1", "no"), ("3", "yes"))
    ] == [2] * 4
    assert [
        walk(form, {"n": n, "y": y}).pages[1].slug for n, y in (("4", "yes"), ("4", "no"), ("1", "no"), ("3", "yes"))
    ] == [
        "b",
        "your-email",
        "b",
        "your-email",
    ]


def test_code_that_is_more_than_comparisons_is_refused() -> None:
    english = small(CHILD, conditions=[{"name": "c", "value": "f(y)"}], next=[{"path": "/b", "condition": "c"}])
    assert reasons(english) == ["conditions[c]: The condition says “f(y)”, which Guildhall does not understand."]


def test_a_page_that_asks_nothing_and_leads_nowhere_is_an_exit() -> None:
    english = small(
        CHILD,
        conditions=[{"name": "c", "value": "y == false"}],
        next=[{"path": "/no", "condition": "c"}, {"path": "/b"}],
    )
    form = import_xgov(english, workflow="grant").definition
    leaves_by = walk(form, {"y": "no"}).leaves_by
    assert leaves_by is not None
    assert (leaves_by.heading.en, leaves_by.guidance.en) == ("You cannot apply", "Sorry.")


def test_fees_are_imported_in_pence() -> None:
    fees = [{"description": "Each", "amount": 250, "multiplier": "n", "condition": "c"}]
    form = import_xgov(
        small(NUMBER, CHILD, conditions=[{"name": "c", "value": "y == true"}], fees=fees), workflow="grant"
    ).definition
    assert amount_due(form, {"n": "3", "y": "yes"}) == 750
    assert amount_due(form, {"n": "3", "y": "no"}) == 0


def test_a_fee_whose_condition_is_unknown_is_refused() -> None:
    assert reasons(small(NUMBER, fees=[{"description": "Each", "amount": 250, "condition": "gone"}])) == [
        "fees[0]: There is no condition called “gone”."
    ]


def test_markup_is_read_as_guidance() -> None:
    guidance = to_guidance(
        '<p class="x">Before <b>you</b> start:</p><ul><li>one</li><li><a href="https://a.uk">two</a></li></ul>After'
    )
    assert guidance == "Before **you** start:\n\n- one\n- [two](https://a.uk)\n\nAfter"


def test_words_of_markup_that_look_like_marks_are_words() -> None:
    assert blocks(to_guidance("<p>1. is [not] a *list*</p>"))[0].lines[0][0].words == "1. is [not] a *list*"


FILES = all_files("services/forms/xgov-*/**/*.json")
FILES_TO_UPLOAD, REPEATS, TEMPLATES, TIMES, SOMETIMES, ELSEWHERE = (
    r"“(?:ClientSide)?FileUploadField”|“UploadPageController”",
    r"“RepeatingFieldPageController”|“MultiInputField”",
    r"The words depend on the person who reads them",
    r"“(?:Date)?Time(?:Parts)?Field”",
    r"Some words are shown only under a condition",
    r"The page leads out of the form to another site",
)
MISSING = {
    **{
        f"xgov-communitiesuk/cof_r3/{name}-cof-r3-w1.json": FILES_TO_UPLOAD
        for name in (
            *("cy/cefnogaeth-leol", "cy/gwybodaeth-am-yr-ased", "cy/lanlwythwch-y-cynllun-busnes"),
            *("en/asset-information", "en/risk", "en/upload-business-plan"),
        )
    },
    **{
        f"xgov-communitiesuk/cof_r3/{name}-cof-r3-w1.json": REPEATS
        for name in ("cy/costau-gweithredol", "cy/cyllid-sydd-ei-angen", "en/funding-required")
    },
    **{
        f"xgov-fixtures/repeat-field{name}.json": REPEATS
        for name in ("", "-hide-rows", "-same-page", "-separate-page", "-show-rows")
    },
    **{
        f"xgov-fixtures/{name}.json": FILES_TO_UPLOAD
        for name in (
            *("document-upload", "files", "files-show-filenames-enabled", "image-quality-playback"),
            *("report-a-terrorist", "runner-components-test"),
        )
    },
    "xgov-fixtures/components.json": TIMES,
    "xgov-fixtures/disabled-query-param-form.json": TEMPLATES,
    "xgov-fixtures/html-templating-example.json": TEMPLATES,
    "xgov-fixtures/query-param-form.json": TEMPLATES,
    "xgov-fixtures/redirects.json": f"{TEMPLATES}|{ELSEWHERE}",
    "xgov-fixtures/get-condition-evaluation-context.json": SOMETIMES,
    "xgov-fixtures/example.json": "This is not an XGov form",
}
"""The public definitions that are refused, each for what Guildhall has not, and for nothing else."""


@pytest.mark.parametrize("file", FILES)
def test_a_real_definition_is_refused_only_for_a_feature_that_is_missing(file: str) -> None:
    missing = MISSING.get(file.removeprefix("services/forms/"))
    try:
        imported = import_xgov(cases(file), workflow="grant")
    except CannotImport as refusal:
        assert missing is not None, refusal
        assert [str(each) for each in refusal.problems if not re.search(missing, each.words.en)] == []
        assert all(problem.words.cy for problem in refusal.problems)
    else:
        assert missing is None
        assert lint(imported.definition).errors == () or "asked twice" in str(lint(imported.definition).errors)
        assert walk(imported.definition, {}).waiting is not None


PAIRS = [
    ("cof/eoi/en/organisation-details.json", "cof/eoi/cy/manylion-y-sefydliad.json"),
    ("cof/eoi/en/development-support-provider.json", "cof/eoi/cy/darparwr-cymorth-datblygu.json"),
    ("cof_r3/en/community-benefits-cof-r3-w1.json", "cof_r3/cy/buddion-cymunedol-cof-r3-w1.json"),
    ("cof_r3/en/project-qualifications-cof-r3-w1.json", "cof_r3/cy/cymhwysedd-y-prosiect-cof-r3-w1.json"),
]


@pytest.mark.parametrize(("english", "welsh"), PAIRS)
def test_real_pairs_are_imported_with_all_their_welsh(english: str, welsh: str) -> None:
    pair = [cases(f"services/forms/xgov-communitiesuk/{path}") for path in (english, welsh)]
    assert lint(import_xgov(*pair, workflow="grant").definition).errors == ()
