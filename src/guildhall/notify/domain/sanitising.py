"""Taking the life out of words that a stranger wrote, before they stand in a council's email.

A value in a template may hold Markdown and links, and they work. That is right for the council's own words and wrong
for a name that somebody typed into a public form: the sender says which values not to trust.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from guildhall.notify.domain.personalisation import key_of

_ADDRESS = re.compile(
    r"\b(?<![@.])(https?://)?([\w\-]+\.)+([a-z]{2,63})(?!@)\b([/?#][^<\s]*)?",
    re.IGNORECASE,
)
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
    return _MEANS_SOMETHING.sub(r"\\\1", _ADDRESS.sub(_break_address, text))


def sanitise_values(
    given: Mapping[str, object], untrusted: Collection[str]
) -> tuple[Mapping[str, object], dict[str, Sanitised]]:
    """Return the values with the untrusted ones sanitised, and which of them that changed."""
    if not untrusted:
        return given, {}
    keys = {key_of(name) for name in untrusted}
    changed = {
        name: Sanitised(str(value), sanitise(str(value)))
        for name, value in given.items()
        if value is not None and key_of(name) in keys
    }
    changed = {name: each for name, each in changed.items() if each.before != each.after}
    return {**given, **{name: each.after for name, each in changed.items()}}, changed


def _break_address(address: re.Match[str]) -> str:
    return address.group().replace(".", ". ") if _BARE_DOMAIN.fullmatch(address.group()) else ""
