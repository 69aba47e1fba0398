"""Taking the life out of words that a stranger wrote, before they stand in a council's email.

A value in a template may hold Markdown and links, and they work. That is right for the council's own words and wrong
for a name that somebody typed into a public form: the sender says which values not to trust.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from guildhall.notify.domain.personalisation import key_of

_LABELS = re.compile(r"[\w\-](?<![\w\-]{2})[\w\-]*+(?:\.[\w\-]++)+")
_TOP_LABEL = re.compile(r"\.[a-z]{2,63}(?!@)\b", re.IGNORECASE)
_MAY_BEGIN = re.compile(r"\b(?<![@.])[\w\-]")
_SCHEME = re.compile(r"\b(?<![@.])https?://\Z", re.IGNORECASE)
_LONGEST_SCHEME = len("https://")
_PATH = re.compile(r"[/?#][^<\s]*")
_BARE_DOMAIN = re.compile(r"[a-zA-Z0-9.\-]+")
_MEANS_SOMETHING = re.compile(r"([`*_()\\{}\[\]<>#+\-.!|])")


@dataclass(frozen=True, slots=True)
class Sanitised:
    """One value, before and after."""

    before: str
    after: str


def sanitise(text: str) -> str:
    r"""Return text without working links and with every character of Markdown's behind a backslash.

    >>> sanitise("A [x](https://evil.link) evil.com")
    'A \\[x\\]\\(\\) evil\\. com'
    """
    return _MEANS_SOMETHING.sub(r"\\\1", _with_broken_addresses(text) if "." in text else text)


def sanitise_values(
    given: Mapping[str, object], untrusted: Set[str]
) -> tuple[Mapping[str, object], dict[str, Sanitised]]:
    """Return the values with the untrusted ones sanitised, and which of them that changed.

    :param untrusted: their keys: all messages of a batch have the same, which nobody works out for each.
    """
    if not untrusted:
        return given, {}
    changed = {
        name: Sanitised(str(value), sanitise(str(value)))
        for name, value in given.items()
        if value is not None and key_of(name) in untrusted
    }
    changed = {name: each for name, each in changed.items() if each.before != each.after}
    return {**given, **{name: each.after for name, each in changed.items()}}, changed


def _with_broken_addresses(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in _addresses(text):
        pieces += [text[position:start], _break_address(text[start:end])]
        position = end
    return "".join((*pieces, text[position:]))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each address begins and ends that mail programs link: two labels or more, the last of letters."""
    position = 0
    while labels := _LABELS.search(text, position):
        position = labels.end()
        tops = list(_TOP_LABEL.finditer(text, labels.start(), labels.end() + 1))
        if tops and (start := _find_beginning(text, labels.start(), tops[-1].start())) >= 0:
            path = _PATH.match(text, tops[-1].end())
            position = path.end() if path else tops[-1].end()
            yield start, position


def _find_beginning(text: str, first: int, last: int) -> int:
    """Return where an address begins whose labels begin at ``first``: with its scheme if it has one; -1 for nowhere."""
    if scheme := _SCHEME.search(text, max(0, first - _LONGEST_SCHEME), first):
        return scheme.start()
    begins = _MAY_BEGIN.search(text, first, last)
    return begins.start() if begins else -1


def _break_address(address: str) -> str:
    return address.replace(".", ". ") if _BARE_DOMAIN.fullmatch(address) else ""
