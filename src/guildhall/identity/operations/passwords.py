"""Taking, keeping and comparing passwords: argon2id at OWASP's cost, and always the same work for a wrong one."""

from functools import lru_cache
from pathlib import Path
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator

from guildhall.identity.domain.password import LONGEST_TYPED, PasswordFault, find_fault
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import compose

GoodPassword = NewType("GoodPassword", str)
"""A password that passed the rules. Sign-in takes any text: rules may have been softer when it was chosen."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class BadPassword(Invalid):
    """The password breaks a rule; ``fault`` says which."""

    def __init__(self, fault: PasswordFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_password(typed: str) -> GoodPassword:
    """Return a new password as one that may be kept.

    :raises BadPassword: it is too short, too long, lacks a digit or anything else, or is a common one.
    """
    fault = find_fault(typed, common=_common_passwords())
    if fault:
        raise BadPassword(fault)
    return GoodPassword(typed)


def encode(password: GoodPassword) -> str:
    """Return what to keep of a password."""
    return _HASHER.hash(_bytes(password))


def is_right(typed: str, *, encoded: str | None) -> bool:
    """Compare, doing the same work when there is nothing to compare with, so that the time tells nobody anything."""
    given = typed if len(typed) <= LONGEST_TYPED else ""
    try:
        return _HASHER.verify(encoded or _nobodys_password(), _bytes(given)) and encoded is not None
    except VerifyMismatchError:
        return False


def wants_encoding_again(encoded: str) -> bool:
    """Say whether it was kept at another cost than today's."""
    return _HASHER.check_needs_rehash(encoded)


def _bytes(password: str) -> bytes:
    # The same letter can be typed as one character or as two (a letter and its roof); both are the same password.
    return compose(password).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _nobodys_password() -> str:
    return _HASHER.hash(b"nobody's")


@lru_cache(maxsize=1)
def _common_passwords() -> frozenset[str]:
    """Read Django's list of well-known passwords and the operator's own, one a line."""
    known = set(CommonPasswordValidator().passwords)
    own_list = getattr(settings, "COMMON_PASSWORDS_FILE", None)
    if own_list:
        known |= {line.strip().lower() for line in Path(own_list).read_text(encoding="utf-8").splitlines()}
    return frozenset(known)
