"""Reading JSON somebody wrote: take what is there, and note everything that is wrong with it, with its place.

An ``Entry`` is one object of the document. Asking it for a thing that is missing or of the wrong kind notes a problem
and returns something harmless, so that reading goes on and the author hears of all mistakes at once.
"""

import re
from collections.abc import KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guildhall.design.languages import Text
from guildhall.kernel.text import compose, is_blank
from guildhall.services.forms.domain import guidance
from guildhall.services.forms.domain.messages import problem_words

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a definition: where, and what, in words for the person who wrote it."""

    path: str
    words: Text

    def __str__(self) -> str:
        return f"{self.path}: {self.words.en}" if self.path else self.words.en


MOST_TOLD = 1_000
"""Problems that anybody could go through. A file of two megabytes has room for a million."""


@dataclass
class Problems:
    """The list that grows while a document is read."""

    found: list[Problem] = field(default_factory=list)

    def note(self, path: str, key: str, **values: object) -> None:
        """Add a problem by the key of its words. Of very many the first are told, and that there are more."""
        if len(self.found) < MOST_TOLD:
            self.found.append(Problem(path, problem_words(key, **values)))
        elif len(self.found) == MOST_TOLD:
            self.found.append(Problem("", problem_words("more_than_is_told")))


class Entry:
    """One object of the document, at its place."""

    def __init__(self, content: object, path: str, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._asked: set[str] = set()
        self._content: Mapping[str, Any] = content if isinstance(content, Mapping) else {}
        if not isinstance(content, Mapping):
            problems.note(path, "not_an_object")

    def __contains__(self, key: str) -> bool:
        return self._content.get(key) is not None

    def names(self) -> KeysView[str]:
        """Return the keys there are."""
        return self._content.keys()

    def at(self, key: str) -> str:
        """Return the place of a key, for a problem."""
        return f"{self.path}.{key}" if self.path and not key.startswith("[") else f"{self.path}{key}"

    def note(self, problem: str, key: str = "", **values: object) -> None:
        """Note a problem with this entry, or with one of its keys."""
        self.problems.note(self.at(key) if key else self.path, problem, **values)

    def raw(self, key: str) -> Any:
        """Return what stands under a key, unread."""
        self._asked.add(key)
        return self._content.get(key)

    def string(self, key: str, *, otherwise: str | None = None, longest: int = 500) -> str:
        """Return words in no language: a code, a value. Required unless there is an ``otherwise``."""
        value = self.raw(key)
        if value is None and otherwise is not None:
            return otherwise
        if not isinstance(value, str) or is_blank(value):
            self.note("missing" if value is None else "not_words", key)
            return ""
        return self._measured(value, key, longest)

    def identifier(self, key: str = "id") -> str:
        """Return an id: a letter, then letters, digits, - and _."""
        value = self.string(key)
        if value and not IDENTIFIER.fullmatch(value):
            self.note("not_an_id", key, value=value)
        return value

    def slug(self, key: str = "slug") -> str:
        """Return a piece of an address: small letters, digits and hyphens."""
        value = self.string(key)
        if value and not SLUG.fullmatch(value):
            self.note("not_a_slug", key, value=value)
        return value

    def one_of(self, key: str, allowed: Sequence[str], *, otherwise: str) -> str:
        """Return a word from a list of allowed ones."""
        value = self.string(key, otherwise=otherwise)
        if value and value not in allowed:
            self.note("not_allowed", key, value=value, allowed=", ".join(allowed))
            return otherwise
        return value or otherwise

    def flag(self, key: str, *, otherwise: bool) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.note("not_a_flag", key)
        return value if isinstance(value, bool) else otherwise

    def whole_number(self, key: str, *, otherwise: int | None = None, least: int = 0, most: int = 10**12) -> int:
        """Return a whole number within bounds."""
        value = self.raw(key)
        if value is None and otherwise is not None:
            return otherwise
        if not isinstance(value, int) or isinstance(value, bool):
            self.note("missing" if value is None else "not_a_whole_number", key)
            return least
        if not least <= value <= most:
            self.note("out_of_bounds", key, least=least, most=most)
            return least
        return value

    def find_whole_number(self, key: str, *, least: int = -(10**12), most: int = 10**12) -> int | None:
        """Return a whole number, or None where there is none."""
        return self.whole_number(key, least=least, most=most) if key in self else self.raw(key)

    def text(self, key: str, *, longest: int = 500) -> Text:
        """Return words in both languages; the Welsh side may be empty, the linter says whether it must not be."""
        if key not in self:
            self.raw(key)
            self.note("missing", key)
            return Text("")
        return self._text(key, longest)

    def find_text(self, key: str, *, longest: int = 500) -> Text:
        """Return words in both languages, or empty ones where there are none."""
        return self._text(key, longest) if key in self else Text(self.raw(key) or "")

    def guidance(self, key: str, *, longest: int = 20_000) -> Text:
        """Return guidance in both languages, or empty; links that a page may not follow are a problem."""
        text = self.find_text(key, longest=longest)
        for address in (*guidance.unsafe_addresses(text.en), *guidance.unsafe_addresses(text.cy)):
            self.note("unsafe_link", key, address=address)
        return text

    def entry(self, key: str) -> "Entry":
        """Return the object under a key; a missing one reads as empty, without a problem of its own."""
        value = self.raw(key)
        return Entry({} if value is None else value, self.at(key), self.problems)

    def entries(self, key: str, *, required: bool = False) -> "list[Entry]":
        """Return the objects listed under a key."""
        value = self.raw(key)
        if value is None and not required:
            return []
        if not isinstance(value, list) or (required and not value):
            self.note("missing_list" if not value else "not_a_list", key)
            return []
        return [Entry(each, f"{self.at(key)}[{place}]", self.problems) for place, each in enumerate(value)]

    def named(self, key: str) -> "dict[str, Entry]":
        """Return the objects under a key by their names."""
        inside = self.entry(key)
        return {name: inside.entry(name) for name in inside.names()}

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the words listed under a key."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.note("not_a_list_of_words", key)
            return ()
        return tuple(value)

    def nothing_else(self, *, not_yet: Sequence[str] = ()) -> None:
        """Note the keys that nobody asked for. A misspelt rule must not be silently no rule."""
        for key in self._content:
            if key in not_yet:
                self.note("not_yet", key)
            elif key not in self._asked:
                self.note("unknown_key", key)

    def _text(self, key: str, longest: int) -> Text:
        value = self.raw(key)
        if isinstance(value, str):
            return Text(compose(self._measured(value, key, longest)))
        if not isinstance(value, Mapping):
            self.note("not_a_text", key)
            return Text("")
        sides = Entry(value, self.at(key), self.problems)
        english, welsh = sides.string("en", longest=longest), sides.string("cy", otherwise="", longest=longest)
        text = Text(compose(english), compose(welsh))
        sides.nothing_else()
        return text

    def _measured(self, value: str, key: str, longest: int) -> str:
        if len(value) > longest:
            self.note("too_long", key, longest=longest)
        return value.strip()
