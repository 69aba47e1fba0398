"""What is wrong with a list's headings and rows, and what each row makes of its template."""

import pytest
from tests.contracts import cases
from tests.domain.contact.test_recipients import MOVED_SINCE

from guildhall.contact.phone_number import parse_phone_number
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.checking import Tally, check_row
from guildhall.notify.domain.lists.columns import Columns, read_columns
from guildhall.notify.domain.lists.problems import Kind
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.pages.lists.wording import PROBLEMS
from guildhall.spreadsheets.table import Row

TEXT = Rules(Channel.SMS, Pair(Words("", "Hello ((name))")), "Council")
ANYWHERE = Rules(Channel.SMS, Pair(Words("", "Hello")), None, may_text_abroad=True, may_text_landlines=True)
EMAIL = Rules(Channel.EMAIL, Pair(Words("About ((thing))", "Hello ((name))")), None)
LETTER = Rules(Channel.LETTER, Pair(Words("A letter", "Hello ((name))")), None, letter_names=("name",))
FRENCH = "+33 6 12 34 56 78"
BOTH = Rules(Channel.SMS, Pair(Words("", "Hello ((name))"), Words("", "Helo ((enw))")), None, default="both")


def columns(*headings: str, rules: Rules = TEXT) -> Columns:
    return read_columns(headings, rules.channel, asked_for=rules.asked_for)


def problems(headings: str, cells: str, rules: Rules = TEXT) -> list[tuple[Kind, str]]:
    checked = check_row(Row(2, tuple(cells.split("|"))), columns(*headings.split("|"), rules=rules), rules)
    return [(problem.kind, problem.column) for problem in checked.problems]


def test_headings_are_known_however_they_are_written() -> None:
    assert columns("Phone-Number", "NAME").is_usable
    assert columns("phone_number", "n a m e", "", "").headings == ("phone_number", "n a m e")


def test_what_a_list_lacks_is_named_as_the_template_names_it() -> None:
    assert columns("name").missing == ("phone number",)
    assert columns("email address", rules=EMAIL).missing == ("thing", "name")
    assert columns("phone number", rules=BOTH).missing == ("name", "enw")


def test_who_gets_a_message_is_said_once() -> None:
    assert columns("phone number", "name", "Phone Number").repeated == ("phone number",)


@pytest.mark.parametrize(
    ("headings", "is_usable"),
    [
        ("address line 1|address line 2|postcode", True),
        ("address_line_1|address_line_3|address_line_7", True),
        ("address line 1|address line 2|address line 3", True),
        ("address line 1|postcode", False),
        ("address line 1|address line 7|postcode", False),
        ("name|thing", False),
    ],
)
def test_a_letters_address_needs_three_columns_of_one_set(headings: str, is_usable: bool) -> None:
    assert columns(*headings.split("|"), "name", rules=LETTER).is_usable is is_usable


def test_columns_of_one_heading_are_a_list() -> None:
    found = columns("phone number", "name", "name", "name")
    assert found.value("name", ("07700900123", "Jo", "", "Al")) == ["Jo", "Al"]
    row = check_row(Row(2, ("07700900123", "Jo", "", "Al")), found, TEXT)
    assert row.values == {"name": ["Jo", "Al"]}


def test_cells_beyond_the_headings_are_left_aside() -> None:
    assert problems("phone number|name", "07700900123|Jo|and|more") == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("", Kind.MISSING),
        ("07700", Kind.PHONE_TOO_SHORT),
        ("077009001234567", Kind.PHONE_TOO_LONG),
        ("0770o900123", Kind.PHONE_CHARACTERS),
        ("020 7946 0018", Kind.PHONE_NOT_MOBILE),
        ("+33 6 12 34 56 78", Kind.PHONE_ABROAD),
        ("07999", Kind.PHONE_TOO_SHORT),
    ],
)
def test_a_number_that_cannot_be_written_to_says_why(number: str, kind: Kind) -> None:
    assert problems("phone number|name", f"{number}|Jo") == [(kind, "phone number")]


def test_what_a_list_says_of_a_number_is_what_the_references_screens_say() -> None:
    """alphagov/notifications-utils:notifications_utils/recipient_validation/errors.py"""
    told = {}
    for case in cases("notify/phone_numbers.json"):
        result = case["results"][-1]
        assert result["allow_international"] and result["allow_uk_landline"]
        said = [PROBLEMS[kind].en for kind, _column in problems("phone number|name", f"{case['input']}|Jo", ANYWHERE)]
        if not result["ok"] and case["input"] not in MOVED_SINCE:
            assert said == [result["message"]], case["input"]
            told[result["code"]] = said
    assert set(told) == {"too_long", "too_short", "unknown_character", "invalid_number"}


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    assert problems("email address|name|thing", "nobody||", EMAIL) == [
        (Kind.EMAIL, "email address"),
        (Kind.MISSING, "thing"),
        (Kind.MISSING, "name"),
    ]


def test_a_message_that_is_too_long_or_empty_is_a_problem_of_the_row() -> None:
    assert problems("phone number|name", f"07700900123|{'x' * 913}") == [(Kind.TOO_LONG, "")]
    assert problems("phone number|name", f"07700900123|{'x' * 912}") == []
    only_a_gap = Rules(Channel.SMS, Pair(Words("", "((name??))")), None)
    assert problems("phone number|name", "07700900123|no", only_a_gap) == [(Kind.EMPTY, "")]


@pytest.mark.parametrize(
    ("said", "language"), [("", "both"), ("Welsh", "cy"), ("CYMRAEG", "cy"), ("en", "en"), ("dwyieithog", "both")]
)
def test_a_row_may_say_its_language(said: str, language: str) -> None:
    found = columns("phone number", "name", "enw", "language", rules=BOTH)
    row = check_row(Row(2, ("07700900123", "Jo", "Siân", said)), found, BOTH)
    assert (row.language, row.problems) == (language, ())


def test_a_language_that_is_none_is_a_problem_and_a_gap_of_that_name_is_not() -> None:
    assert problems("phone number|name|enw|language", "07700900123|Jo|Siân|French", BOTH) == [
        (Kind.LANGUAGE, "language")
    ]
    asks = Rules(Channel.SMS, Pair(Words("", "In ((language))"), Words("", "Yn ((language))")), None)
    assert problems("phone number|language", "07700900123|French", asks) == []


def test_only_the_language_of_the_row_must_be_filled() -> None:
    assert problems("phone number|name|enw|language", "07700900123|Jo||en", BOTH) == []
    assert problems("phone number|name|enw|language", "07700900123|Jo||cy", BOTH) == [(Kind.MISSING, "enw")]


def test_in_trial_mode_strangers_are_a_problem() -> None:
    trial = Rules(Channel.EMAIL, EMAIL.pair, None, allowed=frozenset({"jo@example.com"}))
    assert problems("email address|name|thing", "JO@example.com|Jo|x", trial) == []
    assert problems("email address|name|thing", "al@example.com|Al|x", trial) == [(Kind.NOT_ALLOWED, "email address")]


def test_a_letters_row_is_checked_as_an_address() -> None:
    headings = "address line 1|address line 2|postcode|name"
    assert problems(headings, "Jo Jones|1 High Street|SW1A 1AA|Jo", LETTER) == []
    assert problems(headings, "Jo Jones||SW1A 1AA|Jo", LETTER) == [(Kind.ADDRESS_TOO_SHORT, "address")]
    assert problems(headings, "Jo Jones|1 High Street|nowhere|Jo", LETTER) == [(Kind.ADDRESS_LAST_LINE, "address")]


def test_a_list_adds_up_to_what_sending_it_uses() -> None:
    rules = Rules(Channel.SMS, Pair(Words("", "((name))")), None, may_text_abroad=True)
    found, tally = columns("phone number", "name", rules=rules), Tally()
    for number, name in (("07700900123", "x" * 161), (FRENCH, "Jo"), ("07700900124", "Al"), ("no", "Jo")):
        tally.add(check_row(Row(2, (number, name)), found, rules))
    assert (tally.rows, tally.wrong, tally.abroad) == (4, 1, 1)
    assert tally.kinds == {Kind.PHONE_CHARACTERS: 1}
    assert tally.units == {1: 3, parse_phone_number(FRENCH).rate_multiplier: 1}
