"""The questions that pages of identity ask. Made afresh for each page, because labels are in its language."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guildhall.design.forms import (
    CodeField,
    EmailField,
    Form,
    Option,
    PasswordField,
    RadiosField,
    Submitted,
    TextField,
    Value,
    taking,
)
from guildhall.design.languages import LANGUAGES
from guildhall.design.pages.speaking import current_language
from guildhall.identity.domain.name import LONGEST as LONGEST_NAME
from guildhall.identity.domain.password import LONGEST as LONGEST_PASSWORD
from guildhall.identity.domain.password import LONGEST_TYPED
from guildhall.identity.domain.second_factor import Factor
from guildhall.kernel.visitor import Language


@dataclass(frozen=True)
class GivenPasswordField(PasswordField):
    """A password to compare with the one that is kept. One that is too long for any is wrong like any other."""

    longest: int = field(default=LONGEST_TYPED, kw_only=True)

    def read(self, submitted: Submitted) -> Value:
        return str(submitted.get(self.name, "") or "")[: self.longest + 1]


def registration() -> Form:
    """Ask for what an account needs."""
    return Form(
        TextField(
            "name", _("Full name"), autocomplete="name", spellcheck=False, longest=LONGEST_NAME, takes=taking.words
        ),
        EmailField("email", _("Email address"), hint=_("We will send a security code to it")),
        new_password_field(),
        language_field(),
        values={"language": current_language()},
    )


def sign_in() -> Form:
    """Ask for an address and a password."""
    return Form(EmailField("email", _("Email address")), GivenPasswordField("password", _("Password")))


def password() -> Form:
    """Ask for the password again."""
    return Form(GivenPasswordField("password", _("Password")))


def new_password() -> Form:
    """Ask for a new password."""
    return Form(new_password_field())


def code() -> Form:
    """Ask for a security code."""
    return Form(CodeField("code", _("Security code")))


def address() -> Form:
    """Ask for an email address."""
    return Form(EmailField("email", _("Email address")))


def factor() -> Form:
    """Ask how the person wants to get security codes."""
    return Form(
        RadiosField(
            "factor",
            _("How do you want to get security codes?"),
            is_heading=True,
            hint=_("You will need one each time you sign in."),
            options=(
                Option(
                    Factor.APP,
                    _("With an authenticator app"),
                    hint=_("On your phone, tablet or computer. It works without a signal and is the safest way"),
                ),
                Option(Factor.EMAILED_CODE, _("By email")),
            ),
        )
    )


def choose_a_factor() -> str:
    """Say what is wrong when neither way was chosen."""
    return _("Select how you want to get security codes")


def language(chosen: Language) -> Form:
    """Ask which language the person wants to be written to in."""
    return Form(language_field(is_heading=True), values={"language": chosen})


def choose_a_language() -> str:
    """Say what is wrong when no language was chosen."""
    return _("Select English or Cymraeg")


def where_to_read(*, in_account: bool) -> Form:
    """Ask where the person wants to read what councils write."""
    return Form(
        RadiosField(
            "where",
            _("Where do you want to read what councils write to you?"),
            is_heading=True,
            options=(
                Option("email", _("In my email")),
                Option(
                    "account",
                    _("In my account"),
                    hint=_("Where a council or service does not offer this, it still emails you."),
                ),
            ),
        ),
        values={"where": "account" if in_account else "email"},
    )


def choose_where() -> str:
    """Say what is wrong when neither place was chosen."""
    return _("Select where you want to read what councils write to you")


def new_password_field() -> PasswordField:
    """Ask for a password that is about to be kept."""
    return PasswordField(
        "password",
        _("Choose a password"),
        hint=_("At least 8 characters, with a number and something that is not a number"),
        autocomplete="new-password",
        longest=LONGEST_PASSWORD,
        called=_("Password"),
    )


def language_field(*, is_heading: bool = False) -> RadiosField:
    """Ask for a language, each named in itself."""
    names = {"en": "English", "cy": "Cymraeg"}
    return RadiosField(
        "language",
        _("Which language should we write to you in?"),
        is_heading=is_heading,
        is_inline=True,
        options=tuple(Option(each, names[each]) for each in LANGUAGES),
    )
