import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.contact.postcode import NotAPostcode, looks_like_a_postcode, parse_postcode


@pytest.mark.parametrize(
    ("typed", "postcode"),
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
        ("E1 BQS".replace("B", "8"), "E1 8QS"),
        ("0X1 1AA", "OX1 1AA"),
        ("OX1 OAA", "OX1 0AA"),
        ("SWIA 2AA", "SW1A 2AA"),
        ("1V2 3AB", "IV2 3AB"),
        ("EI 8QS", "E1 8QS"),
    ],
)
def test_a_postcode_is_read_as_people_type_it(typed: str, postcode: str) -> None:
    assert str(parse_postcode(typed)) == postcode


@pytest.mark.parametrize("typed", ["", "E1", "8QS", "E1 8Q", "E1 88S", "EEE1 8QS", "2222 1AA", "E1 8CS", "Swansea"])
def test_what_has_no_shape_of_a_postcode_is_refused(typed: str) -> None:
    with pytest.raises(NotAPostcode):
        parse_postcode(typed)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_and_what_was_read_reads_the_same_again(typed: str) -> None:
    try:
        postcode = parse_postcode(typed)
    except NotAPostcode:
        return
    assert parse_postcode(str(postcode)) == postcode


def test_a_name_of_a_council_is_not_mistaken_for_a_postcode() -> None:
    assert looks_like_a_postcode("e1 8qs")
    assert not looks_like_a_postcode("Stoke-on-Trent")
