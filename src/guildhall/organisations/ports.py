"""What organisations asks of the platforms above it: to make keys in their own formats."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.organisations.domain.keys import KeyKind, Platform


class MakesKeys(Protocol):
    """Make a key for a service of the current council, and return its text: it is shown now and never again."""

    def __call__(
        self, service_id: ServiceId, kind: KeyKind, name: str, *, actor: PersonId | str | None, now: datetime
    ) -> str: ...


@dataclass(frozen=True)
class KeyFormat:
    """A platform's keys: the kinds that it knows, and how one is made."""

    kinds: tuple[KeyKind, ...]
    make: MakesKeys


_formats: dict[Platform, KeyFormat] = {}


def connect(formats: Mapping[Platform, KeyFormat]) -> None:
    """Choose the platforms that keys can be made for. Called by the composition root; again replaces them."""
    _formats.clear()
    _formats.update(formats)


def key_formats() -> Mapping[Platform, KeyFormat]:
    """Return the platforms that keys can be made for."""
    return dict(_formats)


class FindsNames(Protocol):
    """Return the names of what has these ids, by id; what has none, or is gone, is left out."""

    def __call__(self, ids: Collection[str]) -> Mapping[str, str]: ...


_namers: dict[str, FindsNames] = {}
_PEOPLE = "people"


def connect_names(people: FindsNames, things: Mapping[str, FindsNames]) -> None:
    """Choose who knows people's names, and the names of what the audit trail calls by its id. Again replaces them."""
    _namers.clear()
    _namers.update({**things, _PEOPLE: people})


def names_of_people(ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of persons, whatever they are to the council."""
    return _namers[_PEOPLE](ids) if ids and _PEOPLE in _namers else {}


def names_of_things(kind: str, ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of the current council's things of a kind, as the audit trail calls it."""
    return _namers[kind](ids) if ids and kind in _namers else {}
