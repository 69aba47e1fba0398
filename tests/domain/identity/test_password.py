import pytest

from guildhall.identity.domain.password import PasswordFault, find_fault

COMMON = frozenset({"password1", "letmein123"})


@pytest.mark.parametrize(
    "password", ["abcdefg1", "1234567a", "a" * 255 + "1", "       1", "mae hen wlad 1958", "пароль12"]
)
def test_a_password_with_a_digit_and_something_else_is_good_enough(password: str) -> None:
    assert find_fault(password, common=COMMON) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.EMPTY),
        ("abcdef1", PasswordFault.TOO_SHORT),
        ("a" * 256 + "1", PasswordFault.TOO_LONG),
        ("abcdefgh", PasswordFault.NO_DIGIT),
        ("abcdefg²", PasswordFault.NO_DIGIT),
        ("12345678", PasswordFault.ONLY_DIGITS),
        ("password1", PasswordFault.TOO_COMMON),
        ("PassWord1", PasswordFault.TOO_COMMON),
        ("letmein123 ", PasswordFault.TOO_COMMON),
    ],
)
def test_each_way_of_being_a_bad_password_has_its_own_reason(password: str, fault: PasswordFault) -> None:
    assert find_fault(password, common=COMMON) is fault


def test_eight_and_two_hundred_and_fifty_six_characters_are_both_allowed() -> None:
    assert find_fault("a" * 7 + "1", common=COMMON) is None
    assert find_fault("â" * 255 + "1", common=COMMON) is None
