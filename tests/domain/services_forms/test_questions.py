"""Every kind of question refuses in the exact words of the contract, in both languages (services contract 1.5).

The messages are alphagov/forms-runner:config/locales; the rules are its app/models/question.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.services.forms.domain.questions import KINDS, Question
from guildhall.services.forms.domain.questions.asking import (
    EMPTY,
    LONGEST_TYPED,
    MOST_TICKED,
    Checked,
    Chosen,
    Typed,
    good,
)
from guildhall.services.forms.domain.reading import Entry, Problems

TODAY = date(2026, 11, 21)
MESSAGES = json.loads(
    (Path(__file__).parents[3] / "src/guildhall/services/forms/data/govuk_forms/messages.json").read_text("utf-8")
)
NONE = "none_of_the_above"
TWO = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
OTHER = {"none_of_the_above_question": {"text": "Which?"}}


def question(kind: str, **more: Any) -> Question:
    problems = Problems()
    entry = Entry({"id": "q", "type": kind, "text": "Asked?", **more}, "", problems)
    asked = KINDS[kind](
        id="q",
        text=entry.text("text"),
        hint=entry.find_text("hint"),
        is_required=entry.flag("required", otherwise=True),
        **KINDS[kind].settings(entry),
    )
    assert not problems.found
    return asked


def address(**parts: str) -> dict[str, str]:
    return {"address1": "1 High Street", "town_or_city": "Wrexham", "postcode": "LL11 1AY"} | parts


def day(d: str, m: str, y: str) -> dict[str, str]:
    return {"day": d, "month": m, "year": y}


OPTIONAL = {"required": False}
BIRTHDAY = {"settings": {"input_type": "date_of_birth"}}
ABROAD = {"settings": {"input_type": "international_address"}}
THREE_NAMES = {"settings": {"input_type": "first_middle_and_last_name", "title_needed": True}}
LONG, VERY_LONG = "x" * 500, "x" * 5_000

REFUSED: list[tuple[str, dict[str, Any], Typed, str, str]] = [
    ("text", {}, " ", "text/text.blank", ""),
    ("text", {}, LONG, "text/text.single_line_too_long", ""),
    ("long_text", {}, "", "text/text.blank", ""),
    ("long_text", {}, VERY_LONG, "text/text.long_text_too_long", ""),
    ("organisation_name", {}, "", "organisation_name/text.blank", ""),
    ("organisation_name", {}, LONG, "organisation_name/text.too_long", ""),
    ("number", {}, "", "number/number.blank", ""),
    ("number", {}, "twelve", "number/number.not_a_number", ""),
    ("number", {}, "1,000", "number/number.not_a_number", ""),
    ("number", {}, "three", "number/number.not_a_number", ""),
    ("number", {}, "-1", "number/number.greater_than_or_equal_to", ""),
    ("number", {}, "-0.5", "number/number.greater_than_or_equal_to", ""),
    ("number", {}, "1" * 500, "number/number.too_long", ""),
    ("email", {}, "\u200b ", "email/email.blank", ""),
    ("email", {}, "someone at example.com", "email/email.invalid_email", ""),
    ("phone_number", {}, "", "phone_number/phone_number.blank", ""),
    ("phone_number", {}, "01632 96000a", "phone_number/phone_number.invalid_phone_number", ""),
    ("phone_number", {}, "0163296", "phone_number/phone_number.phone_too_short", ""),
    ("phone_number", {}, "0163296000112345", "phone_number/phone_number.phone_too_long", ""),
    ("national_insurance_number", {}, "", "national_insurance_number/national_insurance_number.blank", ""),
    *[
        (
            "national_insurance_number",
            {},
            wrong,
            "national_insurance_number/national_insurance_number.invalid_national_insurance_number",
            "",
        )
        for wrong in ("BG123456A", "QQ123456", "DQ123456A", "AO123456A", "AB123456E")
    ],
    ("date", {}, day("", "", ""), "date/date.blank", ""),
    ("date", {}, day("1", "", "2026"), "date/date.blank_date_fields", "month"),
    ("date", {}, day("31", "2", "2026"), "date/date.invalid_date", ""),
    ("date", {}, day("29", "2", "1900"), "date/date.invalid_date", ""),
    ("date", {}, day("0", "1", "2026"), "date/date.invalid_date", ""),
    ("date", {}, day("-1", "1", "2026"), "date/date.invalid_date", ""),
    ("date", {}, day("1", "Smarch", "2026"), "date/date.invalid_date", ""),
    ("date", {}, day("1", "13", "2026"), "date/date.invalid_date", ""),
    ("date", {}, day("1", "1", "99"), "date/date.invalid_number_of_digits_for_year", "year"),
    ("date", {}, day("1", "1", "20260"), "date/date.invalid_number_of_digits_for_year", "year"),
    ("date", BIRTHDAY, day("22", "11", "2026"), "date/date.future_date", ""),
    ("name", {}, {"full_name": ""}, "name/full_name.blank", "full_name"),
    ("name", {}, {"full_name": LONG}, "name/full_name.too_long", "full_name"),
    ("name", THREE_NAMES, {"last_name": "Owen"}, "name/first_name.blank", "first_name"),
    ("name", THREE_NAMES, {"first_name": "Siân"}, "name/last_name.blank", "last_name"),
    ("name", THREE_NAMES, {"first_name": LONG, "last_name": "O"}, "name/first_name.too_long", "first_name"),
    ("name", THREE_NAMES, {"first_name": "S", "last_name": LONG}, "name/last_name.too_long", "last_name"),
    (
        "name",
        THREE_NAMES,
        {"first_name": "S", "middle_names": LONG, "last_name": "O"},
        "name/middle_names.too_long",
        "middle_names",
    ),
    ("name", THREE_NAMES, {"title": "x" * 100, "first_name": "S", "last_name": "O"}, "name/title.too_long", "title"),
    ("address", {}, address(address1=""), "address/address1.blank", "address1"),
    ("address", {}, address(town_or_city=""), "address/town_or_city.blank", "town_or_city"),
    ("address", {}, address(postcode=""), "address/postcode.blank", "postcode"),
    ("address", {}, address(postcode="LL11"), "address/postcode.invalid_postcode", "postcode"),
    ("address", OPTIONAL, address(postcode=""), "address/postcode.blank", "postcode"),
    *[
        ("address", {}, address(**{part: LONG}), f"address/{part}.too_long", part)
        for part in ("address1", "address2", "town_or_city", "county")
    ],
    ("address", ABROAD, {"country": "France"}, "address/street_address.blank", "street_address"),
    ("address", ABROAD, {"street_address": "1 rue"}, "address/country.blank", "country"),
    (
        "address",
        ABROAD,
        {"street_address": VERY_LONG, "country": "F"},
        "address/street_address.too_long",
        "street_address",
    ),
    ("address", ABROAD, {"street_address": "1 rue", "country": LONG}, "address/country.too_long", "country"),
    ("radios", {"options": TWO}, "", "selection/selection.blank", ""),
    ("radios", {"options": TWO} | OPTIONAL, "", "selection/selection.blank", ""),
    ("radios", {"options": TWO}, "c", "selection/selection.inclusion", ""),
    ("radios", {"options": TWO}, NONE, "selection/selection.inclusion", ""),
    ("checkboxes", {"options": TWO}, (), "selection/selection.checkbox_blank", ""),
    ("checkboxes", {"options": TWO}, ("a", "c"), "selection/selection.inclusion", ""),
    ("checkboxes", {"options": TWO} | OPTIONAL, (), "selection/selection.both_none_and_value_selected", ""),
    ("checkboxes", {"options": TWO} | OPTIONAL, ("a", NONE), "selection/selection.both_none_and_value_selected", ""),
    (
        "radios",
        {"options": TWO, "settings": OTHER} | OPTIONAL,
        Chosen((NONE,)),
        "selection/none_of_the_above_answer.blank",
        "none_of_the_above_answer",
    ),
    (
        "radios",
        {"options": TWO, "settings": OTHER} | OPTIONAL,
        Chosen((NONE,), LONG),
        "selection/none_of_the_above_answer.too_long",
        "none_of_the_above_answer",
    ),
    ("yes_no", {}, "", "selection/selection.blank", ""),
    ("yes_no", {}, "maybe", "selection/selection.inclusion", ""),
]


@pytest.mark.parametrize(("kind", "more", "typed", "key", "part"), REFUSED)
def test_a_bad_answer_is_refused_in_the_words_of_the_contract_in_both_languages(
    kind: str, more: dict[str, Any], typed: Typed, key: str, part: str
) -> None:
    checked = question(kind, **more).check(typed, today=TODAY)
    question_type, rule = key.split("/")
    attribute, name = rule.split(".")
    wanted = MESSAGES[f"activemodel.errors.models.question/{question_type}.attributes.{attribute}.{name}"]
    assert [(fault.message.en, fault.message.cy, fault.part) for fault in checked.faults] == [
        (wanted["en"], wanted["cy"], part)
    ]


def test_every_message_about_the_questions_there_are_is_used() -> None:
    used = {key for _, _, _, key, _ in REFUSED}
    theirs = {
        key.removeprefix("activemodel.errors.models.question/").replace(".attributes.", "/")
        for key in MESSAGES
        if key.startswith("activemodel.errors.models.question/")
    }
    assert {key for key in theirs if not key.startswith("file/")} == used


TAKEN: list[tuple[str, dict[str, Any], Typed, Any, str]] = [
    ("text", {}, " a\x00b ", "ab", "ab"),
    ("text", OPTIONAL, "", None, ""),
    ("text", {}, "x" * 499, "x" * 499, "x" * 499),
    ("long_text", {}, "a\r\nb\rc", "a\nb\nc", "a\nb\nc"),
    ("long_text", {}, "\r\n" * 10 + "x" * 4_999, "x" * 4_999, "x" * 4_999),
    ("number", {}, "0", "0", "0"),
    ("number", {}, "-0", "-0", "-0"),
    ("number", {"settings": {"prefix": "£"}}, "12.50", "12.50", "£12.50"),
    ("email", {}, " Siân\u200b@example.com".replace("â", "a"), "Sian@example.com", "Sian@example.com"),
    ("phone_number", {}, "+44 808 157 0192", "+44 808 157 0192", "+44 808 157 0192"),
    ("phone_number", {}, "(01632) 960-001 ext 12", "(01632) 960-001 ext 12", "(01632) 960-001 ext 12"),
    ("phone_number", {}, "07700 900 982", "07700 900 982", "07700 900 982"),
    ("national_insurance_number", {}, " qq 12 34 56 c", None, ""),
    ("date", {}, day("29", "2", "2000"), "2000-02-29", "29 February 2000"),
    ("date", {}, day("1", "Mawrth", "2026"), "2026-03-01", "1 March 2026"),
    ("date", {}, day("1", "sept.", "2026"), "2026-09-01", "1 September 2026"),
    ("date", BIRTHDAY, day("21", "11", "2026"), "2026-11-21", "21 November 2026"),
    ("name", {}, {"full_name": "Siân ap Rhys"}, {"full_name": "Siân ap Rhys"}, "Siân ap Rhys"),
    (
        "address",
        {},
        address(postcode="ll111ay"),
        address(postcode="LL11 1AY"),
        "1 High Street\nWrexham\nLL11 1AY",
    ),
    ("address", OPTIONAL, address(address1="", town_or_city="", postcode=""), None, ""),
    ("radios", {"options": TWO}, "b", "b", "B"),
    ("radios", {"options": TWO} | OPTIONAL, NONE, NONE, "None of the above"),
    (
        "radios",
        {"options": TWO, "settings": OTHER} | OPTIONAL,
        Chosen((NONE,), "C"),
        {"selection": NONE, "none_of_the_above_answer": "C"},
        "None of the above - C",
    ),
    ("checkboxes", {"options": TWO}, ("b", "a"), ["a", "b"], "A\nB"),
    ("checkboxes", {"options": TWO} | OPTIONAL, (NONE,), [NONE], "None of the above"),
    ("yes_no", {}, "yes", "yes", "Yes"),
    ("yes_no", OPTIONAL, "", None, ""),
    ("declaration", {}, ("agreed",), "agreed", "I agree"),
]


@pytest.mark.parametrize(("kind", "more", "typed", "answer", "shown"), TAKEN)
def test_a_good_answer_is_kept_in_one_form_and_shown_in_words(
    kind: str, more: dict[str, Any], typed: Typed, answer: Any, shown: str
) -> None:
    asked = question(kind, **more)
    checked = asked.check(typed, today=TODAY)
    if kind == "national_insurance_number":
        # QQ is the example's prefix and is not given to anybody; the pattern of the contract refuses it.
        assert not checked.is_good
        return
    assert checked.is_good, checked.faults
    assert checked.answer == answer
    assert asked.shown(checked.answer, "en") == shown


def test_a_national_insurance_number_is_kept_without_spaces_and_shown_in_pairs() -> None:
    asked = question("national_insurance_number")
    checked = asked.check(" ab 12 34 56 c ", today=TODAY)
    assert checked.answer == "AB123456C"
    assert asked.shown(checked.answer, "en") == "AB 12 34 56 C"


@pytest.mark.parametrize(
    ("settings", "typed", "message"),
    [
        ({"whole": True}, "1.5", "The answer must be a whole number"),
        ({"min": 2}, "1", "The answer must be 2 or more"),
        ({"max": 2000}, "2000.01", "The answer must be 2,000 or less"),
    ],
)
def test_a_number_can_be_bounded(settings: dict[str, Any], typed: str, message: str) -> None:
    assert question("number", settings=settings).check(typed, today=TODAY).faults[0].message.en == message


def test_words_can_be_counted() -> None:
    asked = question("long_text", settings={"max_words": 3})
    assert asked.check("one two three", today=TODAY).is_good
    assert asked.check("one two three four", today=TODAY).faults[0].message.en == "The answer must be 3 words or fewer"


def test_a_day_can_be_asked_for_that_is_not_in_the_past() -> None:
    asked = question("date", settings={"from_today": True})
    assert asked.check(day("21", "11", "2026"), today=TODAY).is_good
    assert not asked.check(day("20", "11", "2026"), today=TODAY).is_good


def test_an_exclusive_option_stands_alone() -> None:
    asked = question(
        "checkboxes",
        options=[*TWO, {"value": "no", "label": {"en": "Not sure", "cy": "Ddim yn siŵr"}, "exclusive": True}],
    )
    fault = asked.check(("a", "no"), today=TODAY).faults[0].message
    assert fault.en == "Select one or more options, or select ‘Not sure’"
    assert fault.cy == "Dewiswch un neu ragor o opsiynau neu dewiswch ‘Ddim yn siŵr’"


def test_a_declaration_has_to_be_agreed_to() -> None:
    assert not question("declaration").check((), today=TODAY).is_good


def test_an_optional_question_says_so() -> None:
    assert (
        question("text", required=False, text={"en": "Nickname", "cy": "Llysenw"}).label().en == "Nickname (optional)"
    )


EXTRA: dict[str, dict[str, Any]] = {"radios": {"options": TWO}, "checkboxes": {"options": TWO}}


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(
    required=st.booleans(),
    typed=st.one_of(
        st.text(),
        st.lists(st.text()).map(tuple),
        st.dictionaries(
            st.sampled_from(
                ["day", "month", "year", "full_name", "address1", "address2", "town_or_city", "county", "postcode"]
            ),
            st.text(),
        ),
        st.builds(Chosen, st.lists(st.sampled_from(["a", "b", NONE, "yes", "agreed"])).map(tuple), st.text()),
    ),
)
def test_whatever_is_typed_is_either_an_answer_or_a_message(kind: str, required: bool, typed: Typed) -> None:
    asked = question(kind, required=required, **EXTRA.get(kind, {}))
    checked = asked.check(typed, today=TODAY)
    if not checked.is_good:
        assert all(fault.message.en and fault.message.cy for fault in checked.faults)
        return
    json.dumps(checked.answer).encode()
    asked.shown(checked.answer, "cy")
    asked.fact(checked.answer)
    assert asked.check(asked.typed(checked.answer), today=TODAY).answer == checked.answer


HOSTILE = {
    "marks": "a" + "\u0300" * 40_000 + "\u0316" * 40_000,
    "digits": "7" * 80_000,
    "letters": "x" * 80_000,
    "hidden behind spaces": "x" + " " * 80_000 + "y",
    "an address": "a@" + "b." * 40_000 + "uk",
}
SEEN: list[Typed] = []


class Probe(Question):
    """Looks at what the kinds of question get to see."""

    kind = "probe"

    def decide(self, typed: Typed, *, today: date) -> Checked:
        SEEN.append(typed)
        return good(None)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_kind_of_question_takes_what_is_longer_than_any_answer(kind: str, hostile: str) -> None:
    asked, words = question(kind, **EXTRA.get(kind, {})), HOSTILE[hostile]
    parts = dict.fromkeys((*getattr(asked, "asked_for", tuple)(), "day", "month", "year"), words)
    for typed in (words, (words,) * 300, parts, Chosen((words,) * 300, words)):
        assert not asked.check(typed, today=TODAY).is_good
    assert type(asked).check is Question.check


@pytest.mark.parametrize(
    "typed", ["x" * 80_000, ("x" * 80_000,) * 9_000, {f"{n:06}" * 2_000: "x" * 80_000 for n in range(99)}]
)
def test_no_kind_of_question_looks_at_more_than_any_answer_has(typed: Typed) -> None:
    Probe("q", EMPTY, EMPTY, True).check(typed, today=TODAY)
    Probe("q", EMPTY, EMPTY, True).check(Chosen(("x" * 80_000,) * 9_000, "x" * 80_000), today=TODAY)
    for seen in (SEEN.pop(), SEEN.pop()):
        words = (*seen.values, seen.other) if isinstance(seen, Chosen) else (seen,) if isinstance(seen, str) else seen
        assert len(words) <= MOST_TICKED + 1
        assert all(len(word) <= LONGEST_TYPED + 1 for word in words)
        assert all(len(word) <= LONGEST_TYPED + 1 for word in (seen.values() if isinstance(seen, dict) else ()))


def test_what_is_cut_cannot_become_an_answer() -> None:
    assert not question("text").check("x" + " " * 80_000 + "y", today=TODAY).is_good
    assert not question("number").check("1" + " " * 80_000 + "2", today=TODAY).is_good
