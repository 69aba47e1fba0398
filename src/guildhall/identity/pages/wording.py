"""Reading what was typed, and what a page says about each thing that can be wrong with it."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.design.forms import Form
from guildhall.identity import operations
from guildhall.identity.domain import code, name
from guildhall.identity.domain.password import PasswordFault
from guildhall.kernel.refusals import Invalid

T = TypeVar("T")


def take(form: Form, field: str, read: Callable[[str], T]) -> tuple[Form, T | None]:
    """Read one answer of a form; if it cannot be read, return the form with the reason beside the question."""
    if form.is_too_long(field):
        return form, None
    try:
        return form, read(form.text(field))
    except Invalid as refusal:
        return form.refuse(field, words_for(refusal, nothing=not form.text(field))), None


def words_for(refusal: Invalid, *, nothing: bool = False) -> str:
    """Say what is wrong, and how to mend it. ``nothing``: nothing was typed at all."""
    if isinstance(refusal, operations.BadPassword):
        return _about_password(refusal.fault)
    if isinstance(refusal, NotAnEmailAddress) and nothing:
        return _("Enter an email address")
    return {
        NotAnEmailAddress: _("Enter an email address in the correct format, like name@example.com"),
        name.NameMissing: _("Enter your full name"),
        name.NameTooLong: _("Full name must be 200 characters or fewer"),
        code.CodeMissing: _("Enter the security code"),
        code.CodeTooShort: _("Enter the 6 digits of the security code"),
        code.CodeTooLong: _("The security code has only 6 digits"),
        code.CodeHasOtherCharacters: _("Enter the security code using numbers only"),
        operations.WrongCode: _("The code is not right, has expired or was used before. Check it or get a new one"),
        operations.NotTheirPassword: _("The password is not right"),
        operations.WrongPassword: _("The email address or the password is not right"),
    }[type(refusal)]


def _about_password(fault: PasswordFault) -> str:
    return {
        PasswordFault.EMPTY: _("Enter a password"),
        PasswordFault.TOO_SHORT: _("Password must be 8 characters or more"),
        PasswordFault.TOO_LONG: _("Password must be 256 characters or fewer"),
        PasswordFault.NO_DIGIT: _("Password must include a number"),
        PasswordFault.ONLY_DIGITS: _("Password must include something other than numbers"),
        PasswordFault.TOO_COMMON: _("Choose a password that is harder to guess: many people use this one"),
    }[fault]
