"""The words a sender gives us to put into a template.

Senders are people with spreadsheets: ``First name``, ``first_name`` and ``firstName`` are one word to them, so they are
one word to us.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from guildhall.kernel.text import compose

_DROPPED = {ord(character): None for character in " _-"}
_USUAL_LENGTH = 64

_MEANS_YES = frozenset({"yes", "y", "true", "t", "1", "include", "show"})


def key_of(name: str) -> str:
    """Return the form under which a name is compared: composed, without case, spaces, underscores and hyphens."""
    return _key_of_usual(name) if len(name) <= _USUAL_LENGTH else compose(name).translate(_DROPPED).lower()


@lru_cache(maxsize=16_384)
def _key_of_usual(name: str) -> str:
    return compose(name).translate(_DROPPED).lower()


class Personalisation(Mapping[str, object]):
    """Values by name, found whatever the capitals, spaces, underscores and hyphens of the asker.

    A value of None is the same as no value; the empty string, 0, False and the empty list are values.
    """

    __slots__ = ("_as_given", "_by_key")

    def __init__(self, given: Mapping[str, object]) -> None:
        self._as_given = given
        self._by_key = {key_of(name): value for name, value in given.items() if value is not None}

    def __getitem__(self, name: str) -> object:
        return self._by_key[key_of(name)]

    def get(self, name: str, default: Any = None) -> Any:
        return self._by_key.get(key_of(name), default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._as_given)

    def __len__(self) -> int:
        return len(self._as_given)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and key_of(name) in self._by_key


NOTHING_GIVEN = Personalisation({})


def missing_names(asked_for: Iterable[str], given: Personalisation) -> list[str]:
    """Return the names a template asks for and the sender did not give, in the template's order and spelling."""
    return [name for name in asked_for if name not in given]


def unused_names(asked_for: Iterable[str], given: Personalisation) -> list[str]:
    """Return the names that were given and no template text asks for."""
    keys = {key_of(name) for name in asked_for}
    return [name for name in given if key_of(name) not in keys]


def means_yes(shown: str) -> bool:
    """Decide whether a value, as it would be shown, switches a conditional text on."""
    return shown.lower() in _MEANS_YES


def list_items(values: Iterable[object]) -> list[str]:
    """Return the items worth showing: trimmed, without the empty ones."""
    trimmed = (str(value).strip() for value in values if value is not None)
    return [item for item in trimmed if item]


def as_bullets(items: list[str]) -> str:
    """Return items as the Markdown bullet list that an email or letter shows."""
    return "".join(["\n\n", "\n".join(f"* {item}" for item in items)]) if items else ""


def as_sentence(items: list[str]) -> str:
    """Return items as words in a line.

    >>> as_sentence(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
