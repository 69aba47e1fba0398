"""What a line of a message begins, where that takes more than a pattern to say: fences, references, headings.

Whether a fence or a bracket is ever closed may be known only at the message's end. Each question of that kind is
answered for the whole message at once, so that a thousand openings without an end cost as much as one.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from guildhall.notify.domain.looking_ahead import Ahead

END = r"(?:\n+|\Z)"
"""The end of a block's last line, with the empty lines after it."""

_LINE_ENDS = re.compile(r" *+\n*+")
_OPENING = re.compile(r"(?P<fence>`{3,}+|~{3,}+)(?P<info> *+[^`\s]*+) *+\n")
_FENCE_CLOSES = re.compile(r"`(?<!`{2})`{2,}+(?= *+(?:\n|\Z))")
_WAVE_CLOSES = re.compile(r"~(?<!~{2})~{2,}+(?= *+(?:\n|\Z))")
_BRACKET_OPENS, _BRACKET_CLOSES = re.compile(r" *+\[[^\]^]"), re.compile(r"\]")
_ADDRESS = re.compile(r"\]: *<?[^\s>]+>?(?: +[\"(][^\n]+[\")])? *+" + END)
_SHORTEST_FENCE = 3


@dataclass(frozen=True, slots=True)
class Fenced:
    """Lines between two fences."""

    content: str
    end: int


@dataclass(frozen=True, slots=True)
class Titled:
    """A heading that a line of hashes and words is."""

    level: int
    words: str
    end: int


class Beginnings:
    """A message, and the questions about it that are asked from top to bottom."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._brackets_close = Ahead(_BRACKET_CLOSES, text)
        self._reference_ends: dict[int, int] = {}

    def find_heading(self, at: int) -> Titled | None:
        """Return the heading that a line is, or None. Hashes at its end are left out; a heading is never empty."""
        end = self.end_of_line(at)
        line = self.text[at:end].lstrip(" ")
        hashes = min(len(line) - len(line.lstrip("#")), 6)
        if hashes == len(line):
            hashes -= 1  # nothing but hashes: the last one is what the heading says
        if hashes < 1:
            return None
        rest = line[hashes:].lstrip(" ") or " "
        words = rest.rstrip(" ").rstrip("#").rstrip(" ") or rest[0]
        return Titled(hashes, words, self.skip_empty_lines(end))

    def find_fenced(self, at: int) -> Fenced | None:
        """Return what stands between the fence that begins at a place and the first that closes it, or None."""
        opening = _OPENING.match(self.text, at)
        if opening is None:
            return None
        fence, info, begins = opening["fence"], opening["info"], opening.end()
        closings = self._fences if fence[0] == "`" else self._waves
        found = closings.find(begins, len(fence), shortest=_shortest_closing(fence, info))
        if found is None:
            return None
        content = self.text[begins : found.begins].rstrip() or self.text[begins]
        return Fenced(content, self.skip_empty_lines(found.ends))

    def find_end_of_reference(self, at: int) -> int:
        """Return where the definition of an address ends that a line begins (``[name]: address``); -1 if it is none."""
        opens = _BRACKET_OPENS.match(self.text, at)
        closes = self._brackets_close.find(opens.end()) if opens else None
        if closes is None:
            return -1
        if closes.start() not in self._reference_ends:
            match = _ADDRESS.match(self.text, closes.start())
            self._reference_ends[closes.start()] = match.end() if match else -1
        return self._reference_ends[closes.start()]

    def end_of_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def skip_empty_lines(self, at: int) -> int:
        """Return where the text goes on after a line that ends, but for spaces, at a place."""
        match = _LINE_ENDS.match(self.text, at)
        return match.end() if match else at

    @cached_property
    def _fences(self) -> "_Closings":
        return _Closings(self.text, _FENCE_CLOSES)

    @cached_property
    def _waves(self) -> "_Closings":
        return _Closings(self.text, _WAVE_CLOSES)


def _shortest_closing(fence: str, info: str) -> int:
    """Return how short a fence may be that closes another: of waves, some may count as the word after the fence."""
    is_waves_and_word = fence[0] == "~" and (not info.strip(" ") or info[0] != " ")
    return _SHORTEST_FENCE if is_waves_and_word else len(fence)


@dataclass(frozen=True, slots=True)
class _Closing:
    begins: int
    ends: int


class _Closings:
    """The runs of one sign that end a line: whatever fence of that sign is opened, one of them closes it."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        found = list(pattern.finditer(text))
        self._starts, self._ends = [each.start() for each in found], [each.end() for each in found]
        lengths = [each.end() - each.start() for each in found]
        self._longest_after = [*accumulate(reversed(lengths), max)][::-1]

    def find(self, begins: int, length: int, *, shortest: int) -> _Closing | None:
        """Return the first run that closes what begins at a place: of the opening's length, or the longest shorter."""
        first = bisect_left(self._starts, begins)
        length = min(length, self._longest(first, begins))
        if length < shortest:
            return None
        while self._room(first, begins) < length:
            first += 1
        return _Closing(self._ends[first] - length, self._ends[first])

    def _longest(self, first: int, begins: int) -> int:
        """Return how long a fence could be that is closed from a run on."""
        if first == len(self._starts):
            return 0
        return max((self._room(first, begins), *self._longest_after[first + 1 : first + 2]))

    def _room(self, number: int, begins: int) -> int:
        """Return how long a fence a run can close. At least one character stands between fences."""
        return min(self._ends[number] - self._starts[number], self._ends[number] - begins - 1)
