"""Security codes sent by email: six digits that prove that somebody can read the mailbox now."""

import re
from datetime import timedelta
from enum import StrEnum

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier

DIGITS = 6
HOW_MANY = 10**DIGITS
_BETWEEN_DIGITS = re.compile(r"[\s\-.]")


class Purpose(StrEnum):
    """What a code was sent for. It is worthless for anything else."""

    CREATE_ACCOUNT = "create_account"
    SIGN_IN = "sign_in"
    USE_EMAILED_CODES = "use_emailed_codes"


class NotACode(Invalid):
    """What was typed cannot be a security code at all, so it does not count as a try."""


class CodeMissing(NotACode):
    """Nothing was typed."""


class CodeTooShort(NotACode):
    """There are fewer than six digits."""


class CodeTooLong(NotACode):
    """There are more than six digits."""


class CodeHasOtherCharacters(NotACode):
    """There is something that is not a digit."""


def lifetime_of(purpose: Purpose) -> timedelta:
    """Return how long a code works: long enough to find the email; an hour for somebody creating an account."""
    return timedelta(seconds=3600 if purpose is Purpose.CREATE_ACCOUNT else 900)


def write_code(number: int) -> str:
    """Write a number below ``HOW_MANY`` as a code.

    >>> write_code(734)
    '000734'
    """
    return f"{number:0{DIGITS}}"


def read_code(typed: str) -> str:
    """Return the six digits of a code as people type it: with spaces, hyphens or full stops between.

    >>> read_code(" 123-456 ")
    '123456'

    :raises NotACode: with a reason of its own for each way in which it is not one.
    """
    code = _BETWEEN_DIGITS.sub("", clean_identifier(typed))
    if not code:
        raise CodeMissing("enter the security code")
    if not (code.isascii() and code.isdigit()):
        raise CodeHasOtherCharacters("the security code must be only numbers")
    if len(code) < DIGITS:
        raise CodeTooShort(f"the security code must be {DIGITS} digits")
    if len(code) > DIGITS:
        raise CodeTooLong(f"the security code must be {DIGITS} digits")
    return code
