"""What a payer typed on the card page: what is accepted, and what is wrong with the rest.

Faults are keys of the page's labels (``data/page_labels.csv``), by the field they are about. Only test cards are taken:
any other number that could be a real card is refused here, before anything is stored or written to a log.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.kernel.text import clean_identifier, compose, is_blank
from guildhall.pay.domain.cards import (
    LONGEST,
    SHORTEST,
    CardEntry,
    is_luhn_valid,
    known_test_cards,
    security_code_length,
)
from guildhall.pay.domain.creation import LONGEST_EMAIL, LONGEST_POSTCODE, LONGEST_TEXT, Address

Faults = Mapping[str, str]

_MOST_DIGITS = 11  # more in a name or an address look like a card number in the wrong box
_WORDS = frozenset({"cardholder_name", "line1", "line2", "city"})
_COUNTRY = re.compile(r"[A-Z]{2}")
_BETWEEN_DIGITS = re.compile(r"[\s-]")
_UP_TO_FOUR_DIGITS = re.compile(r"[0-9]{1,4}")
_SECURITY_CODE = re.compile(r"[0-9]{3,4}")
_OF_ADDRESS = {"addressLine1": True, "addressLine2": False, "addressCity": True, "addressPostcode": True}


@dataclass(frozen=True)
class Typed:
    """The boxes of the card page, as they came. The number and the code never show when this is printed."""

    card_number: str = field(default="", repr=False)
    security_code: str = field(default="", repr=False)
    expiry_month: str = ""
    expiry_year: str = ""
    cardholder_name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    postcode: str = ""
    country: str = "GB"
    email: str = ""


@dataclass(frozen=True)
class Accepted:
    """A card page that is filled in rightly."""

    card: CardEntry
    address: Address
    email: str | None


class CardPageRefused(Exception):
    """Something on the card page is wrong; ``faults`` says what, by field, in the order of the page."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("something on the card page is wrong")
        self.faults = faults


def accept(typed: Typed, *, today: date) -> Accepted:
    """Return what was typed as a card, an address and an email address.

    :raises CardPageRefused: something is missing or wrong.
    """
    typed = _as_meant(typed)
    number, code = _BETWEEN_DIGITS.sub("", typed.card_number), typed.security_code
    found = {
        "cardNo": _fault_of_number(number),
        "expiryMonth": _fault_of_expiry(typed, today),
        "cardholderName": _fault_of_name(typed.cardholder_name),
        "cvc": _fault_of_code(code, number),
        **_faults_of_address(typed),
        "email": _fault_of_email(typed.email),
    }
    if faults := {name: f"fieldErrors.fields.{name}.{fault}" for name, fault in found.items() if fault}:
        raise CardPageRefused(faults)
    month, year = _expiry(typed)
    return Accepted(
        CardEntry(number, code, f"{month:02d}/{year % 100:02d}", typed.cardholder_name),
        Address(typed.line1, typed.line2, typed.postcode, typed.city, typed.country),
        parse_email_address(typed.email) if typed.email else None,
    )


def _as_meant(typed: Typed) -> Typed:
    """Return the boxes with words composed, identifiers cleaned, and nothing in those where nothing can be seen."""
    return Typed(**{box.name: _read(box.name, getattr(typed, box.name)) for box in fields(Typed)})


def _read(box: str, text: str) -> str:
    if box not in _WORDS:
        return clean_identifier(text)
    return "" if is_blank(text) else compose(text).strip()


def may_be_shown_again(text: str) -> bool:
    """Tell whether a box may be filled in again as it was: not when a card number may have been typed into it."""
    return sum(character.isdigit() for character in text) <= _MOST_DIGITS


def _fault_of_number(number: str) -> str:
    if not number:
        return "message"
    if not (number.isascii() and number.isdigit()):
        return "nonNumeric"
    if not SHORTEST <= len(number) <= LONGEST:
        return "numberIncorrectLength"
    if not is_luhn_valid(number):
        return "luhnInvalid"
    return "" if number in known_test_cards() else "notATestCard"


def _fault_of_expiry(typed: Typed, today: date) -> str:
    if not typed.expiry_month or not typed.expiry_year:
        return "message"
    month, year = _expiry(typed)
    if not 1 <= month <= 12:
        return "invalidMonth"
    if not 2000 <= year <= today.year + 50:
        return "invalidYear"
    return "inThePast" if (year, month) < (today.year, today.month) else ""


def _expiry(typed: Typed) -> tuple[int, int]:
    """Return month and year as numbers, 0 for what is no number; a year of two digits is of this century."""
    month, year = _number(typed.expiry_month), _number(typed.expiry_year)
    return month, year + 2000 if len(typed.expiry_year) == 2 else year


def _number(text: str) -> int:
    return int(text) if _UP_TO_FOUR_DIGITS.fullmatch(text) else 0


def _fault_of_name(name: str) -> str:
    if not name or len(name) > LONGEST_TEXT:
        return "message"
    if not may_be_shown_again(name):
        return "containsTooManyDigits"
    return "containsSuspectedCVC" if _SECURITY_CODE.fullmatch(name) else ""


def _fault_of_code(code: str, number: str) -> str:
    if not code:
        return "message"
    is_one = _SECURITY_CODE.fullmatch(code) is not None and len(code) == security_code_length(number)
    return "" if is_one else "invalidLength"


def _faults_of_address(typed: Typed) -> dict[str, str]:
    texts = dict(zip(_OF_ADDRESS, (typed.line1, typed.line2, typed.city, typed.postcode), strict=True))
    faults = {name: _fault_of_line(text, is_required=_OF_ADDRESS[name]) for name, text in texts.items()}
    if not faults["addressPostcode"] and len(typed.postcode) > LONGEST_POSTCODE:
        faults["addressPostcode"] = "message"
    return faults | {"addressCountry": "" if _COUNTRY.fullmatch(typed.country) else "message"}


def _fault_of_line(text: str, *, is_required: bool) -> str:
    if not may_be_shown_again(text):
        return "containsTooManyDigits"
    return "message" if len(text) > LONGEST_TEXT or (is_required and not text) else ""


def _fault_of_email(email: str) -> str:
    if not may_be_shown_again(email):
        return "containsTooManyDigits"
    return "" if not email or (len(email) <= LONGEST_EMAIL and _is_email(email)) else "message"


def _is_email(typed: str) -> bool:
    try:
        return bool(parse_email_address(typed))
    except NotAnEmailAddress:
        return False
