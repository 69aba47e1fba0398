"""What can be done with accounts, one unit of work each. Pages call these and nothing deeper."""

from guildhall.identity.operations.accounts import (
    KnownPerson,
    change_language,
    ensure_person,
    sign_out_elsewhere,
)
from guildhall.identity.operations.passwords import BadPassword, GoodPassword, read_password
from guildhall.identity.operations.tries import LockedOut

__all__ = [
    "BadPassword",
    "GoodPassword",
    "KnownPerson",
    "LockedOut",
    "change_language",
    "ensure_person",
    "read_password",
    "sign_out_elsewhere",
]
