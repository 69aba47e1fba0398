"""What changed between two versions of a template: word for word, and in what a sender must give."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.domain.template import Pair

MOST_WORDS = 4_000
"""Texts with more words are compared line by line, so that a comparison is never slow."""

_WORDS = re.compile(r"\(\([^()]*\)\)|\s+|[^\s()]+|[()]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that both versions have, or only one of them."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return the words of both texts in reading order; where words were replaced, the old ones come first.

    >>> [str(piece.change) + ":" + piece.text for piece in compare("see you on ((day))", "see you on ((date))")]
    ['same:see you on ', 'removed:((day))', 'added:((date))']
    """
    old, new = _cut(before, after)
    pieces: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Change.SAME, "".join(old[old_from:old_to])))
            continue
        pieces += [Piece(Change.REMOVED, "".join(old[old_from:old_to]))] if old_to > old_from else []
        pieces += [Piece(Change.ADDED, "".join(new[new_from:new_to]))] if new_to > new_from else []
    return pieces


@dataclass(frozen=True, slots=True)
class AskedFor:
    """How what a sender must give differs between two versions, each name in its first spelling."""

    added: Sequence[str]
    removed: Sequence[str]

    @property
    def is_same(self) -> bool:
        return not self.added and not self.removed


def compare_placeholders(before: Pair, after: Pair) -> AskedFor:
    """Return which names a sender must newly give, and which are asked for no more."""
    old, new = _names(before), _names(after)
    return AskedFor(
        added=[name for key, name in new.items() if key not in old],
        removed=[name for key, name in old.items() if key not in new],
    )


def only_in_one_language(pair: Pair) -> AskedFor:
    """Return the names that the Welsh words ask for and the English do not (added), and the other way round."""
    if pair.welsh.is_empty:
        return AskedFor((), ())
    return compare_placeholders(Pair(pair.english), Pair(pair.welsh))


def _names(pair: Pair) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in (*pair.english.names, *pair.welsh.names):
        names.setdefault(key_of(name), name)
    return names


def _cut(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) <= MOST_WORDS:
        return old, new
    return _LINES.findall(before), _LINES.findall(after)
