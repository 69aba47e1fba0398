"""Identifiers that people type lose what cannot be seen, and every dash in them is a hyphen: whoever reads them.

The list of readers is whole: whatever takes something ``typed`` stands in one of the four tables below.
"""

import ast
from collections.abc import Callable
from datetime import date

import pytest
from tests.architecture.test_the_code import modules
from tests.domain.pay.test_cards import RIGHT
from tests.domain.services_forms.test_questions import question

from guildhall.contact import countries, email_address, phone_number, postal_address, postcode, telephone
from guildhall.design.domain import contrast, time_of_day
from guildhall.identity.domain import code
from guildhall.notify.domain import document, settings
from guildhall.pay.domain import card_form
from guildhall.services.forms.domain.questions import KINDS
from guildhall.services.forms.domain.questions import asking as questions
from guildhall.services.tracking.domain import lookups

TODAY = date(2026, 11, 30)

DIRECTION = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNSEEN = f"{DIRECTION}\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\ufe0f\u115f\u3164"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d"
SPACES = "\u00a0\u202f\u2007\u2009\u3000\t"

Reader = Callable[[str], object]


def answer(kind: str, part: str = "") -> Reader:
    def read(typed: str) -> object:
        others = {"day": "1", "month": "12", "year": "2026", "address1": "1 High Street", "town_or_city": "Wrexham"}
        given: object = (others if kind == "date" else {**others, "postcode": ""}) | {part: typed} if part else typed
        checked = question(kind).check(given, today=TODAY)  # type: ignore[arg-type]
        assert checked.is_good, checked.faults
        return checked.answer

    return read


def card(box: str) -> Reader:
    return lambda typed: card_form.accept(card_form.Typed(**RIGHT | {box: typed}), today=TODAY)


# Each with what is typed: with a hyphen and a space wherever its reader allows them.
READERS: dict[str, tuple[Reader, str]] = {
    "parse_email_address": (email_address.parse_email_address, "jo-ann@ex-ample.com"),
    "tidy_email_address": (email_address.tidy_email_address, "Jo-Ann@ex-ample.com"),
    "normalise_email_address": (email_address.normalise_email_address, "jo-ann@"),
    "parse_phone_number": (phone_number.parse_phone_number, "07700 900-123"),
    "parse_phone_number abroad": (phone_number.parse_phone_number, "+33 6 12-34 56 78"),
    "read_telephone": (telephone.read_telephone, "01632 960-001 ext 4"),
    "parse_postcode": (postcode.parse_postcode, "sw1a-1aa"),
    "looks_like_a_postcode": (postcode.looks_like_a_postcode, "sw1a -- 1aa   "),
    "find_postcode": (postcode.find_postcode, "SW1A 1AA"),
    "PostalAddress": (lambda typed: postal_address.PostalAddress(f"A\nB\n{typed}").postcode, "SW1A 1AA"),
    "find_country": (countries.find_country, "Guinea-Bissau"),
    "read_time_of_day": (time_of_day.read_time_of_day, "9.30 pm"),
    "parse_colour": (contrast.parse_colour, "#00703c"),
    "read_code": (code.read_code, "123-456"),
    "read_contact": (document.read_contact, "jo-ann@example.com"),
    "read_contact, a phone": (document.read_contact, "01632 960001"),
    "read_text_sender": (settings.read_text_sender, "Bins-R Us"),
    "read_local_part": (settings.read_local_part, "waste-team"),
    "read_colour": (settings.read_colour, "#1d70b8"),
    "normalised_reference": (lookups.normalised_reference, "HK2D-E5RT"),
    "identifier": (questions.identifier, "1-2 3"),
    "accept, card_number": (card("card_number"), "4242-4242 4242 4242"),
    "accept, security_code": (card("security_code"), "123"),
    "accept, expiry_month": (card("expiry_month"), "11"),
    "accept, expiry_year": (card("expiry_year"), "26"),
    "accept, postcode": (card("postcode"), "TE1-1ST"),
    "accept, email": (card("email"), "jo-ann@example.com"),
    "question email": (answer("email"), "jo-ann@example.com"),
    "question phone_number": (answer("phone_number"), "01632 960-001"),
    "question number": (answer("number"), "12.5"),
    "question national_insurance_number": (answer("national_insurance_number"), "AB-12 34 56 C"),
    "question date, day": (answer("date", "day"), "24"),
    "question date, month": (answer("date", "month"), "December"),
    "question date, year": (answer("date", "year"), "2026"),
    "question address, postcode": (answer("address", "postcode"), "LL11-1AY"),
}
READ_WORDS = {
    "read_name", "read_contact_lines", "searched_words", "words_sought", "words", "one", "several", "parts",
    "clean_identifier", "as_it_is", "bounded",
}  # fmt: skip
READ_SECRETS = {"read_password", "is_right"}
PASS_ON = {"check", "decide", "refused_form", "accept", "add_text_sender", "ask_reply_to"}
"""To readers above."""
KINDS_OF_WORDS = {
    "text", "organisation_name", "long_text", "name", "radios", "checkboxes", "yes_no", "declaration",
}  # fmt: skip


def test_every_reader_is_listed() -> None:
    found = {
        node.name
        for _place, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if (names := [each.arg for each in node.args.args if each.arg != "self"]) and names[0] == "typed"
    }
    listed = {name.partition(",")[0].partition(" ")[0] for name in READERS}
    assert found - listed - READ_WORDS - READ_SECRETS - PASS_ON == set()
    asked = {name.removeprefix("question ").partition(",")[0] for name in READERS if name.startswith("question ")}
    assert asked | KINDS_OF_WORDS == set(KINDS)
    boxes = {name.removeprefix("accept, ") for name in READERS if name.startswith("accept, ")}
    assert boxes | card_form._WORDS | {"country"} == set(card_form.Typed.__dataclass_fields__)


@pytest.mark.parametrize("name", READERS)
def test_what_cannot_be_seen_changes_no_identifier(name: str) -> None:
    read, typed = READERS[name]
    meant = read(typed)
    for character in UNSEEN:
        for place in (0, 1, len(typed) // 2, len(typed)):
            assert read(typed[:place] + character + typed[place:]) == meant, (ascii(character), place)


@pytest.mark.parametrize("name", [name for name, (_read, typed) in READERS.items() if "-" in typed])
def test_every_dash_in_an_identifier_is_a_hyphen(name: str) -> None:
    read, typed = READERS[name]
    for dash in DASHES:
        assert read(typed.replace("-", dash)) == read(typed), ascii(dash)


@pytest.mark.parametrize("name", [name for name, (_read, typed) in READERS.items() if " " in typed])
def test_every_space_in_an_identifier_is_a_space(name: str) -> None:
    read, typed = READERS[name]
    for space in SPACES:
        assert read(typed.replace(" ", space)) == read(typed), ascii(space)


@pytest.mark.parametrize("kind", ["email", "phone_number", "number", "national_insurance_number"])
@pytest.mark.parametrize("blank", ["\u200b", "\u3164\u2800", "\u202a\u202c", "\ufe0f"])
def test_an_identifier_of_which_nothing_can_be_seen_is_missing(kind: str, blank: str) -> None:
    [fault] = question(kind).check(blank, today=TODAY).faults
    [missing] = question(kind).check("", today=TODAY).faults
    assert fault == missing
