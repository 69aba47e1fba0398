"""Texts that make a reader slow, if anything does: what it looks for, begun again and again and never finished."""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Text = Callable[[int], str]

PIECES = (
    *(" ", "\t", "\n", " \n", "\x0b", "\u200b", "\x00", "\u0300", "\u0300\u0316", "a\u0300\u0316"),
    *("~", "~~~\n", "<a ", "<!--", "<a b='", "<b>", "&", "|", "a|\n-|-\n"),
    *("[", "](", "[a](", "[a](<b", "((a", "{{", "'", '"', 'a,"', "\\", ",", " ,", ";", ":"),
    *("#", "-", "- - -x\n", "* a\n", "* a\n  * b\n", "1. a\n", "a\n=", "^\n", "    a\n", "> ", "=", "qr:"),
    *("http://", "https://a.b/(", "a@", "@", ".", "a.", "a-", "%41"),
    *("a", "a\n", "é", "😀", "1", "0", "٣", "1-"),
)
"""What means something to one or other reader of ours. A reader is tried with all of it, whether it cares or not."""

_ENDINGS = ("", "\x01", "\n!", " !")
_LONGEST_PIECE = 40


_SEVERAL_KINDS = (" ", "a\u0300\u0316", "1", 'a,"', '; a="', "&", "@", "<a href='", "[a](", "* a\n", "a: b\n")
"""A piece of each kind."""


def generic_texts(pieces: Sequence[str] = PIECES) -> Iterator[tuple[str, Text]]:
    """Yield texts for a reader of which nothing is known: every piece again and again, and all of them mixed."""
    for piece in pieces:
        yield f"{piece!r} again and again, then other words", _repeated(piece, after="!a")
    for space in (" ", "\x0b\n"):
        yield f"{space!r} again and again at the end", _repeated(space, before="a")
    yield from _mixed(pieces)


def few_texts() -> Iterator[tuple[str, Text]]:
    """Yield texts of several kinds, for a reader that is put together from others."""
    for piece in _SEVERAL_KINDS:
        yield f"{piece!r} again and again, then other words", _repeated(piece, after="!a")
    yield from _mixed(_SEVERAL_KINDS)


def handful() -> Iterator[tuple[str, Text]]:
    """Yield a text or two that any slow way of reading meets, for what is put together from readers that are tried."""
    for piece in (" ", "a\u0300\u0316", "<b>", "1, "):
        yield f"{piece!r} again and again", _repeated(piece, after="!a")


def texts_against(pattern: re.Pattern[Any]) -> Iterator[tuple[str, Text]]:
    """Yield texts made from a pattern: its parts again and again, and what it repeats pumped and then let fail."""
    told: dict[str, Text] = {}
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parts = _Parts()
    parts.read(parser.parse(source, pattern.flags & ~re.UNICODE & ~re.DEBUG))
    for piece in dict.fromkeys(parts.pieces):
        told[f"{piece!r} again and again"] = _repeated(piece)
    for before, piece in dict.fromkeys(parts.pumped):
        for after in _ENDINGS:
            told[f"{before!r}, {piece!r} again and again, {after!r}"] = _repeated(piece, before=before, after=after)
        told[f"{before + piece * 3!r} again and again"] = _repeated(before + piece * 3)
    told.update(_mixed(list(dict.fromkeys(parts.pieces)) or ["a"]))
    yield from told.items()


def _repeated(piece: str, *, before: str = "", after: str = "") -> Text:
    return lambda length: before + piece * max(1, length // len(piece)) + after


def _mixed(pieces: Sequence[str]) -> Iterator[tuple[str, Text]]:
    yield "a mixture", _mixture("".join(random.Random(1).choices(pieces, k=500)))


def _mixture(block: str) -> Text:
    return lambda length: (block * (length // len(block) + 1))[:length]


class _Parts:
    """The pieces that a pattern is about: what it spells, one of each kind of character, and its repeats with what
    stands before them."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.pumped: list[tuple[str, str]] = []

    def read(self, parsed: Any, before: str = "") -> str:
        """Walk a part of the pattern; return an example of what it matches."""
        example = ""
        for kind, said in parsed:
            name = str(kind)
            if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
                example += self._repeat(said, before + example)
            else:
                example += self._read_one(name, said, before + example)
            self._keep(example)
        return example

    def _repeat(self, said: Any, before: str) -> str:
        least, most, body = said
        members = _members(body)
        for member in dict.fromkeys((*members, "".join(members[:4]))):
            self._keep(member)
            if most > 3 and member:
                self.pumped.append((before[-_LONGEST_PIECE:], member))
        once = self.read(body, before)
        if most > 3 and once:
            self.pumped.append((before[-_LONGEST_PIECE:], once))
        return once * max(1, min(least, 3))

    def _read_one(self, name: str, said: Any, before: str) -> str:
        match name:
            case "SUBPATTERN":
                return self.read(said[-1], before)
            case "ATOMIC_GROUP":
                return self.read(said, before)
            case "BRANCH":
                return next(iter([self.read(each, before) for each in said[1]]))
            case "ASSERT":
                self.read(said[1], before)
                return ""
            case "ASSERT_NOT":
                self.read(said[1], before)
                return ""
            case "GROUPREF_EXISTS":
                self.read(said[1], before)
                return ""
            case _:
                return next(iter(_members([(name, said)])), "")

    def _keep(self, piece: str) -> None:
        if 0 < len(piece) <= _LONGEST_PIECE:
            self.pieces.append(piece)


_CATEGORIES = {
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "x",
    "CATEGORY_DIGIT": "7",
    "CATEGORY_NOT_DIGIT": "x",
    "CATEGORY_WORD": "x",
    "CATEGORY_NOT_WORD": "!",
}


def _members(parsed: Iterable[Any]) -> list[str]:
    """Return some characters that a single character of a pattern may be; nothing for a longer part."""
    match list(parsed):
        case [(kind, said)]:
            return _members_of(str(kind), said)
    return []


def _members_of(kind: str, said: Any) -> list[str]:
    match kind:
        case "LITERAL":
            return [chr(said)]
        case "NOT_LITERAL":
            return ["x" if said != ord("x") else "y"]
        case "ANY":
            return ["x", " "]
        case "CATEGORY":
            return [_CATEGORIES.get(str(said), "x")]
        case "RANGE":
            return [chr(said[0]), chr(said[1])] if said[1] > 32 else [chr(said[0])]
        case "IN":
            return _members_of_class(said)
    return []


def _members_of_class(said: Any) -> list[str]:
    first, *others = said
    if str(first[0]) == "NEGATE":
        left_out = {member for kind, each in others for member in _members_of(str(kind), each)}
        return [each for each in ("x", " ", "\n", "!", "7", "<", "[", "-") if each not in left_out][:4]
    return [member for kind, each in said for member in _members_of(str(kind), each)][:12]
