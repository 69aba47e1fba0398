"""Cards: pay contract 10 and 16 (alphagov/pay-connector, sandbox provider; alphagov/pay-frontend, locales)."""

import csv
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts import cases

from guildhall.pay.domain.card_form import CardPageRefused, Typed, accept
from guildhall.pay.domain.cards import (
    contains_card_number,
    could_be_a_card,
    find_brand,
    is_card_number,
    is_luhn_valid,
    known_test_cards,
    security_code_length,
    shows_a_card,
)

TODAY = date(2026, 11, 21)
RIGHT = {
    "card_number": "4242 4242 4242 4242",
    "security_code": "123",
    "expiry_month": "11",
    "expiry_year": "26",
    "cardholder_name": "Olwen Ap Rhys",
    "line1": "1 High Street",
    "city": "Testford",
    "postcode": "TE1 1ST",
}


def faults(**changes: str) -> dict[str, str]:
    with pytest.raises(CardPageRefused) as refused:
        accept(Typed(**{**RIGHT, **changes}), today=TODAY)
    return {field: key.rsplit(".", 1)[1] for field, key in refused.value.faults.items()}


def test_a_card_page_filled_in_rightly_is_accepted() -> None:
    accepted = accept(Typed(**RIGHT, email="olwen@example.com"), today=TODAY)
    assert (accepted.card.number, accepted.card.expiry) == ("4242424242424242", "11/26")
    assert (accepted.card.first_six, accepted.card.last_four, accepted.card.brand) == ("424242", "4242", "Visa")
    assert (accepted.address.line1, accepted.address.country, accepted.email) == (
        "1 High Street",
        "GB",
        "olwen@example.com",
    )


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", "message"),
        ("card", "nonNumeric"),
        ("4242 4242 4242 424x", "nonNumeric"),
        ("42424242424", "numberIncorrectLength"),
        ("4" * 20, "numberIncorrectLength"),
        ("4242424242424241", "luhnInvalid"),
        ("5555555555554444", "notATestCard"),
        ("4000000000003220", "notATestCard"),
    ],
)
def test_a_number_that_is_not_a_listed_test_card_is_refused(number: str, fault: str) -> None:
    assert faults(card_number=number) == {"cardNo": fault}


@given(st.integers(10**14, 10**15 - 1))
def test_no_number_is_accepted_that_is_not_listed(start: int) -> None:
    number = next(f"{start}{check}" for check in range(10) if is_luhn_valid(f"{start}{check}"))
    if number not in known_test_cards():
        assert faults(card_number=number)["cardNo"] == "notATestCard"


@pytest.mark.parametrize(
    ("month", "year", "fault"),
    [
        ("10", "26", "inThePast"),
        ("10", "2026", "inThePast"),
        ("13", "27", "invalidMonth"),
        ("0", "27", "invalidMonth"),
        ("x", "27", "invalidMonth"),
        ("", "27", "message"),
        ("11", "", "message"),
        ("11", "7", "invalidYear"),
        ("11", "202", "invalidYear"),
        ("11", "1999", "invalidYear"),
        ("11", "2099", "invalidYear"),
    ],
)
def test_an_expiry_date_must_be_a_month_to_come(month: str, year: str, fault: str) -> None:
    assert faults(expiry_month=month, expiry_year=year) == {"expiryMonth": fault}


def test_a_card_is_good_until_the_end_of_its_month() -> None:
    assert accept(Typed(**RIGHT), today=date(2026, 11, 30)).card.expiry == "11/26"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"security_code": ""}, {"cvc": "message"}),
        ({"security_code": "12"}, {"cvc": "invalidLength"}),
        ({"security_code": "1234"}, {"cvc": "invalidLength"}),
        ({"card_number": "371449635398431", "security_code": "123"}, {"cvc": "invalidLength"}),
        ({"cardholder_name": " "}, {"cardholderName": "message"}),
        ({"cardholder_name": "123"}, {"cardholderName": "containsSuspectedCVC"}),
        ({"cardholder_name": "4242 4242 4242 4242"}, {"cardholderName": "containsTooManyDigits"}),
        ({"line1": ""}, {"addressLine1": "message"}),
        ({"line1": "4242424242424242"}, {"addressLine1": "containsTooManyDigits"}),
        ({"line2": "4242424242424242"}, {"addressLine2": "containsTooManyDigits"}),
        ({"city": ""}, {"addressCity": "message"}),
        ({"postcode": ""}, {"addressPostcode": "message"}),
        ({"postcode": "x" * 26}, {"addressPostcode": "message"}),
        ({"country": "Wales"}, {"addressCountry": "message"}),
        ({"email": "olwen"}, {"email": "message"}),
        ({"email": "4242424242424242@example.com"}, {"email": "containsTooManyDigits"}),
    ],
)
def test_each_box_has_its_own_rule(changes: dict[str, str], expected: dict[str, str]) -> None:
    assert faults(**changes) == expected


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_page() -> None:
    empty = dict.fromkeys(RIGHT, "")
    assert list(faults(**empty)) == [
        "cardNo",
        "expiryMonth",
        "cardholderName",
        "cvc",
        "addressLine1",
        "addressCity",
        "addressPostcode",
    ]


def test_every_fault_has_words_in_both_languages() -> None:
    text = files("guildhall.pay").joinpath("data/page_labels.csv").read_text("utf-8")
    labels = {row["key"]: row for row in csv.DictReader(text.splitlines()[1:])}
    assert labels["fieldErrors.fields.cardNo.notATestCard"]["en"] == "Use a test card"
    for field, names in {
        "cardNo": ("message", "nonNumeric", "numberIncorrectLength", "luhnInvalid", "notATestCard"),
        "expiryMonth": ("message", "invalidMonth", "invalidYear", "inThePast"),
        "cardholderName": ("message", "containsTooManyDigits", "containsSuspectedCVC"),
        "cvc": ("message", "invalidLength"),
        "addressLine1": ("message", "containsTooManyDigits"),
        "addressLine2": ("message", "containsTooManyDigits"),
        "addressCity": ("message", "containsTooManyDigits"),
        "addressPostcode": ("message", "containsTooManyDigits"),
        "addressCountry": ("message",),
        "email": ("message", "containsTooManyDigits"),
    }.items():
        for name in names:
            label = labels[f"fieldErrors.fields.{field}.{name}"]
            assert label["en"]
            assert label["cy"]


def test_a_card_never_shows_its_number_or_code_when_printed() -> None:
    typed = Typed(**RIGHT)
    accepted = accept(typed, today=TODAY)
    for shown in (repr(typed), repr(accepted), str(accepted.card)):
        assert "4242 4242" not in shown
        assert "4242424242424242" not in shown
        assert "'123'" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "my card is 4242 4242 4242 4242, thanks",
        "2026-11-21 4242-4242-4242-4242",
        "3714 496353 98431",
        "ref 371449635398431",
        "4917610000000000003",
    ],
)
def test_a_card_number_in_a_text_is_noticed(text: str) -> None:
    assert contains_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BW-1",
        "4242424242424241",
        "1234567890123452",
        "07700 900 982",
        "42424242424242424242",
        "42424242424242420067",  # whose first nineteen digits could be a card's
        "4242 4242 4242 42424",
        "2026-11-21 10:00:00",
    ],
)
def test_other_numbers_are_not_taken_for_cards(text: str) -> None:
    assert not contains_card_number(text)


@pytest.mark.parametrize("gap", [" ", "-", ".", "\u00a0", "\u2009", "\u2011", "\u2013", "\u2212"])
def test_a_number_is_noticed_however_its_groups_are_parted(gap: str) -> None:
    printed = gap.join(["4000", "1234", "5678", "9017"])
    assert contains_card_number(printed)
    assert shows_a_card(f"card {printed}")
    assert is_card_number(printed)


@pytest.mark.parametrize("number", ["4000123456789017", "CT-4000123456789017", "ref 371449635398439"])
def test_a_run_of_digits_is_no_card_beyond_doubt_unless_it_is_a_published_one(number: str) -> None:
    assert not shows_a_card(number)
    assert shows_a_card(f"{number} 4242424242424242")


@pytest.mark.parametrize(
    "text", ["", "4000123456789018", "CT 4000123456789017", "40001234567890170000", "4000x1234567890"]
)
def test_a_text_is_a_card_number_only_as_a_whole(text: str) -> None:
    assert not is_card_number(text)


def test_one_in_ten_numbers_that_begin_like_a_card_could_be_one() -> None:
    """Why decision 20 does not refuse them."""
    numbers = [f"400012345678{last:04d}" for last in range(10_000)]
    assert sum(map(could_be_a_card, numbers)) == 1_000


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242424242424242", "Visa"),
        ("5105105105105100", "Mastercard"),
        ("222100000000000", "Mastercard"),
        ("2720990000000000", "Mastercard"),
        ("371449635398431", "American Express"),
        ("6011000990139424", "Discover"),
        ("36148900647913", "Diners Club"),
        ("3566002020360505", "Jcb"),
        ("6759649826438453", "Maestro"),
        ("6200000000000005", "Union Pay"),
        ("9999999999999999", None),
    ],
)
def test_a_number_shows_its_brand(number: str, brand: str | None) -> None:
    assert find_brand(number) == brand


def test_american_express_prints_four_digits() -> None:
    assert (security_code_length("371449635398431"), security_code_length("4242424242424242")) == (4, 3)


def test_every_listed_card_has_a_right_check_digit_and_a_brand() -> None:
    for number in known_test_cards():
        assert is_luhn_valid(number)
        assert find_brand(number)


def test_our_list_of_cards_says_what_its_source_says() -> None:
    answers = {"success": "success", "declined": "declined", "gateway": "error"}
    source = {
        row["number"]: answers[row["result"].split()[0].rstrip(";")]
        for row in cases("pay/sandbox_cards.json")
        if row["number"] != "*"
    }
    assert {number: card.answer for number, card in known_test_cards().items()} == source
