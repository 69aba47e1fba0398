"""Postcodes are taken however they are typed."""

import pytest

from guildhall.services.forms.domain.postcode import find_postcode


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("M1 1AE", "M1 1AE"),
        ("b33 8th", "B33 8TH"),
        ("CR2 6XH", "CR2 6XH"),
        ("dn551pt", "DN55 1PT"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A-1BB", "EC1A 1BB"),
        ("gir 0aa", "GIR 0AA"),
        ("W1A OAX", "W1A 0AX"),
        ("CFI0 3NN", "CF10 3NN"),
        (" s w 1 a . 1 a a ", "SW1A 1AA"),
    ],
)
def test_a_postcode_is_written_one_way(typed: str, written: str) -> None:
    assert find_postcode(typed) == written


@pytest.mark.parametrize(
    "typed", ["", "SW1A", "1AA", "QQ1 1AA", "SW1A 1CC", "ABC 123", "SW1A 1AAA", "12345", "Ｍ１ 1AE"]
)
def test_what_is_no_full_postcode_is_refused(typed: str) -> None:
    assert find_postcode(typed) is None
