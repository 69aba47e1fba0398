"""Template words with ``((placeholders))`` in them, and how they are filled.

A wording is read once and filled many times: reading cuts the text into literal pieces and gaps. Nothing is nested, a
gap's name holds no parentheses, and a value never opens a further gap.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from guildhall.notify.domain.escaping import escape, unescape
from guildhall.notify.domain.personalisation import (
    Personalisation,
    as_bullets,
    as_sentence,
    key_of,
    list_items,
    means_yes,
)

_GAP = re.compile(r"\(\(([^()]+)\)\)")


@dataclass(frozen=True, slots=True)
class Gap:
    """A place for a value: ``((name))``, or ``((name??words shown if the value means yes))``."""

    name: str
    words_if_yes: str | None

    @property
    def as_typed(self) -> str:
        words = "" if self.words_if_yes is None else f"??{self.words_if_yes}"
        return f"(({self.name}{words}))"


@dataclass(frozen=True, slots=True)
class Style:
    """How values are put in: what is done to text, to a list, and to a gap nobody filled."""

    clean: Callable[[str], str]
    join: Callable[[list[str]], str]
    show_gap: Callable[[Gap], str]


@dataclass(frozen=True, slots=True)
class Wording:
    pieces: tuple[str | Gap, ...]

    @property
    def names(self) -> list[str]:
        """The names asked for, each once, in the order and spelling of their first appearance."""
        first_spelling: dict[str, str] = {}
        for piece in self.pieces:
            if isinstance(piece, Gap):
                first_spelling.setdefault(key_of(piece.name), piece.name)
        return list(first_spelling.values())

    def fill(self, given: Personalisation, style: Style) -> str:
        """Return the text with every gap filled, or shown as a gap when nothing was given for it."""
        return "".join(piece if isinstance(piece, str) else _fill_gap(piece, given, style) for piece in self.pieces)


@lru_cache(maxsize=4096)
def read_wording(text: str) -> Wording:
    """Cut a template's text into its literal pieces and gaps."""
    pieces: list[str | Gap] = []
    position = 0
    for match in _GAP.finditer(text):
        pieces += [text[position : match.start()], _read_gap(match.group(1))]
        position = match.end()
    pieces.append(text[position:])
    return Wording(tuple(piece for piece in pieces if piece != ""))


def read_escaped_wording(text: str) -> Wording:
    """Cut a template's text as HTML shows it: escaped before it is read, so that a gap's own words are escaped too."""
    return read_wording(escape(text))


def as_is(text: str) -> str:
    return text


def marked_gap(gap: Gap) -> str:
    """Show an unfilled gap in a preview, marked for the eye."""
    if gap.words_if_yes is None:
        return f"<span class='placeholder'>&#40;&#40;{gap.name}&#41;&#41;</span>"
    return f"<span class='placeholder-conditional'>&#40;&#40;{gap.name}??</span>{gap.words_if_yes}&#41;&#41;"


def plain_gap(gap: Gap) -> str:
    return gap.as_typed


HTML_BODY = Style(escape, as_bullets, marked_gap)
HTML_LINE = Style(escape, as_sentence, marked_gap)
PLAIN_BODY = Style(as_is, as_bullets, plain_gap)
PLAIN_LINE = Style(as_is, as_sentence, plain_gap)
MARKED_PLAIN_BODY = Style(as_is, as_bullets, marked_gap)
MARKED_PLAIN_LINE = Style(as_is, as_sentence, marked_gap)


def _read_gap(inside: str) -> Gap:
    name, question, words = inside.partition("??")
    return Gap(name, words if question else None)


def _fill_gap(gap: Gap, given: Personalisation, style: Style) -> str:
    value = given.get(gap.name)
    if value is None and "&" in gap.name:
        value = given.get(unescape(gap.name))
    if value is None:
        return style.show_gap(gap)
    shown = style.join(list_items(value)) if isinstance(value, list) else str(value)
    if gap.words_if_yes is not None:
        return gap.words_if_yes if means_yes(shown) else ""
    return style.clean(shown)
