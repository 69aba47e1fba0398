"""Where a letter goes (alphagov/notifications-utils:notifications_utils/recipient_validation/postal_address.py)."""

import pytest
from tests.contracts import cases, rows

from guildhall.contact.countries import CountryUnknown, Zone, find_country, get_country
from guildhall.contact.postal_address import (
    NotAnAddress,
    PostalAddress,
    check_address,
    is_deliverable,
)
from guildhall.contact.postcode import find_postcode
from guildhall.notify.domain.letter_address import address_from, values_of
from guildhall.notify.wire.notify_v2.recipients import words_of

STRANGE_START = "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >"


def test_an_address_is_printed_as_the_post_likes_it() -> None:
    address = PostalAddress("Mx   One ,\n\n 1  High Street .\n Town\n b t7 1 nn\nNorthern Ireland\nUnited Kingdom\n")
    assert address.lines == ("Mx One", "1 High Street.", "Town", "BT7 1NN")
    assert address.zone is Zone.UNITED_KINGDOM


@pytest.mark.parametrize(
    ("written", "is_refused_for"),
    [
        ("A\nB", "Address must be at least 3 lines"),
        ("A\nB\nC\nD\nE\nF\nG\nSW1A 1AA", "Address must be no more than 7 lines"),
        ("A\n!\nSW1A 1AA", "The first 2 lines of the address must both include at least one alphanumeric character"),
        ("A\nB\nBFPO 1\nFrance", "The last line of a BFPO address must not be a country."),
        ("A\nB\nFrance", "Must be a real UK postcode"),
        (
            "A\n(B\nSW1A 1AA",
            STRANGE_START,
        ),
        (
            "A\n~B\nSW1A 1AA",
            STRANGE_START,
        ),
        ("A\nB of no Fixed abode\nSW1A 1AA", "Must be a real address"),
        ("A\nNFA\nSW1A 1AA", "Must be a real address"),
        # the first that applies is told
        ("!\nNFA", "Address must be at least 3 lines"),
        ("(A\nNFA\nFrance", "Must be a real UK postcode"),
    ],
)
def test_an_address_is_refused_for_the_first_reason_that_applies(written: str, is_refused_for: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        check_address(PostalAddress(written))
    assert words_of(refused.value) == is_refused_for
    assert not is_deliverable(PostalAddress(written))


def test_a_country_will_do_where_letters_go_abroad() -> None:
    check_address(PostalAddress("A\nB\nDeutschland", may_be_abroad=True))
    with pytest.raises(NotAnAddress) as refused:
        check_address(PostalAddress("A\nB\nC", may_be_abroad=True))
    assert words_of(refused.value) == "Last line of address must be a real UK postcode or another country"


def test_a_letter_to_the_forces_needs_no_postcode() -> None:
    address = PostalAddress("Sgt One\nUnit 1\nBFPO c/o 58\nBFPO")
    check_address(address)
    assert address.lines == ("Sgt One", "Unit 1", "BFPO 58")


def test_the_last_line_is_line_seven_or_the_postcode() -> None:
    given = {"Address Line 1": "A", "address-line-2": "B", "postcode": "sw1a1aa"}
    assert address_from(given, may_be_abroad=False).lines == ("A", "B", "SW1A 1AA")
    assert address_from(given | {"address_line_7": "E1 8QS"}, may_be_abroad=False).lines == ("A", "B", "E1 8QS")
    assert address_from({"address_line_1": None}, may_be_abroad=False).lines == ()


@pytest.mark.parametrize("line", ["SW1A 1AAA", "QQ1 1AA", "SW1A 1AC", "SW1A", "١W1 1AA", ""])
def test_not_everything_is_a_postcode(line: str) -> None:
    assert find_postcode(line) is None


def test_countries_are_known_by_many_names_and_by_no_number() -> None:
    for spelling in ("Yr Almaen", "ALMAEN", "germany", "Deutschland", "DE"):
        assert get_country(spelling).name == "Germany"
    assert find_country("Россия") == find_country("Russia")
    assert find_country("Россия1") is None


def test_the_contracts_cases_of_addresses() -> None:
    for case in cases("notify/postal_addresses.json"):
        address = PostalAddress(case["input"], case["allow_international"])
        assert {
            "normalised": "\n".join(address.lines),
            "line_count": len(address.lines),
            "has_enough_lines": address.has_enough_lines,
            "has_too_many_lines": address.has_too_many_lines,
            "has_valid_postcode": address.postcode is not None,
            "has_valid_last_line": address.has_known_last_line,
            "has_invalid_characters": address.has_strange_start,
            "has_no_fixed_abode_address": address.is_no_fixed_abode,
            "has_invalid_country_for_bfpo_address": address.has_country_after_bfpo,
            "international": address.is_abroad,
            "is_bfpo_address": address.bfpo_number is not None,
            "bfpo_number": address.bfpo_number,
            "postage": address.zone,
            "postcode": address.postcode,
            "has_alphanumeric_character_in_address_lines_1_and_2": address.first_lines_say_something,
            "valid": is_deliverable(address),
            "as_single_line": address.one_line,
            "as_personalisation": values_of(address),
            "country": address.country.name,
            "input": case["input"],
            "allow_international": case["allow_international"],
        } == case, case["input"]


def test_the_contracts_cases_of_countries() -> None:
    for case in cases("notify/country_lookup.json"):
        spelling = case.get("search", case.get("synonym"))
        if case["check"] == "hand_crafted_synonyms":
            assert get_country(spelling).name == case["expected"]
        elif case["check"] == "get_postage":
            assert get_country(spelling).zone == case["expected"]
        else:
            with pytest.raises(CountryUnknown) as refused:
                get_country(spelling)
            assert str(refused.value) == case.get("expected_error_message", str(refused.value))


def test_the_contracts_spellings_of_countries() -> None:
    for line in rows("notify/countries.csv"):
        if not any(character.isdigit() for character in line["name"]):
            country = get_country(line["name"])
            assert (country.name, country.zone) == (line["canonical_name"], line["postage_zone"]), line


@pytest.mark.parametrize("country", ["Wales", "United Kingdom", "England\nUK", "Cymru"])
def test_an_address_of_the_forces_may_end_in_a_country_of_the_united_kingdom(country: str) -> None:
    """Only countries abroad are refused."""
    address = PostalAddress(f"Sgt One\nUnit 1\nBFPO 58\nBF1 2AA\n{country}", may_be_abroad=True)
    assert is_deliverable(address)
    assert address.lines == ("Sgt One", "Unit 1", "BF1 2AA", "BFPO 58")


def test_of_two_forces_numbers_the_first_counts() -> None:
    assert PostalAddress("Sgt One\nUnit 1\nBFPO 58\nBFPO 59").lines == ("Sgt One", "Unit 1", "BFPO 58")
