"""What organisations asks of the platforms above it: to make keys in their own formats."""

from collections.abc import Mapping
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
