"""Card numbers: which are taken here (the published test cards), and how to notice one where none belongs.

No real card is ever taken on our own pages (pay contract 16). A number is looked at, refused or sent on, and forgotten;
what is kept is the first six and last four digits.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Answer = Literal["success", "declined", "error"]
CardType = Literal["debit", "credit"]

SHORTEST, LONGEST = 12, 19

# A label of the wire for each brand, by how its numbers begin.
_BRANDS = {
    "Visa": re.compile(r"4"),
    "Mastercard": re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"),
    "American Express": re.compile(r"3[47]"),
    "Discover": re.compile(r"6011|64[4-9]|65"),
    "Diners Club": re.compile(r"30[0-5]|3[689]"),
    "Jcb": re.compile(r"352[89]|35[3-8]"),
    "Maestro": re.compile(r"50(?:18|20|38)|58|6304|67(?:59|6[1-3])"),
    "Union Pay": re.compile(r"62"),
}

# What people put between the groups of a number: spaces, points and dashes of every kind.
_GAP = r"[\s.\u2010-\u2015\u2212-]"
# Digits in one run, or grouped as they are printed on cards; every place a number could begin is looked at.
_RUN = re.compile(rf"(?<!\d)(\d{{{SHORTEST},{LONGEST}}})(?!\d)")
_PRINTED = re.compile(
    rf"(?=(?<!\d)(\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{1,3}})?"
    rf"|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}})(?!\d))"
)
_BETWEEN = re.compile(_GAP)


@dataclass(frozen=True)
class TestCard:
    """A published test number, and what the sandbox answers to it."""

    __test__ = False  # not a test, whatever its name says

    number: str
    answer: Answer
    card_type: CardType | None


@dataclass(frozen=True)
class CardEntry:
    """What a payer typed, after it was accepted. Number and security code never show when it is printed."""

    number: str = field(repr=False)
    security_code: str = field(repr=False)
    expiry: str
    cardholder_name: str

    @property
    def first_six(self) -> str:
        return self.number[:6]

    @property
    def last_four(self) -> str:
        return self.number[-4:]

    @property
    def brand(self) -> str | None:
        return find_brand(self.number)

    @property
    def card_type(self) -> CardType | None:
        return known_test_cards()[self.number].card_type


def is_luhn_valid(digits: str) -> bool:
    """Tell whether the last digit is the right check digit, as every card number's is.

    >>> is_luhn_valid("4242424242424242"), is_luhn_valid("4242424242424241")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 * (number > 9)
    return total % 10 == 0


def find_brand(number: str) -> str | None:
    """Return the brand whose numbers begin like this one, or None."""
    return next((brand for brand, start in _BRANDS.items() if start.match(number)), None)


def security_code_length(number: str) -> int:
    """Return how many digits the card's security code has."""
    return 4 if find_brand(number) == "American Express" else 3


def could_be_a_card(digits: str) -> bool:
    """Tell whether digits have the length, the beginning and the check digit of a card's.

    So have, by chance, one in ten of all other numbers that begin like a card's.
    """
    return SHORTEST <= len(digits) <= LONGEST and find_brand(digits) is not None and is_luhn_valid(digits)


def is_card_number(text: str) -> bool:
    """Tell whether ``text`` as a whole could be a card number, however its digits are grouped."""
    digits = _BETWEEN.sub("", text)
    return digits.isdecimal() and could_be_a_card(digits)


def contains_card_number(text: str) -> bool:
    """Tell whether a number stands in ``text`` that could be a card's, in one run or grouped as on a card."""
    return any(could_be_a_card(match[1]) for match in _RUN.finditer(text)) or _contains_printed_number(text)


def shows_a_card(text: str) -> bool:
    """Tell whether ``text`` holds a card number beyond doubt: grouped as on a card, or a published test number.

    Other runs of digits are taken for the council's own numbers (decision 20).
    """
    return any(match[1] in known_test_cards() for match in _RUN.finditer(text)) or _contains_printed_number(text)


def _contains_printed_number(text: str) -> bool:
    return any(could_be_a_card(_BETWEEN.sub("", match[1])) for match in _PRINTED.finditer(text))


@lru_cache(maxsize=1)
def known_test_cards() -> Mapping[str, TestCard]:
    """Return the only cards that are taken, by number."""
    written = json.loads(files("guildhall.pay").joinpath("data/sandbox_cards.json").read_text("utf-8"))
    return {card["number"]: TestCard(card["number"], card["answer"], card["type"]) for card in written["cards"]}
