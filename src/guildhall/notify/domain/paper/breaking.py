"""Where a line of a letter may end inside a word: only in words that are too long for any line."""

import unicodedata
from collections.abc import Sequence

from guildhall.notify.domain.paper.reading_html import Run

MAY_END = "\u200b"
"""A space without width stands where a line may end. Nothing is drawn for it."""

LONGEST_WORD = 24
"""Characters that fit on any line of a page, also in its widest letters."""

LONGEST_IN_CORNER = 16
"""The same for the narrow places: the sender's corner and the name above the letter."""

_AT_MOST = 10
_PART_AN_ADDRESS = frozenset("/?&=.-_@:#")
_ENDS_A_WORD = frozenset(" \t\n")


def with_breaks(runs: Sequence[Run | None], *, longest: int = LONGEST_WORD) -> list[Run | None]:
    """Return the runs of a line or paragraph, so that no word of theirs runs off the page.

    A word may reach over several runs. Marks stay with the letter that they stand on.
    """
    lengths = _lengths_of_words(runs)
    broken: list[Run | None] = []
    place = 0
    for run in runs:
        if run is None:
            broken.append(None)
            place += 1
            continue
        text = run["text"]
        broken.append({**run, "text": _broken(text, lengths[place : place + len(text)], longest)})
        place += len(text)
    return broken


def _broken(text: str, lengths: Sequence[int], longest: int) -> str:
    """Let lines end behind the signs that part an address, and where there are none after every few characters."""
    broken: list[str] = []
    since = 0
    for character, length in zip(text, lengths, strict=True):
        may_end = length > longest and not unicodedata.combining(character)
        if may_end and (since >= _AT_MOST or (broken and broken[-1] in _PART_AN_ADDRESS)):
            broken.append(MAY_END)
            since = 0
        broken.append(character)
        since += 1
    return "".join(broken)


def _lengths_of_words(runs: Sequence[Run | None]) -> list[int]:
    """Return for each character, a line's end counting as one, the length of the word in which it stands."""
    characters = "".join("\n" if run is None else run["text"] for run in runs)
    lengths: list[int] = []
    word = 0
    for character in (*characters, " "):
        if character in _ENDS_A_WORD:
            lengths += [word] * word + [0]
            word = 0
        else:
            word += 1
    return lengths[:-1]
