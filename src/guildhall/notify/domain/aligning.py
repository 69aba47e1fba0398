"""Which words of two texts are the same words, found in time that grows with the texts and not with their product.

What begins and ends alike belongs together. Between, words that each text has once are the landmarks (as in Bram
Cohen's patience diff), and what stands between two landmarks is compared in the same way. Only a few words without a
landmark are compared each with each.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_DEEPEST = 12
"""How often landmarks are looked for between landmarks."""

_MOST_COMPARISONS = 1_000
"""Where there is no landmark: the most words of one text times words of the other that are compared each with each."""

Place = tuple[int, int]
"""A word in the first text and the same word in the second, by number."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some neighbouring words of the first text and the words of the second that stand in their place."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int
    depth: int

    @property
    def comparisons(self) -> int:
        return (self.old_to - self.old_from) * (self.new_to - self.new_from)


def align(old: Sequence[str], new: Sequence[str]) -> list[Place]:
    """Return the words that both texts have, in order: none is used twice, and they stand in the same order in both."""
    kept: list[Place] = []
    stretches = [_Stretch(0, len(old), 0, len(new), 0)]
    while stretches:
        stretch = stretches.pop()
        ends, stretch = _ends_alike(old, new, stretch)
        kept += ends
        landmarks = _landmarks(old, new, stretch) if stretch.comparisons and stretch.depth < _DEEPEST else []
        if landmarks:
            kept += landmarks
            stretches += _between(landmarks, stretch)
        elif 0 < stretch.comparisons <= _MOST_COMPARISONS:
            kept += _each_with_each(old, new, stretch)
    return sorted(kept)


def _ends_alike(old: Sequence[str], new: Sequence[str], stretch: _Stretch) -> tuple[list[Place], _Stretch]:
    """Return the words with which both sides of a stretch begin and end alike, and the stretch without them."""
    first, second, last, end = stretch.old_from, stretch.new_from, stretch.old_to, stretch.new_to
    while first < last and second < end and old[first] == new[second]:
        first, second = first + 1, second + 1
    while first < last and second < end and old[last - 1] == new[end - 1]:
        last, end = last - 1, end - 1
    begins = zip(range(stretch.old_from, first), range(stretch.new_from, second), strict=True)
    closes = zip(range(last, stretch.old_to), range(end, stretch.new_to), strict=True)
    return [*begins, *closes], _Stretch(first, last, second, end, stretch.depth)


def _landmarks(old: Sequence[str], new: Sequence[str], stretch: _Stretch) -> list[Place]:
    """Return words that each side has once, as many as stand in the same order on both."""
    places = {word: number for number, word in _once(new, stretch.new_from, stretch.new_to)}
    return _longest_rising(
        [(number, places[word]) for number, word in _once(old, stretch.old_from, stretch.old_to) if word in places]
    )


def _once(words: Sequence[str], start: int, end: int) -> Iterator[tuple[int, str]]:
    counts = Counter(words[start:end])
    return ((number, words[number]) for number in range(start, end) if counts[words[number]] == 1)


def _longest_rising(places: Sequence[Place]) -> list[Place]:
    """Return the most places of which each stands after the one before, in the second text too (patience sorting)."""
    tops: list[int] = []
    at_top: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(places):
        pile = bisect_left(tops, second)
        before.append(at_top[pile - 1] if pile else -1)
        tops[pile : pile + 1], at_top[pile : pile + 1] = [second], [number]
    rising: list[Place] = []
    number = at_top[-1] if at_top else -1
    while number >= 0:
        rising.append(places[number])
        number = before[number]
    return rising[::-1]


def _between(landmarks: Sequence[Place], stretch: _Stretch) -> Iterator[_Stretch]:
    old_from, new_from = stretch.old_from, stretch.new_from
    for old_at, new_at in (*landmarks, (stretch.old_to, stretch.new_to)):
        yield _Stretch(old_from, old_at, new_from, new_at, stretch.depth + 1)
        old_from, new_from = old_at + 1, new_at + 1


def _each_with_each(old: Sequence[str], new: Sequence[str], stretch: _Stretch) -> Iterator[Place]:
    first, second = old[stretch.old_from : stretch.old_to], new[stretch.new_from : stretch.new_to]
    for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
        for number in range(block.size):
            yield stretch.old_from + block.a + number, stretch.new_from + block.b + number
