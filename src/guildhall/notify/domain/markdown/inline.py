"""Reading what stands inside a line: links, line breaks, and characters behind a backslash.

There is no bold, italic, code or image: stars and underlines are just characters (contract: notify 2). The time it
takes grows with the length of the line and with nothing else, whatever somebody has filled into it.
"""

import re
from bisect import bisect_left
from functools import cached_property

from guildhall.notify.domain.looking_ahead import Ahead
from guildhall.notify.domain.markdown.links import Links
from guildhall.notify.domain.markdown.tree import BareLink, Inline, LineBreak, Link, Words

DEEPEST = 6
"""Links this deep within one another hold text only."""

_BACKSLASHED = re.compile(r"\\([\\`*{}\[\]()#+\-.!_>~|])")
_ATTRIBUTES = r"(?:\s+[\w\-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*"
_OPENING = re.compile(rf"<(?P<tag>\w+(?!:/|[^\w\s@]*@)\b){_ATTRIBUTES}>")
_EMPTY = re.compile(rf"<\w+(?!:/|[^\w\s@]*@)\b{_ATTRIBUTES}/?>")
_CLOSING = re.compile(r"</(\w+)>")
_COMMENT_ENDS = re.compile(r"-->")
_ANGLES_END = re.compile(r"[ >]")
_ADDRESS_SIGN = re.compile(r"[@:]")
_BARE = re.compile(r"https?://[^\s<]+[^<.,:\"')\]\s]")
_BREAK = re.compile(r" *+\n")
_SPECIAL = re.compile(r"\\|<|!|\[|https?://|\n| (?<! {2}) *+\n")


_Read = tuple[str | Inline, int]
"""What stands at a place, and where it ends."""


def read_inline(text: str, *, depth: int = 0) -> tuple[Inline, ...]:
    """Return the pieces of a paragraph, heading or line, or of the words of a link that is ``depth`` links deep."""
    if _SPECIAL.search(text) is None:
        return (Words(text),) if text else ()
    return _Reading(text, depth).pieces()


class _Reading:
    """One text, read from left to right."""

    def __init__(self, text: str, depth: int) -> None:
        self._text, self._depth = text, depth
        self._last_word = len(text.rstrip())
        self._comment_ends = Ahead(_COMMENT_ENDS, text)
        self._angles_end = Ahead(_ANGLES_END, text)
        self._address_signs = Ahead(_ADDRESS_SIGN, text)

    def pieces(self) -> tuple[Inline, ...]:
        pieces: list[Inline] = []
        words: list[str] = []
        position = 0
        while position < len(self._text):
            piece, position = self._read_piece(position)
            if isinstance(piece, str):
                words.append(piece)
                continue
            if words:
                pieces.append(Words("".join(words)))
                words.clear()
            pieces.append(piece)
        return (*pieces, Words("".join(words))) if words else tuple(pieces)

    def _read_piece(self, at: int) -> _Read:
        found: _Read | None = None
        match self._text[at]:
            case "\\":
                found = self._read_backslashed(at)
            case "<":
                found = self._read_markup(at) or self._read_address_in_angles(at)
            case "!" | "[":
                found = self._read_link(at)
            case "h":
                found = self._read_bare_link(at)
            case " " | "\n":
                found = self._read_break(at)
        return found or self._read_words(at)

    def _read_backslashed(self, at: int) -> _Read | None:
        match = _BACKSLASHED.match(self._text, at)
        return (match[1], match.end()) if match else None

    def _read_markup(self, at: int) -> _Read | None:
        """Read a comment or a tag, with all that it closes around, as it stands."""
        end = self._find_end_of_markup(at)
        return (self._text[at:end], end) if end >= 0 else None

    def _find_end_of_markup(self, at: int) -> int:
        if self._text.startswith("<!--", at):
            return self._comment_ends.find_end(at + len("<!--"))
        if match := _OPENING.match(self._text, at):
            closing = self._find_closing(match["tag"], match.end())
            return match.end() if closing < 0 else closing + len(f"</{match['tag']}>")
        match = _EMPTY.match(self._text, at)
        return match.end() if match else -1

    def _find_closing(self, tag: str, at: int) -> int:
        places = self._closings.get(tag, [])
        number = bisect_left(places, at)
        return places[number] if number < len(places) else -1

    @cached_property
    def _closings(self) -> dict[str, list[int]]:
        """Where each tag is closed."""
        places: dict[str, list[int]] = {}
        for match in _CLOSING.finditer(self._text):
            places.setdefault(match[1], []).append(match.start())
        return places

    def _read_address_in_angles(self, at: int) -> _Read | None:
        begins, end = at + 1, self._angles_end.find(at + 1)
        if end is None or end[0] == " " or end.start() == begins:
            return None
        sign = self._address_signs.find(begins + 1)
        is_address = sign is not None and sign.end() < end.start()
        return (self._text[begins : end.start()], end.end()) if is_address else None

    def _read_link(self, at: int) -> _Read | None:
        is_image = self._text[at] == "!"
        found = self._links.find(at + is_image)
        if found is None:
            return None
        if is_image:
            return "", found.end
        words = self._text[at + 1 : found.words_end]
        inside = read_inline(words, depth=self._depth + 1) if self._depth < DEEPEST else (Words(words),)
        return Link(found.address, found.title, inside), found.end

    @cached_property
    def _links(self) -> Links:
        return Links(self._text)

    def _read_bare_link(self, at: int) -> _Read | None:
        match = _BARE.match(self._text, at)
        if match is None:
            return None
        return match[0] if self._depth else BareLink(match[0]), match.end()

    def _read_break(self, at: int) -> _Read | None:
        match = _BREAK.match(self._text, at)
        return (LineBreak(), match.end()) if match and match.end() <= self._last_word else None

    def _read_words(self, at: int) -> _Read:
        match = _SPECIAL.search(self._text, at + 1)
        end = match.start() if match else len(self._text)
        return self._text[at:end], end
