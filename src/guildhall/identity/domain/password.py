"""What makes a password good enough (identity contract 6): length, a digit and something else, and not a common one."""

from collections.abc import Container
from enum import StrEnum

SHORTEST = 8
LONGEST = 256
LONGEST_TYPED = 4 * LONGEST
"""Of a password that is compared: letters and their accents may be typed one by one. What is longer is nobody's."""


class PasswordFault(StrEnum):
    """Why a password was not taken, one reason each, so that the page can say the right thing."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_DIGIT = "no_digit"
    ONLY_DIGITS = "only_digits"
    TOO_COMMON = "too_common"


def find_fault(password: str, *, common: Container[str]) -> PasswordFault | None:
    """Return the first reason to turn ``password`` down, or None when it may be used.

    Length counts characters, not bytes, and nothing is trimmed: a space at the end belongs to the password.
    ``common`` is a list of well-known passwords in lower case.

    >>> find_fault("correct horse 7", common=set())
    >>> find_fault("Password1", common={"password1"})
    <PasswordFault.TOO_COMMON: 'too_common'>
    """
    if not password:
        return PasswordFault.EMPTY
    if len(password) < SHORTEST:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordFault.TOO_LONG
    digits = ["0" <= character <= "9" for character in password]
    if not any(digits):
        return PasswordFault.NO_DIGIT
    if all(digits):
        return PasswordFault.ONLY_DIGITS
    return PasswordFault.TOO_COMMON if password.strip().lower() in common else None
