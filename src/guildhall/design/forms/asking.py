"""What is asked, what was typed and what is wrong with it: the nouns that every kind of question shares."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guildhall.design.forms import lengths, taking
from guildhall.design.forms.lengths import TooLong

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
    """A question that one component asks. ``is_heading`` makes its label the page's heading.

    An answer has at most ``longest`` characters. ``called`` is what the message about that calls it, where the label
    does not read as a name. ``takes`` says what becomes of what is typed, first of all (``taking``).
    """

    component: ClassVar[str]

    name: str
    label: str
    hint: str = ""
    is_heading: bool = False
    longest: int = field(default=lengths.LINE, kw_only=True)
    called: str = field(default="", kw_only=True)
    takes: Callable[[str], str] = field(default=taking.words, kw_only=True)

    def empty(self) -> Value:
        return ""

    def read(self, submitted: Submitted) -> Value:
        """Take this field's answer out of what the browser sent, read as what the field ``takes``.

        What is longer than ``longest`` comes back as ``TooLong``: to be shown again, not to be read.
        """
        return self._read_one(submitted, self.name, self.longest)

    def find_too_long(self, value: Value) -> list[Problem]:
        """Return what is wrong with an answer that is longer than may be read."""
        return [self._too_long(self.called or self.label, self.longest)] if isinstance(value, TooLong) else []

    def _read_one(self, submitted: Submitted, name: str, longest: int) -> str:
        typed = lengths.bounded(str(submitted.get(name, "") or ""), longest)
        return typed if isinstance(typed, TooLong) else lengths.measured(self._tidied(typed), longest)

    def _tidied(self, typed: str) -> str:
        return self.takes(typed)

    def _too_long(self, called: str, longest: int, part: str = "") -> Problem:
        return Problem(self.name, lengths.too_long(called, longest), part)

    def params(self, value: Value, problems: tuple[Problem, ...]) -> Params:
        """Return the options of the component's macro."""
        raise NotImplementedError

    def inputs(self, value: Value, problems: tuple[Problem, ...]) -> list[Asked]:
        return []

    def input_names(self) -> tuple[str, ...]:
        """Return the names under which a browser sends the answer."""
        return (self.name,)

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
