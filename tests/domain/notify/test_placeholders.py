"""Template words with ((placeholders)) (alphagov/notifications-utils:notifications_utils/field.py)."""

import pytest
from tests.contracts import cases

from guildhall.notify.domain.personalisation import Personalisation, missing_names, unused_names
from guildhall.notify.domain.wording import (
    HTML_BODY,
    PLAIN_BODY,
    PLAIN_LINE,
    read_escaped_wording,
    read_wording,
)


def fill(text: str, **values: object) -> str:
    return read_wording(text).fill(Personalisation(values), PLAIN_LINE)


@pytest.mark.parametrize("name", ["name", "NAME", "n_a-m e", "Na Me"])
def test_a_value_is_found_whatever_its_capitals_spaces_and_hyphens(name: str) -> None:
    assert read_wording("Dear ((Name))").fill(Personalisation({name: "Jo"}), PLAIN_LINE) == "Dear Jo"


@pytest.mark.parametrize("value", ["", 0, False, []])
def test_an_empty_value_is_still_a_value(value: object) -> None:
    assert missing_names(["name"], Personalisation({"name": value})) == []


def test_none_is_no_value() -> None:
    assert missing_names(["name", "date"], Personalisation({"name": None, "date": "today"})) == ["name"]
    assert fill("Dear ((name))", name=None) == "Dear ((name))"


@pytest.mark.parametrize("yes", ["yes", "Y", "true", "T", 1, True, "include", "SHOW"])
def test_conditional_words_show_when_the_value_means_yes(yes: object) -> None:
    assert fill("((late??You are late.))", late=yes) == "You are late."


@pytest.mark.parametrize("no", ["no", "", 0, "yes please", ["no"], []])
def test_conditional_words_hide_otherwise(no: object) -> None:
    assert fill("((late??You are late.))", late=no) == ""


def test_a_list_that_says_yes_shows_them_in_a_line_and_not_in_a_body() -> None:
    """The list is made into words first, and bullets are no yes (contract 2; observed in texts and subjects)."""
    given = Personalisation({"late": ["yes"]})
    assert read_wording("((late??You are late.))").fill(given, PLAIN_LINE) == "You are late."
    assert read_wording("((late??You are late.))").fill(given, PLAIN_BODY) == ""


def test_conditional_words_may_hold_question_marks() -> None:
    assert fill("((name??a?? b))", name="yes") == "a?? b"


def test_a_list_is_a_sentence_in_a_line_and_bullets_in_a_body() -> None:
    given = Personalisation({"items": [" sofa ", "", None, "chair", 3]})
    wording = read_wording("Bring ((items))")
    assert wording.fill(given, PLAIN_LINE) == "Bring sofa, chair and 3"
    assert wording.fill(given, PLAIN_BODY) == "Bring \n\n* sofa\n* chair\n* 3"


def test_a_value_never_opens_another_placeholder() -> None:
    assert fill("Dear ((name)) ((other))", name="((other))", other="x") == "Dear ((other)) x"


def test_brackets_around_a_placeholder_stay() -> None:
    assert fill("(((name)))", name="Jo") == "(Jo)"


def test_a_name_is_asked_for_once_in_its_first_spelling() -> None:
    assert read_wording("((Name)) ((NA ME)) ((date??x)) ((na-me))").names == ["Name", "date"]


def test_a_value_cannot_bring_html_into_a_page() -> None:
    filled = read_escaped_wording("<i>((name))").fill(Personalisation({"name": "<b>&nbsp;"}), HTML_BODY)
    assert filled == "&lt;i&gt;&lt;b&gt;&nbsp;"


def test_a_name_with_an_ampersand_is_found_in_html_too() -> None:
    assert read_escaped_wording("((M&S))").fill(Personalisation({"M&S": "x"}), HTML_BODY) == "x"


def test_a_gap_that_nobody_filled_is_marked_in_a_preview() -> None:
    filled = read_escaped_wording("((name)) ((late??You are)) late").fill(Personalisation({}), HTML_BODY)
    assert filled == (
        "<span class='placeholder'>&#40;&#40;name&#41;&#41;</span> "
        "<span class='placeholder-conditional'>&#40;&#40;late??</span>You are&#41;&#41; late"
    )


def test_the_contracts_cases_of_filling() -> None:
    for case in cases("notify/template_rendering_with_values.json"):
        given, wording = Personalisation(case["values"]), read_wording(case["content"])
        assert read_escaped_wording(case["content"]).fill(given, HTML_BODY) == case["field_html"], case
        assert wording.fill(given, PLAIN_LINE) == case["field_plain"], case
        assert wording.names == case["placeholders"], case
        assert missing_names(wording.names, given) == case["missing"], case
        assert unused_names(wording.names, given) == case["additional"], case
        if not case["missing"]:  # a gap shows as plain ((name)) in a body of ours, not as HTML (contract: notify 2)
            assert wording.fill(given, PLAIN_BODY).strip() == case["api_body"], case
