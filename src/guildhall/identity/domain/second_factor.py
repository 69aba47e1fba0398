"""The second proof after the password: which one is asked of whom."""

from enum import StrEnum


class Factor(StrEnum):
    """A second way to prove who you are, of another kind than a password."""

    APP = "app"
    EMAILED_CODE = "emailed_code"


def factor_to_ask(*, has_app: bool, uses_emailed_codes: bool, is_officer: bool) -> Factor | None:
    """Return what to ask for after a right password; None when the password is enough.

    An authenticator app, once set up, is always asked for: falling back to an emailed code would make the mailbox the
    key to everything. Officers are never let in by a password alone.

    >>> factor_to_ask(has_app=False, uses_emailed_codes=False, is_officer=True)
    <Factor.EMAILED_CODE: 'emailed_code'>
    """
    if has_app:
        return Factor.APP
    return Factor.EMAILED_CODE if uses_emailed_codes or is_officer else None
