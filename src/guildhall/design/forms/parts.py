"""Questions with several inputs: a date, a name, an address. Each input has its own name and its own problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guildhall.design.forms import lengths, taking
from guildhall.design.forms.asking import Asked, Field, Params, Problem, Submitted, Value
from guildhall.design.forms.lengths import TooLong
from guildhall.design.forms.texts import TextField


@dataclass(frozen=True)
class Part:
    """One input of a date, a name or an address: its own name, its label, and the autocomplete word for it."""

    name: str
    label: str
    autocomplete: str = ""
    width: str = ""
    longest: int = field(default=lengths.LINE, kw_only=True)


@dataclass(frozen=True)
class InParts(Field):
    """A question with several inputs, named ``{field}-{part}``. Its answer is a mapping of parts."""

    def parts(self) -> tuple[Part, ...]:
        raise NotImplementedError

    def empty(self) -> Value:
        return {part.name: "" for part in self.parts()}

    def read(self, submitted: Submitted) -> Value:
        return {part.name: self._read_one(submitted, self.anchor(part.name), part.longest) for part in self.parts()}

    def find_too_long(self, value: Value) -> list[Problem]:
        typed = value if isinstance(value, Mapping) else {}
        return [
            self._too_long(part.label, part.longest, part.name)
            for part in self.parts()
            if isinstance(typed.get(part.name), TooLong)
        ]

    def input_names(self) -> tuple[str, ...]:
        return tuple(self.anchor(part.name) for part in self.parts())

    def anchor(self, part: str) -> str:
        return f"{self.name}-{part or self.parts()[0].name}"


@dataclass(frozen=True)
class DateField(InParts):
    """A day, typed as day, month and year."""

    component = "date-input"

    is_birthday: bool = False
    takes: Callable[[str], str] = field(default=taking.identifier, kw_only=True)

    def parts(self) -> tuple[Part, ...]:
        labels = (("day", _("Day"), "2"), ("month", _("Month"), "2"), ("year", _("Year"), "4"))
        return tuple(
            Part(name, label, f"bday-{name}" if self.is_birthday else "", width, longest=lengths.DATE_PART)
            for name, label, width in labels
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
                TextField(
                    self.anchor(part.name),
                    part.label,
                    autocomplete=part.autocomplete,
                    width=part.width,
                    takes=self.takes,
                ),
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
