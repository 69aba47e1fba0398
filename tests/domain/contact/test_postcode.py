"""Postcodes: one reader for whatever people type, one for lines of addresses, and one area that nobody lives in."""

import csv
from datetime import date
from importlib.resources import files

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.services_forms.test_questions import question

from guildhall.contact import postcode
from guildhall.contact.postal_address import PostalAddress
from guildhall.contact.postcode import (
    INVENTED_AREA,
    NotAPostcode,
    accept_invented_postcodes,
    accepts_invented_postcodes,
    find_postcode,
    looks_like_a_postcode,
    parse_postcode,
)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("E1 8QS", "E1 8QS"),
        ("e18qs", "E1 8QS"),
        (" E1-8QS. ", "E1 8QS"),
        ("sw1a2aa", "SW1A 2AA"),
        ("M1 1AE", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("CR2 6XH", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("W1A 1HQ", "W1A 1HQ"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("gir 0aa", "GIR 0AA"),
        # alphagov/locations-api reads O for 0 and I for 1 where the place demands it (contract 3.1)
        ("0X1 1AA", "OX1 1AA"),
        ("OX1 OAA", "OX1 0AA"),
        ("SWIA 2AA", "SW1A 2AA"),
        ("1V2 3AB", "IV2 3AB"),
        ("EI 8QS", "E1 8QS"),
        ("W1A OAX", "W1A 0AX"),
        ("CFI0 3NN", "CF10 3NN"),
        ("SW1O 1AA", "SW10 1AA"),
        (" s w 1 a . 1 a a ", "SW1A 1AA"),
        ("Ｍ１\u3000１ＡＥ", "M1 1AE"),
        ("\u202aEC1A\u20111BB\u202c", "EC1A 1BB"),
    ],
)
def test_a_postcode_is_read_as_people_type_it(typed: str, written: str) -> None:
    assert str(parse_postcode(typed)) == written


@pytest.mark.parametrize(
    "typed",
    [
        *("", "E1", "8QS", "E1 8Q", "E1 88S", "EEE1 8QS", "2222 1AA", "E1 8CS", "Swansea"),
        *("SW1A", "1AA", "QQ1 1AA", "SW1A 1CC", "ABC 123", "SW1A 1AAA", "12345", "GX11 1AA"),
    ],
)
def test_what_is_no_full_postcode_is_refused(typed: str) -> None:
    with pytest.raises(NotAPostcode):
        parse_postcode(typed)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_what_was_read_reads_the_same_again(typed: str) -> None:
    try:
        read = parse_postcode(typed)
    except NotAPostcode:
        return
    assert parse_postcode(str(read)) == read


def test_a_name_of_a_council_is_not_mistaken_for_a_postcode() -> None:
    assert looks_like_a_postcode("e1 8qs")
    assert not looks_like_a_postcode("Stoke-on-Trent")


def test_a_line_of_an_address_is_a_postcode_only_as_it_stands() -> None:
    """Contract: notify 1.6. "Flat 1O1AA" must not become a postcode by mending it."""
    assert str(find_postcode("S W1 A 1 aa\u200b")) == "SW1A 1AA"
    for line in ("SW1A OAX", "SW1A-1AA", "SW1A 1AA.", "GIR 0AA"):
        assert find_postcode(line) is None, line


def test_every_postcode_that_a_line_can_be_can_be_typed_too() -> None:
    for area in ("E", "SW", "BF", "BX", "ZE", "JE"):
        for district in ("1", "10", "1A"):
            assert str(parse_postcode(f"{area}{district}1AA")) == str(find_postcode(f"{area}{district}1AA"))


def test_the_invented_area_is_one_only_where_there_is_a_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postcode, "_areas", postcode._areas - {INVENTED_AREA})
    with pytest.raises(NotAPostcode):
        parse_postcode("ZZ1 1AB")
    assert find_postcode("ZZ1 1AB") is None
    assert not accepts_invented_postcodes()
    accept_invented_postcodes()
    assert str(parse_postcode("zz1-1ab")) == str(find_postcode("ZZ1 1AB")) == "ZZ1 1AB"
    assert accepts_invented_postcodes()


def test_every_postcode_of_the_sandbox_is_taken_by_every_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's ZZ1 1AB was found as a council's and refused by its form."""
    monkeypatch.setattr(postcode, "_areas", set(postcode._areas))
    accept_invented_postcodes()
    listed = files("guildhall.account").joinpath("data/synthetic_postcodes.csv").read_text("utf-8")
    for typed in {line["postcode"] for line in csv.DictReader(listed.splitlines())} | {"ZZ1 1AB"}:
        assert str(parse_postcode(typed)) == str(find_postcode(typed)) == typed
        assert PostalAddress(f"Jo\n1 Invented Lane\n{typed}").has_known_last_line
        asked = {"address1": "1 Invented Lane", "town_or_city": "Sandford", "postcode": typed}
        assert question("address").check(asked, today=date(2026, 11, 30)).is_good


def test_a_running_house_takes_the_sandboxs_postcodes_if_it_has_one() -> None:
    assert accepts_invented_postcodes() is settings.SANDBOX
