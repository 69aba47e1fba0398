"""Making text safe to stand in HTML, the way officers' templates have always been read.

What was typed as an entity stays one character (``&micro;`` is µ), except that a non-breaking space and an ampersand
typed as entities stay as typed. An entity needs its semicolon: ``2 &minus 1`` is just text.
"""

import html
import re

_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_MOST_DIGITS = 8
"""No character's number has more. Python refuses to count with thousands of them."""

_UNKNOWN = "\ufffd"
_STAYS_AS_TYPED = frozenset({"&nbsp;", "&amp;"})


def escape(text: str) -> str:
    """Return the text with ``&``, ``<`` and ``>`` escaped. Quotation marks are left: they never stand in attributes."""
    if "&" not in text:
        return _escape_characters(text)
    pieces: list[str] = []
    position = 0
    for entity in _ENTITY.finditer(text):
        pieces += [_escape_characters(text[position : entity.start()]), _escape_entity(entity.group())]
        position = entity.end()
    pieces.append(_escape_characters(text[position:]))
    return "".join(pieces)


def unescape(text: str) -> str:
    """Return the text with its entities turned into the characters they stand for."""
    return _ENTITY.sub(lambda entity: _character(entity.group()), text) if "&" in text else text


def _escape_entity(entity: str) -> str:
    return entity if entity in _STAYS_AS_TYPED else _escape_characters(_character(entity))


def _character(entity: str) -> str:
    """Return what an entity stands for."""
    if entity[1] != "#":
        return html.unescape(entity)
    digits = entity[:-1].lstrip("&#xX0") or "0"
    if len(digits) > _MOST_DIGITS:
        return _UNKNOWN
    return html.unescape(f"&#x{digits};" if entity[2] in "xX" else f"&#{digits};")


def _escape_characters(text: str) -> str:
    return html.escape(text, quote=False)
