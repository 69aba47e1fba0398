"""Looking ahead in a text without ever looking at the same part of it twice."""

import re


class Ahead:
    """Where a pattern is found next in a text.

    Asked from left to right, as whoever reads a text does, the text is searched once, however often it is asked: also
    when the pattern is nowhere. Only then is a text of a thousand beginnings without an end read in a moment.
    """

    __slots__ = ("_found", "_pattern", "_searched_from", "_text")

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern, self._text = pattern, text
        self._found: re.Match[str] | None = None
        self._searched_from = len(text) + 1

    def find(self, at: int) -> re.Match[str] | None:
        """Return the first match that begins at a place or after it."""
        is_known = self._searched_from <= at and (self._found is None or at <= self._found.start())
        if not is_known:
            self._found, self._searched_from = self._pattern.search(self._text, at), at
        return self._found

    def find_end(self, at: int) -> int:
        """Return where the first match ends that begins at a place or after it; -1 if there is none."""
        found = self.find(at)
        return found.end() if found else -1
