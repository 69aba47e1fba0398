"""Words as octets: the GSM alphabet (3GPP TS 23.038), UCS-2, and long texts in several parts."""

from collections.abc import Sequence
from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_EXTENSION = {0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}
_GSM = {character: bytes([code]) for code, character in enumerate(_BASIC) if code != _ESCAPE} | {
    character: bytes([_ESCAPE, code]) for code, character in _EXTENSION.items()
}

DEFAULT_ALPHABET, LATIN_1, UCS2 = 0, 3, 8
_WHOLE = {DEFAULT_ALPHABET: 160, UCS2: 140}
_PART = {DEFAULT_ALPHABET: 153, UCS2: 134}


@dataclass(frozen=True, slots=True)
class Coded:
    """A text as it travels: one part, or several that a phone puts together again by the header before each."""

    data_coding: int
    parts: Sequence[bytes]

    @property
    def has_headers(self) -> bool:
        return len(self.parts) > 1


def code(text: str, *, name: int) -> Coded:
    """Return a text as octets, in the GSM alphabet where that is enough.

    ``name`` tells the parts of one text from those of another; a text that is repeated keeps it.
    """
    units = [_GSM.get(character) for character in text]
    if None not in units:
        return _split([unit for unit in units if unit is not None], DEFAULT_ALPHABET, name)
    return _split([character.encode("utf-16-be") for character in text], UCS2, name)


def decode(content: bytes, data_coding: int) -> str:
    """Read what somebody wrote."""
    if data_coding == UCS2:
        return content.decode("utf-16-be", "replace")
    if data_coding == LATIN_1:
        return content.decode("latin-1")
    text, codes = [], iter(content)
    for each in codes:
        is_extended = each == _ESCAPE
        text.append(_EXTENSION.get(next(codes, 0x20), " ") if is_extended else _BASIC[each & 0x7F])
    return "".join(text)


def without_header(content: bytes) -> bytes:
    """Leave away the header that says which part of a text this is. One that would be longer than the text is none."""
    return content[content[0] + 1 :] if content and content[0] < len(content) else content


def _split(units: Sequence[bytes], data_coding: int, name: int) -> Coded:
    if sum(map(len, units)) <= _WHOLE[data_coding]:
        return Coded(data_coding, [b"".join(units)])
    parts = [b""]
    for unit in units:
        if len(parts[-1]) + len(unit) > _PART[data_coding]:
            parts.append(b"")
        parts[-1] += unit
    head = bytes([5, 0, 3, name & 0xFF, len(parts)])
    return Coded(data_coding, [head + bytes([number]) + part for number, part in enumerate(parts, 1)])
