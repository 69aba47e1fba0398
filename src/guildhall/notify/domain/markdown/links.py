"""``[words](address "title")``: where a link ends that a square bracket begins.

The dialect's rule tries every way in which brackets can belong together and takes the longest. There is only one way,
so it is found from the text's end to its beginning, once for all brackets.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from guildhall.notify.domain.looking_ahead import Ahead

_BRACKET = re.compile(r"[\[\]]")
_SPACE = re.compile(r"\s*+")
_QUOTE_BEGINS = re.compile(r"\s(?<!\s{2})\s*+['\"]")
_QUOTE_ENDS = re.compile(r"['\"](?=\s*+\))")
_ANGLE_THEN_END = re.compile(r">\s*+\)")
_ANGLE_THEN_QUOTE = re.compile(r">\s++['\"]")


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link: where its words end, its address and title, and where it ends itself."""

    words_end: int
    address: str
    title: str
    end: int


class Links:
    """The links of a text, asked for from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last_end = text.rfind(")")
        self._quote_begins = Ahead(_QUOTE_BEGINS, text)
        self._angle_then_end = Ahead(_ANGLE_THEN_END, text)
        self._angle_then_quote = Ahead(_ANGLE_THEN_QUOTE, text)

    def find(self, at: int) -> FoundLink | None:
        """Return the link that begins at a place, or None."""
        if not self._text.startswith("[", at) or self._last_end < at:
            return None
        words_end = self._words_end[bisect_left(self._brackets, at) + 1]
        return None if words_end < 0 else self._read_address(words_end)

    @cached_property
    def _brackets(self) -> list[int]:
        return [match.start() for match in _BRACKET.finditer(self._text)]

    @cached_property
    def _words_end(self) -> list[int]:
        """For the words that go on at each bracket: the last bracket that can end them; -1 for none."""
        ends = [-1] * (len(self._brackets) + 1)
        next_closing = len(self._brackets)
        for number in range(len(self._brackets) - 1, -1, -1):
            place = self._brackets[number]
            if self._text[place] == "[":
                ends[number] = ends[min(next_closing + 1, len(self._brackets))]
                continue
            if next_closing == number + 1:  # another closes before any opens: this one may stand among the words
                ends[number] = ends[next_closing]
            if ends[number] < 0 and self._text.startswith("(", place + 1) and place + 1 < self._last_end:
                ends[number] = place
            next_closing = number
        return ends

    def _read_address(self, words_end: int) -> FoundLink:
        """Read what follows the words. There is a parenthesis that ends it."""
        begins = self._skip_space(words_end + len("]("))
        if self._text.startswith("<", begins) and (found := self._read_address_in_angles(words_end, begins + 1)):
            return found
        end = self._text.find(")", begins)
        quote = self._quote_begins.find(begins)
        if quote and quote.end() <= end and self._has_quote_end(quote.end()):
            return self._with_title(words_end, self._text[begins : quote.start()], quote.end())
        return FoundLink(words_end, self._text[begins:end].rstrip(), "", end + 1)

    def _read_address_in_angles(self, words_end: int, begins: int) -> FoundLink | None:
        end, quote = self._angle_then_end.find(begins), self._angle_then_quote.find(begins)
        if quote and (end is None or quote.start() < end.start()) and self._has_quote_end(quote.end()):
            return self._with_title(words_end, self._text[begins : quote.start()], quote.end())
        return end and FoundLink(words_end, self._text[begins : end.start()], "", end.end())

    def _with_title(self, words_end: int, address: str, begins: int) -> FoundLink:
        ends = self._quote_ends[bisect_left(self._quote_ends, begins)]
        return FoundLink(words_end, address, self._text[begins:ends], self._skip_space(ends + 1) + 1)

    def _has_quote_end(self, at: int) -> bool:
        return bool(self._quote_ends) and self._quote_ends[-1] >= at

    @cached_property
    def _quote_ends(self) -> list[int]:
        return [match.start() for match in _QUOTE_ENDS.finditer(self._text)]

    def _skip_space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at
