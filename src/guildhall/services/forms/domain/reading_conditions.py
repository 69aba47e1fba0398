"""Conditions as a document writes them: a name, a comparison {q, op, value}, {all: …}, {any: …} or {not: …}."""

from collections.abc import Collection, Mapping
from typing import Any

from guildhall.services.forms.domain.conditions import (
    ABOUT_LENGTH,
    ABOUT_NOTHING_ELSE,
    OPERATORS,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Not,
)
from guildhall.services.forms.domain.questions import Question
from guildhall.services.forms.domain.reading import Entry

_NEVER = Comparison("", "is_answered")
"""What a condition that cannot be read becomes, while reading goes on to find what else is wrong."""

LARGEST = 500
DEEPEST = 20
"""Conditions that name others can double at every step, and be longer than any page should take to decide."""


class Conditions:
    """The conditions of a form. ``unread`` are questions whose own problems have been noted already."""

    def __init__(self, entry: Entry, questions: Mapping[str, Question], unread: Collection[str]) -> None:
        self._entry, self._questions, self._unread = entry, questions, unread
        self._names = frozenset(entry.names())
        self._found: dict[str, Condition] = {}

    def named(self) -> Mapping[str, Condition]:
        """Read every condition that has a name, and return them by it."""
        for name in self._entry.names():
            self._named(name, (), self._entry, name)
        return self._found

    def read(self, entry: Entry, key: str) -> Condition:
        """Read the condition under a key of an entry."""
        return self._read(entry, key, ())

    def _named(self, name: str, via: tuple[str, ...], asked_by: Entry, key: str) -> Condition:
        """Return a named condition, reading it first if need be; one that leads back to itself is a problem."""
        if name in self._found:
            return self._found[name]
        if name in via or name not in self._names:
            asked_by.note("condition_in_a_circle" if name in via else "unknown_condition", key, value=name)
            return _NEVER
        if len(via) >= DEEPEST:
            asked_by.note("condition_too_big", key, most=LARGEST)
            return _NEVER
        self._found[name] = self._read(self._entry, name, (*via, name))
        return self._found[name]

    def _read(self, entry: Entry, key: str, via: tuple[str, ...]) -> Condition:
        raw = entry.raw(key)
        if isinstance(raw, str):
            return self._named(raw.removeprefix("cond."), via, entry, key)
        inside = entry.entry(key)
        for word, made in (("all", AllOf), ("any", AnyOf)):
            if word in inside:
                return self._several(inside, word, made, via)
        if "not" in inside:
            opposite = Not(self._read(inside, "not", via))
            inside.nothing_else()
            return opposite
        return self._comparison(inside)

    def _several(self, entry: Entry, word: str, made: type[AllOf], via: tuple[str, ...]) -> Condition:
        listed = entry.raw(word)
        entry.nothing_else()
        if not isinstance(listed, list) or not listed:
            entry.note("missing_list", word)
            return _NEVER
        # Each member is given a key of its own, so that names and objects are read alike.
        members = Entry({f"[{place}]": each for place, each in enumerate(listed)}, entry.at(word), entry.problems)
        several = made(tuple(self._read(members, f"[{place}]", via) for place in range(len(listed))))
        if several.size > LARGEST:
            entry.note("condition_too_big", word, most=LARGEST)
            return _NEVER
        return several

    def _comparison(self, entry: Entry) -> Condition:
        question_id, operator = entry.string("q"), entry.string("op")
        raw = entry.raw("value")
        entry.nothing_else()
        question = self._questions.get(question_id)
        if question is not None and operator in OPERATORS:
            return Comparison(question_id, operator, self._value(entry, question, operator, raw))
        if question is None and question_id and question_id not in self._unread:
            entry.note("unknown_question", "q", value=question_id)
        if operator and operator not in OPERATORS:
            entry.note("not_allowed", "op", value=operator, allowed=", ".join(OPERATORS))
        return _NEVER

    def _value(self, entry: Entry, question: Question, operator: str, raw: object) -> Any:
        if operator not in question.operators:
            entry.note("operator_does_not_fit", "op", value=operator, allowed=", ".join(sorted(question.operators)))
            return None
        if operator in ABOUT_NOTHING_ELSE:
            return None
        if operator in ABOUT_LENGTH:
            return entry.whole_number("value")
        value = question.value(raw)
        if value is None:
            entry.note("value_does_not_fit", "value", value=raw, question=question.id)
        return value
