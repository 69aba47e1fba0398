"""Questions answered by typing or by choosing a file."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guildhall.design.forms import lengths, taking
from guildhall.design.forms.asking import Field, Params, Problem, Submitted, Value

# The count is put in by the browser; Welsh has a word form for each of these numbers, English for one and the rest.
COUNT = {"count": "%{count}"}
PLURALS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 6, "other": 100}


@dataclass(frozen=True)
class TextField(Field):
    """One line. ``width`` is GOV.UK's: 2, 3, 4, 5, 10, 20 characters, or "" for the whole column."""

    component = "input"

    type: str = "text"
    width: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool | None = None
    prefix: str = ""
    suffix: str = ""

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        given: Params = {
            "type": self.type,
            "value": value,
            "classes": f"govuk-input--width-{self.width}" if self.width else "",
            "autocomplete": self.autocomplete,
            "inputmode": self.inputmode,
            "spellcheck": self.spellcheck,
        }
        affixes = {"prefix": self.prefix, "suffix": self.suffix}
        given |= {side: {"text": text} for side, text in affixes.items() if text}
        return self._labelled(problems) | {name: value for name, value in given.items() if value not in ("", None)}


@dataclass(frozen=True)
class EmailField(TextField):
    """An email address. Paste is allowed; there is no second box to type it again."""

    longest: int = field(default=lengths.EMAIL, kw_only=True)
    takes: Callable[[str], str] = field(default=taking.identifier, kw_only=True)
    type: str = "email"
    autocomplete: str = "email"
    spellcheck: bool | None = False


@dataclass(frozen=True)
class PhoneField(TextField):
    """A telephone number, kept as it was typed."""

    longest: int = field(default=lengths.PHONE, kw_only=True)
    takes: Callable[[str], str] = field(default=taking.identifier, kw_only=True)
    type: str = "tel"
    width: str = "20"
    autocomplete: str = "tel"


@dataclass(frozen=True)
class NumberField(TextField):
    """A number, as text: browsers' number boxes change what people type."""

    longest: int = field(default=lengths.NUMBER, kw_only=True)
    takes: Callable[[str], str] = field(default=taking.identifier, kw_only=True)
    width: str = "5"
    inputmode: str = "numeric"
    spellcheck: bool | None = False


@dataclass(frozen=True)
class CodeField(TextField):
    """A security code from an email, a text message or an app."""

    longest: int = field(default=lengths.CODE, kw_only=True)
    takes: Callable[[str], str] = field(default=taking.identifier, kw_only=True)
    width: str = "10"
    inputmode: str = "numeric"
    autocomplete: str = "one-time-code"
    spellcheck: bool | None = False


@dataclass(frozen=True)
class PasswordField(Field):
    """A password that can be shown. What was typed is never sent back."""

    component = "password-input"

    longest: int = field(default=lengths.PASSWORD, kw_only=True)
    autocomplete: str = "current-password"

    def _tidied(self, typed: str) -> str:
        return typed

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        return self._labelled(problems) | {
            "autocomplete": self.autocomplete,
            "showPasswordText": pgettext("password", "Show"),
            "hidePasswordText": pgettext("password", "Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        }


@dataclass(frozen=True)
class LongTextField(Field):
    """Several lines."""

    component = "textarea"

    longest: int = field(default=lengths.LONG_TEXT, kw_only=True)
    rows: int = 5

    def _tidied(self, typed: str) -> str:
        return super()._tidied(typed.replace("\r\n", "\n").replace("\r", "\n"))

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        return self._labelled(problems) | {"value": value, "rows": str(self.rows)}


@dataclass(frozen=True)
class CountedTextField(LongTextField):
    """Several lines, with a count of the characters that are left of ``longest``."""

    component = "character-count"

    longest: int = field(default=500, kw_only=True)

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        return super().params(value, problems) | {
            "maxlength": str(self.longest),
            "textareaDescriptionText": _("You can enter up to %(count)s characters") % COUNT,
            "charactersUnderLimitText": {
                form: ngettext(
                    "You have %(count)s character remaining", "You have %(count)s characters remaining", number
                )
                % COUNT
                for form, number in PLURALS.items()
            },
            "charactersAtLimitText": _("You have 0 characters remaining"),
            "charactersOverLimitText": {
                form: ngettext(
                    "You have %(count)s character too many", "You have %(count)s characters too many", number
                )
                % COUNT
                for form, number in PLURALS.items()
            },
        }


@dataclass(frozen=True)
class FileField(Field):
    """A file from the person's device."""

    component = "file-upload"

    accept: str = ""

    def read(self, submitted: Submitted) -> Value:
        return ""

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        accept = {"attributes": {"accept": self.accept}} if self.accept else {}
        return self._labelled(problems) | accept
