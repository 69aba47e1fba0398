from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.identity.domain.authenticator_app import WINDOWS, code_of, enrolment_address, find_step, step_at

# RFC 6238 appendix B: the ASCII secret "12345678901234567890", SHA-1, last six of the eight digits given there.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOON = datetime(2026, 11, 21, 12, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_of(RFC_SECRET, step_at(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize("steps", [-4, -3, -1, 0, 1, 4])
def test_a_telephone_may_be_two_minutes_wrong_either_way(steps: int) -> None:
    shown = code_of(RFC_SECRET, step_at(NOON) + steps)
    assert find_step(shown, secret=RFC_SECRET, at=NOON, last_accepted=None) == step_at(NOON) + steps


@pytest.mark.parametrize("steps", [-5, 5])
def test_a_telephone_more_than_two_minutes_wrong_is_refused(steps: int) -> None:
    shown = code_of(RFC_SECRET, step_at(NOON) + steps)
    assert find_step(shown, secret=RFC_SECRET, at=NOON, last_accepted=None) is None


def test_nine_windows_are_looked_at() -> None:
    assert len(WINDOWS) == 9


@given(accepted=st.sampled_from(WINDOWS), tried=st.sampled_from(WINDOWS))
def test_an_accepted_step_and_those_before_it_are_never_accepted_again(accepted: int, tried: int) -> None:
    now = step_at(NOON)
    found = find_step(code_of(RFC_SECRET, now + tried), secret=RFC_SECRET, at=NOON, last_accepted=now + accepted)
    assert found == (now + tried if tried > accepted else None)


def test_the_picture_names_the_person_and_the_installation() -> None:
    address = urlsplit(enrolment_address(RFC_SECRET, email="mair@example.com", issuer="Guildhall"))
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Guildhall:mair%40example.com")
    assert parse_qs(address.query) == {"secret": [RFC_SECRET], "issuer": ["Guildhall"]}
