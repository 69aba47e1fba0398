"""What changed between two versions of a template: word for word, and in what a sender must give."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from guildhall.notify.domain.aligning import align
from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.domain.template import Pair

_WORDS = re.compile(r"\(\([^()]*\)\)|\s+|[^\s()]+|[()]")


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
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    old_from, new_from = 0, 0
    for old_at, new_at in (*align(old, new), (len(old), len(new))):
        pieces += _piece(Change.REMOVED, old[old_from:old_at])
        pieces += _piece(Change.ADDED, new[new_from:new_at])
        pieces += _piece(Change.SAME, old[old_at : old_at + 1])
        old_from, new_from = old_at + 1, new_at + 1
    return [Piece(change, "".join(piece.text for piece in same)) for change, same in groupby(pieces, _change_of)]


def _piece(change: Change, words: Sequence[str]) -> list[Piece]:
    return [Piece(change, "".join(words))] if words else []


def _change_of(piece: Piece) -> Change:
    return piece.change


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
