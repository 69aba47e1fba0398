"""An officer at work on a case: who, and with which roles."""

from dataclasses import dataclass

from guildhall.kernel.ids import PersonId


@dataclass(frozen=True)
class Officer:
    """``roles`` are the officer's in the council that is acting, as codes."""

    person_id: PersonId
    roles: frozenset[str]
