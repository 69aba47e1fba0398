"""Questions on a page: what is asked, what was typed, what is wrong with it, and GOV.UK's components for each.

A view declares its questions once, reads the answers, decides, and shows the same form again with what is wrong:

    def sign_in(request):
        form = Form(EmailField("email", _("Email address")), PasswordField("password", _("Password")))
        if request.method == "POST":
            form = form.read(request.POST)
            ...
            form = form.refuse("email", _("Enter an email address"))
        return render(request, "identity/sign-in.html", {"form": form})

and the template asks for one field after the other:

    {% from "design/fields.html" import field with context %}
    {{ field(form.email) }}

``render`` puts the error summary above the page and "Error: " before its title. Each entry of the summary leads to the
field, or the part of a date, name or address, that it is about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

# The count is put in by the browser; Welsh has a word form for each of these numbers, English for one and the rest.
COUNT = {"count": "%{count}"}
PLURALS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 6, "other": 100}

Params = dict[str, Any]
Value = str | tuple[str, ...] | Mapping[str, str]


Submitted = QueryDict


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an answer. ``part`` names the part of a date, name or address, if it is one."""

    field: str
    message: str
    part: str = ""


@dataclass(frozen=True)
class Option:
    """One of the answers that radios, checkboxes or a select offer."""

    value: str
    label: str
    hint: str = ""
    divider: bool = False


def divider(word: str = "") -> Option:
    """Return the "or" between options."""
    return Option("", word or pgettext("between options", "or"), divider=True)


@dataclass(frozen=True)
class Asked:
    """A field with what was typed and what is wrong, ready for its macro."""

    field: "Field"
    value: Value
    problems: tuple[Problem, ...]

    @property
    def component(self) -> str:
        return self.field.component

    @property
    def params(self) -> Params:
        return self.field.params(self.value, self.problems)

    @property
    def parts(self) -> "list[Asked]":
        """The inputs inside a name or an address, each with its own problems."""
        return self.field.inputs(self.value, self.problems)


@dataclass(frozen=True)
class Field:
    """A question that one component asks. ``is_heading`` makes its label the page's heading."""

    component: ClassVar[str]

    name: str
    label: str
    hint: str = ""
    is_heading: bool = False

    def empty(self) -> Value:
        return ""

    def read(self, submitted: Submitted) -> Value:
        """Take this field's answer out of what the browser sent, kept as it was typed but for spaces around it."""
        return str(submitted.get(self.name, "") or "").replace("\x00", "").strip()

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        """Return the options of the component's macro."""
        raise NotImplementedError

    def inputs(self, value: Value, problems: tuple[Problem, ...]) -> list[Asked]:
        return []

    def anchor(self, part: str) -> str:
        """Return the id that an entry of the error summary leads to."""
        return self.name

    def _labelled(self, problems: tuple[Problem, ...]) -> Params:
        label: Params = {"text": self.label}
        if self.is_heading:
            label |= {"isPageHeading": True, "classes": "govuk-label--l"}
        return {"id": self.name, "name": self.name, "label": label} | self._hinted() | said(problems)

    def _in_fieldset(self, problems: tuple[Problem, ...]) -> Params:
        size = "govuk-fieldset__legend--l" if self.is_heading else "govuk-fieldset__legend--s"
        legend = {"text": self.label, "isPageHeading": self.is_heading, "classes": size}
        return {"fieldset": {"legend": legend}} | self._hinted() | said(problems)

    def _hinted(self) -> Params:
        return {"hint": {"text": self.hint}} if self.hint else {}


def said(problems: Iterable[Problem]) -> Params:
    """Return the error message of a component: the first problem's, because people mend one thing at a time."""
    for problem in problems:
        return {"errorMessage": {"text": problem.message, "visuallyHiddenText": _("Error")}}
    return {}


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

    type: str = "email"
    autocomplete: str = "email"
    spellcheck: bool | None = False


@dataclass(frozen=True)
class PhoneField(TextField):
    """A telephone number, kept as it was typed."""

    type: str = "tel"
    width: str = "20"
    autocomplete: str = "tel"


@dataclass(frozen=True)
class NumberField(TextField):
    """A number, as text: browsers' number boxes change what people type."""

    width: str = "5"
    inputmode: str = "numeric"
    spellcheck: bool | None = False


@dataclass(frozen=True)
class CodeField(TextField):
    """A security code from an email, a text message or an app."""

    width: str = "10"
    inputmode: str = "numeric"
    autocomplete: str = "one-time-code"
    spellcheck: bool | None = False


@dataclass(frozen=True)
class PasswordField(Field):
    """A password that can be shown. What was typed is never sent back."""

    component = "password-input"

    autocomplete: str = "current-password"

    def read(self, submitted: Submitted) -> Value:
        return str(submitted.get(self.name, "") or "")

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

    rows: int = 5

    def read(self, submitted: Submitted) -> Value:
        typed = str(submitted.get(self.name, "") or "").replace("\x00", "")
        return typed.replace("\r\n", "\n").replace("\r", "\n").strip()

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        return self._labelled(problems) | {"value": value, "rows": str(self.rows)}


@dataclass(frozen=True)
class CountedTextField(LongTextField):
    """Several lines, with a count of the characters that are left of ``longest``."""

    component = "character-count"

    longest: int = 500

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
class Choice(Field):
    """Answers to choose from."""

    options: Sequence[Option] = ()
    is_small: bool = False
    is_inline: bool = False

    def _items(self, chosen: tuple[str, ...]) -> list[Params]:
        return [self._item(option, chosen) for option in self.options]

    def _item(self, option: Option, chosen: tuple[str, ...]) -> Params:
        if option.divider:
            return {"divider": option.label}
        item: Params = {"value": option.value, "text": option.label, "checked": option.value in chosen}
        return item | ({"hint": {"text": option.hint}} if option.hint else {})

    def _classes(self) -> Params:
        wanted = {"small": self.is_small, "inline": self.is_inline}
        return {"classes": " ".join(f"govuk-{self.component}--{name}" for name, is_on in wanted.items() if is_on)}


@dataclass(frozen=True)
class RadiosField(Choice):
    """One of several."""

    component = "radios"

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        options = {"name": self.name, "idPrefix": self.name, "items": self._items((str(value),))}
        return self._in_fieldset(problems) | self._classes() | options


@dataclass(frozen=True)
class SelectField(Choice):
    """One of many, in a list that opens. Radios are easier where there are few."""

    component = "select"

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        items = [
            {"value": option.value, "text": option.label, "selected": option.value == value} for option in self.options
        ]
        return self._labelled(problems) | {"items": items}


@dataclass(frozen=True)
class CheckboxesField(Choice):
    """Any number of several."""

    component = "checkboxes"

    def empty(self) -> Value:
        return ()

    def read(self, submitted: Submitted) -> Value:
        return tuple(str(value) for value in submitted.getlist(self.name))

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        chosen = tuple(value) if isinstance(value, tuple) else (str(value),)
        options = {"name": self.name, "idPrefix": self.name, "items": self._items(chosen)}
        return self._in_fieldset(problems) | self._classes() | options


@dataclass(frozen=True)
class Part:
    """One input of a date, a name or an address: its own name, its label, and the autocomplete word for it."""

    name: str
    label: str
    autocomplete: str = ""
    width: str = ""


@dataclass(frozen=True)
class InParts(Field):
    """A question with several inputs, named ``{field}-{part}``. Its answer is a mapping of parts."""

    def parts(self) -> tuple[Part, ...]:
        raise NotImplementedError

    def empty(self) -> Value:
        return {part.name: "" for part in self.parts()}

    def read(self, submitted: Submitted) -> Value:
        return {
            part.name: str(submitted.get(self.anchor(part.name), "") or "").replace("\x00", "").strip()
            for part in self.parts()
        }

    def anchor(self, part: str) -> str:
        return f"{self.name}-{part or self.parts()[0].name}"


@dataclass(frozen=True)
class DateField(InParts):
    """A day, typed as day, month and year."""

    component = "date-input"

    is_birthday: bool = False

    def parts(self) -> tuple[Part, ...]:
        labels = (("day", _("Day"), "2"), ("month", _("Month"), "2"), ("year", _("Year"), "4"))
        return tuple(
            Part(name, label, f"bday-{name}" if self.is_birthday else "", width) for name, label, width in labels
        )

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        typed = value if isinstance(value, Mapping) else {}
        wrong = {problem.part for problem in problems}
        items = [self._item(part, typed.get(part.name, ""), wrong) for part in self.parts()]
        return self._in_fieldset(problems) | {"id": self.name, "items": items}

    def _item(self, part: Part, typed: str, wrong: set[str]) -> Params:
        is_wrong = part.name in wrong or "" in wrong
        item: Params = {
            "id": self.anchor(part.name),
            "name": self.anchor(part.name),
            "label": part.label,
            "classes": f"govuk-input--width-{part.width}" + (" govuk-input--error" if is_wrong else ""),
            "value": typed,
        }
        return item | ({"autocomplete": part.autocomplete} if part.autocomplete else {})


@dataclass(frozen=True)
class Group(InParts):
    """Several text inputs in one fieldset, each with its own label and its own problem."""

    component = "group"

    of: tuple[Part, ...] = ()

    def parts(self) -> tuple[Part, ...]:
        return self.of

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        of_the_whole = tuple(problem for problem in problems if not problem.part)
        return self._in_fieldset(of_the_whole) | {"id": self.name}

    def inputs(self, value: Value, problems: tuple[Problem, ...]) -> list[Asked]:
        typed = value if isinstance(value, Mapping) else {}
        return [
            Asked(
                TextField(self.anchor(part.name), part.label, autocomplete=part.autocomplete, width=part.width),
                typed.get(part.name, ""),
                tuple(problem for problem in problems if problem.part == part.name),
            )
            for part in self.parts()
        ]


def full_name(name: str, label: str, **options: Any) -> Group:
    """Ask for a first and a last name."""
    parts = (Part("first_name", _("First name"), "given-name"), Part("last_name", _("Last name"), "family-name"))
    return Group(name, label, of=parts, **options)


def uk_address(name: str, label: str, **options: Any) -> Group:
    """Ask for an address in the United Kingdom, in the parts that GOV.UK uses."""
    parts = (
        Part("address1", _("Address line 1"), "address-line1"),
        Part("address2", _("Address line 2 (optional)"), "address-line2"),
        Part("town_or_city", _("Town or city"), "address-level2", "20"),
        Part("county", _("County (optional)"), "", "20"),
        Part("postcode", _("Postcode"), "postal-code", "10"),
    )
    return Group(name, label, of=parts, **options)


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


@dataclass(frozen=True, init=False)
class Form:
    """Questions, answers and problems together. Every change returns a new form."""

    fields: tuple[Field, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def __init__(
        self, *fields: Field, values: Mapping[str, Value] | None = None, problems: Iterable[Problem] = ()
    ) -> None:
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "values", dict(values or {}))
        object.__setattr__(self, "problems", tuple(problems))

    def read(self, submitted: Submitted) -> "Form":
        """Return the form with what the browser sent."""
        return Form(*self.fields, values={each.name: each.read(submitted) for each in self.fields})

    def refuse(self, name: str, message: str, part: str = "") -> "Form":
        """Return the form with one more thing wrong, about the field ``name`` (or one part of it)."""
        return self.refuse_all([Problem(name, message, part)])

    def refuse_all(self, problems: Iterable[Problem]) -> "Form":
        """Return the form with more things wrong."""
        return Form(*self.fields, values=self.values, problems=(*self.problems, *problems))

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    def text(self, name: str) -> str:
        """Return the answer to a field of one input; empty when there is none."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the boxes that were ticked."""
        value = self.values.get(name, ())
        return tuple(value) if isinstance(value, tuple) else ()

    def parts(self, name: str) -> Mapping[str, str]:
        """Return the answer to a date, a name or an address."""
        value = self.values.get(name, {})
        return value if isinstance(value, Mapping) else {}

    def __getitem__(self, name: str) -> Asked:
        """Return one field for its macro, by name: ``form.email`` or ``form["email"]`` in a template."""
        asked = self._field(name)
        problems = tuple(problem for problem in self.problems if problem.field == name)
        return Asked(asked, self.values.get(name, asked.empty()), problems)

    def __iter__(self) -> Iterator[Asked]:
        return (self[each.name] for each in self.fields)

    def summary(self) -> list[Params]:
        """Return the entries of the error summary, in the order of the questions, each leading to its field."""
        order = {each.name: place for place, each in enumerate(self.fields)}
        ordered = sorted(self.problems, key=lambda problem: order.get(problem.field, len(order)))
        return [{"text": problem.message} | self._link(problem) for problem in ordered]

    def _link(self, problem: Problem) -> Params:
        found = next((each for each in self.fields if each.name == problem.field), None)
        return {"href": f"#{found.anchor(problem.part)}"} if found else {}

    def _field(self, name: str) -> Field:
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)
