"""Whom one can write to (alphagov/notifications-utils:notifications_utils/recipient_validation/)."""

import pytest
from tests.contracts import cases

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.contact.phone_number import (
    AbroadNotAllowed,
    NotAMobile,
    NotAPhoneNumber,
    _find_everyday_mobile,
    _parse_any,
    check_may_be_sent_to,
    normalise_sender,
    parse_phone_number,
)
from guildhall.notify.wire.notify_v2.recipients import words_of

NOT_VALID = "Number is not valid – double check the phone number you entered"
MOVED_SINCE = {"+00263 71123456"}
"""Zimbabwe's lengths differ between libphonenumber 9.0.36, which the cases follow, and ours."""


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Jo.Bloggs@Example.COM", "jo.bloggs@example.com"),
        (" jo@example.com\u200b", "jo@example.com"),
        ("jo@bücher.example", "jo@bücher.example"),
        ("o'neil+bins@a-b.example.co.uk", "o'neil+bins@a-b.example.co.uk"),
    ],
)
def test_an_email_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert parse_email_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jo",
        "jo@localhost",
        "jo@example..com",
        "j..o@example.com",
        "jo@-example.com",
        "jo@example.c",
        "jo@exa_mple.com",
        "jo @example.com",
        f"{'j' * 310}@example.com",
        f"jo@{'e' * 64}.com",
        "jo@1.2.3.4",
    ],
)
def test_what_mail_could_not_reach_is_not_an_email_address(typed: str) -> None:
    with pytest.raises(NotAnEmailAddress) as refused:
        parse_email_address(typed)
    assert words_of(refused.value) == "Not a valid email address"


def test_the_contracts_email_addresses() -> None:
    for case in cases("notify/email_addresses.json"):
        if case["ok"]:
            assert parse_email_address(case["input"]) == case["normalised"]
        else:
            with pytest.raises(NotAnEmailAddress) as refused:
                parse_email_address(case["input"])
            assert words_of(refused.value) == case["message"]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("07700 900123", "447700900123"),
        ("+44 (0)7700-900 123", "447700900123"),
        ("7700900123", "447700900123"),
        ("00447700900123", "447700900123"),
        ("230 5 2512345", "23052512345"),
        ("+1 202 555 0104", "12025550104"),
    ],
)
def test_a_phone_number_is_stored_in_one_form(typed: str, digits: str) -> None:
    assert parse_phone_number(typed).digits == digits


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("+4477009001234", "Too many digits"),
        ("07700 90012x", "Must not contain letters or symbols"),
        (f"07700900123{' ' * 1000}", NOT_VALID),
        (" " * 1_001, NOT_VALID),
        ("0" * 1_001, "Not enough digits"),
        ("7" * 1_001, NOT_VALID),
        ("x" * 1_001, "Must not contain letters or symbols"),
        ("+7 7700 900123", NOT_VALID),
    ],
)
def test_what_no_text_could_reach_is_not_a_phone_number(typed: str, problem: str) -> None:
    with pytest.raises(NotAPhoneNumber) as refusal:
        parse_phone_number(typed)
    assert words_of(refusal.value) == problem


def test_a_number_abroad_and_a_landline_need_leave() -> None:
    abroad, landline = parse_phone_number("+33 6 12 34 56 78"), parse_phone_number("0117 496 0860")
    with pytest.raises(AbroadNotAllowed):
        check_may_be_sent_to(abroad, abroad=False, landlines=True)
    with pytest.raises(NotAMobile):
        check_may_be_sent_to(landline, abroad=True, landlines=False)
    check_may_be_sent_to(abroad, abroad=True, landlines=False)
    check_may_be_sent_to(landline, abroad=False, landlines=True)


def test_a_crown_dependency_is_priced_as_abroad_and_never_refused_as_abroad() -> None:
    jersey = parse_phone_number("07797 800123")
    check_may_be_sent_to(jersey, abroad=False, landlines=False)
    assert (jersey.is_abroad, jersey.rate_multiplier) == (True, 2)


def test_a_number_abroad_costs_what_its_country_costs() -> None:
    assert parse_phone_number("+44 7700 900123").rate_multiplier == 1
    assert parse_phone_number("+7 495 123 45 67").rate_multiplier == 10
    assert parse_phone_number("+1 664 491 3789").rate_multiplier == 6


def test_a_number_that_is_only_taken_because_it_begins_like_one_for_films_is_unlikely() -> None:
    """Contract, beyond the reference: a warning on numbers like 0770090, which GOV.UK Notify takes."""
    likely = {"07700900123", "+447700900123", "0117 496 0860", "+33 6 12 34 56 78", "07797 800123"}
    assert not any(parse_phone_number(typed).is_unlikely for typed in likely)
    assert all(parse_phone_number(typed).is_unlikely for typed in ("0770090", "07700900", "0770012"))


def test_a_senders_number_is_shown_with_its_country() -> None:
    assert normalise_sender("07700900500") == "447700900500"
    assert normalise_sender("BorsetCncl") == "BorsetCncl"
    assert normalise_sender("60006") == "60006"


def test_the_contracts_phone_numbers() -> None:
    for case in cases("notify/phone_numbers.json"):
        if case["input"] in MOVED_SINCE:
            continue
        for result in case["results"]:
            assert _outcome(case["input"], result) == _expected(result), (case["input"], result)


def test_what_is_said_of_a_number_of_any_length_is_what_the_reference_says() -> None:
    """Of 0 to 251 digits, of every country's prefix and none, with letters, symbols and nothing but space."""
    for case in cases("notify/phone_number_refusals.json"):
        assert _stored_or_refused(case["input"]) == case.get("normalised", case.get("v2_message")), case["input"]


def _stored_or_refused(typed: str) -> str:
    try:
        return parse_phone_number(typed).digits
    except NotAPhoneNumber as refusal:
        return words_of(refusal)


def _outcome(typed: str, result: dict[str, bool]) -> object:
    try:
        number = parse_phone_number(typed)
        check_may_be_sent_to(number, abroad=result["allow_international"], landlines=result["allow_uk_landline"])
    except AbroadNotAllowed:
        return "Not a UK mobile number"  # the cases do not tell the two apart; the API does (contract: notify 1.4)
    except NotAPhoneNumber as refusal:
        return words_of(refusal)
    return (
        number.digits,
        number.for_people,
        number.is_abroad,
        number.is_crown_dependency,
        number.country.prefix,
        number.rate_multiplier,
    )


def _expected(result: dict[str, object]) -> object:
    if not result["ok"]:
        return result["v2_message"]
    names = ("normalised", "human", "international", "crown_dependency", "country_prefix", "rate_multiplier")
    return tuple(result[name] for name in names)


def test_everyday_mobiles_are_read_as_every_other_number_is() -> None:
    """The short way for British mobiles says what the long way says, for every range that begins with a 7."""
    for start in range(70000, 80000):
        typed = f"0{start}12345" if start % 2 else f"+44 {start} 54321"
        quick = _find_everyday_mobile(typed)
        assert quick is None or quick == _parse_any(typed), typed
    assert _find_everyday_mobile("07912 345678") is not None
