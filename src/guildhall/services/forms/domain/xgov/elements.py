"""HTML in pieces: words, and the beginnings and ends of elements, in time that grows with the length alone.

Written for definitions of strangers. The reader of the standard library looks through the rest of a text again for
every mark that is never closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)([^<>]*+)>")
_DECLARATION = re.compile(r"<[!?][^<>]*+>")
_ATTRIBUTE = re.compile(r"(?<![\w-])(class|href|style|alt)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.I)


@dataclass(frozen=True)
class Tag:
    """Where an element begins, or ends."""

    name: str
    is_end: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


def pieces(html: str) -> Iterator[str | Tag]:
    """Yield words as a person reads them, and tags. What is no tag of HTML is words: ``a < b`` is three of them."""
    shown = _DECLARATION.sub("", _without_comments(html))
    place = 0
    for found in _TAG.finditer(shown):
        if place < found.start():
            yield unescape(shown[place : found.start()])
        yield Tag(found[2].lower(), bool(found[1]), _attributes(found[3]))
        place = found.end()
    if place < len(shown):
        yield unescape(shown[place:])


def has_markup(text: str) -> bool:
    """Tell whether there is anything in a text but words."""
    return "&" in text or "<" in text


def _without_comments(html: str) -> str:
    first, *others = html.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _attributes(written: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape(next((each for each in found.groups()[1:] if each is not None), ""))
        for found in _ATTRIBUTE.finditer(written)
    }
