"""How the letters of a text file are written: told by its mark, or guessed from its bytes.

A guess that is wrong puts another letter into somebody's name, so a doubtful one is called a guess and shown.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guildhall.spreadsheets.table import NotATable

_SAMPLE = 65_536
_NEVER_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text is decoded, and its name for people. ``is_wide`` when every letter takes several bytes, some zero."""

    codec: str
    name: str
    is_wide: bool = False
    is_guess: bool = False


_UTF_8 = Encoding("utf-8", "UTF-8")
_WINDOWS = Encoding("cp1252", "Windows-1252", is_guess=True)
_MARKS = (
    (codecs.BOM_UTF8, Encoding("utf-8-sig", "UTF-8")),
    (codecs.BOM_UTF32_LE, Encoding("utf-32", "UTF-32", is_wide=True)),
    (codecs.BOM_UTF32_BE, Encoding("utf-32", "UTF-32", is_wide=True)),
    (codecs.BOM_UTF16_LE, Encoding("utf-16", "UTF-16", is_wide=True)),
    (codecs.BOM_UTF16_BE, Encoding("utf-16", "UTF-16", is_wide=True)),
)


def encoding_of(parts: Iterable[bytes]) -> Encoding:
    """Return how a text is written: as its mark says; else UTF-8 if it is that, else Windows-1252.

    :raises NotATable: there are bytes in it that no text has.
    """
    start = next(iter(parts), b"")[:_SAMPLE]
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    found = marked or _unmarked_utf16(start)
    if found is not None and found.is_wide:
        return found
    if any(_NEVER_IN_TEXT.search(part) for part in parts):
        raise NotATable("there are characters in it that no text has")
    return found or (_UTF_8 if _is_mostly_utf8(parts) else _WINDOWS)


def lines_of(parts: Iterable[bytes], encoding: Encoding) -> Iterator[str]:
    """Return a text's lines, each with its end. What its encoding has no letter for becomes U+FFFD.

    :raises NotATable: a line has a zero in it.
    """
    text = decoded(parts, encoding)
    return _without_zeros(text) if encoding.is_wide else text


def decoded(parts: Iterable[bytes], encoding: Encoding) -> io.TextIOWrapper:
    """Return the parts as a file of text."""
    raw: io.RawIOBase = _Parts(parts)
    return io.TextIOWrapper(io.BufferedReader(raw), encoding.codec, errors="replace", newline="")


def _without_zeros(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "\x00" in line:
            raise NotATable("there is a character in it that no text has")
        yield line


def _unmarked_utf16(start: bytes) -> Encoding | None:
    """Tell UTF-16 without its mark by the zeros at every other place, which English text has."""
    for place, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = start[place::2], start[1 - place :: 2]
        if zeros and zeros.count(0) > 0.7 * len(zeros) and not others.count(0):
            return Encoding(codec, "UTF-16", is_wide=True)
    return None


def _is_mostly_utf8(parts: Iterable[bytes]) -> bool:
    """Whether more of the letters beyond ASCII are UTF-8 than are not: a damaged letter makes it no other kind."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    letters = damaged = 0
    for part in parts:
        text = decoder.decode(part)
        if not text.isascii():
            lost = text.count("\ufffd")
            damaged += lost
            letters += len(text) - len(text.encode("ascii", "ignore")) - lost
    return letters >= damaged + len(decoder.decode(b"", True))


class _Parts(io.RawIOBase):
    """Parts of a file as the file."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._left:
            try:
                self._left = memoryview(next(self._parts))
            except StopIteration:
                return 0
        taken = min(len(buffer), len(self._left))
        buffer[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken
