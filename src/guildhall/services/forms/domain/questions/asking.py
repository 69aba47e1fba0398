"""What every question has in common: it is asked, what was typed is checked, and an answer is shown again.

Each kind of question is one class that says all of it. ``typed`` is what a person put into the inputs: a string, the
ticked values, or the parts of a date, name or address. An ``Answer`` is what is kept: JSON, the same in every language.
``None`` is the answer of somebody who left an optional question empty.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar

from guildhall.design.languages import Text
from guildhall.kernel.text import clean_identifier, compose, is_blank
from guildhall.services.forms.domain.messages import govuk
from guildhall.services.forms.domain.reading import UNWRITABLE, Entry


@dataclass(frozen=True)
class Chosen:
    """What was ticked, and what was written beside "None of the above"."""

    values: tuple[str, ...]
    other: str = ""


Typed = str | tuple[str, ...] | Mapping[str, str] | Chosen
Answer = str | list[str] | dict[str, str] | None
Fact = str | Decimal | date | tuple[str, ...]

EMPTY = Text("")

LONGEST_TYPED, MOST_TICKED, MOST_PARTS = 10_000, 5_000, 20
"""Nothing beyond these is looked at. A list of options has fewer, and a box to type in takes less."""


@dataclass(frozen=True)
class Fault:
    """A broken rule: what to say, and which part of a date, name or address it is about."""

    message: Text
    part: str = ""


@dataclass(frozen=True)
class Checked:
    """What came of checking: an answer to keep, or faults to mend."""

    answer: Answer
    faults: tuple[Fault, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Question(ABC):
    """One question of a form. ``autocomplete`` is HTML's word for what browsers may fill in."""

    kind: ClassVar[str]
    operators: ClassVar[frozenset[str]] = frozenset()
    """What a condition may ask about an answer."""

    id: str
    text: Text
    hint: Text
    is_required: bool
    autocomplete: str = ""

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        """Read what this kind has of its own from its entry in the definition."""
        entry.entry("settings").nothing_else()
        return {}

    def check(self, typed: Typed, *, today: date) -> Checked:
        """Return the answer that was typed, or what is wrong with it. Nothing longer than any answer is looked at."""
        return self.decide(_bounded(typed), today=today)

    @abstractmethod
    def decide(self, typed: Typed, *, today: date) -> Checked:
        """Decide whether what was typed is an answer. Each kind has its own maximum, far below the one of all."""

    def typed(self, answer: Answer) -> Typed:
        """Return what to put back into the inputs for an answer."""
        return answer if isinstance(answer, str) else ""

    def shown(self, answer: Answer, language: str) -> str:
        """Return the answer in words; lines are separated by newlines."""
        return answer if isinstance(answer, str) else ""

    def fact(self, answer: Answer) -> Fact | None:
        """Return what conditions compare; None when there is nothing to compare."""
        return answer if isinstance(answer, str) else None

    def value(self, raw: object) -> Fact | None:
        """Read the value that a condition compares with; None when it could never be an answer to this question."""
        return compose(raw) if isinstance(raw, str) and raw else None

    def words(self) -> tuple[Text, ...]:
        """List every text of the question, for the linter's look at Welsh."""
        return (self.text, self.hint)

    def texts(self) -> tuple[Text, ...]:
        """List the texts that somebody wrote."""
        return tuple(text for text in self.words() if text.en or text.cy)

    def label(self) -> Text:
        """Return the question as it is asked: an optional one says so."""
        if self.is_required:
            return self.text
        optional = govuk("page.optional")
        return Text(f"{self.text.en} {optional.en}", f"{self.text.cy} {optional.cy}" if self.text.cy else "")


def _bounded(typed: Typed) -> Typed:
    if isinstance(typed, str):
        return _cut(typed)
    if isinstance(typed, Chosen):
        return Chosen(tuple(map(_cut, typed.values[:MOST_TICKED])), _cut(typed.other))
    if isinstance(typed, tuple):
        return tuple(map(_cut, typed[:MOST_TICKED]))
    return {part[:LONGEST_TYPED]: _cut(words) for part, words in islice(typed.items(), MOST_PARTS)}


def _cut(words: str) -> str:
    """Cut words that no kind of question takes, so that each still refuses them: they do not end in spaces."""
    return words if len(words) <= LONGEST_TYPED else f"{words[:LONGEST_TYPED]}…"


def good(answer: Answer) -> Checked:
    """Keep the answer."""
    return Checked(answer)


def refused(message: Text, part: str = "") -> Checked:
    """Say what is wrong."""
    return Checked(None, (Fault(message, part),))


def one(typed: Typed) -> str:
    """Return the words that were typed into a single input, composed and without spaces around them.

    Nothing is left of words of which nothing can be seen, nor of characters that no database keeps.
    """
    words = UNWRITABLE.sub("", typed) if isinstance(typed, str) else ""
    return "" if is_blank(words) else compose(words).strip()


def identifier(typed: Typed) -> str:
    """Return what was typed into a single input for a number, a date, an address of mail: as it was meant."""
    return clean_identifier(one(typed))


def several(typed: Typed) -> tuple[str, ...]:
    """Return the values that were ticked, each once."""
    values = typed.values if isinstance(typed, Chosen) else (typed,) if isinstance(typed, str) else typed
    return tuple(dict.fromkeys(value for value in values if value)) if isinstance(values, tuple) else ()


def parts(typed: Typed) -> dict[str, str]:
    """Return the parts that were typed, cleaned one by one."""
    return {name: one(value) for name, value in typed.items()} if isinstance(typed, Mapping) else {}
