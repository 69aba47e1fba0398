"""Reading the audit trail: what of it is asked for, and a line of it as people and programs read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel.visitor import Language

NAME, SERVICE = "name", "service"
"""Details that a line shows in places of their own."""
HAS_OWN_PLACE = frozenset({NAME, SERVICE})
FOR_PROGRAMS = frozenset({"invitation", "action", "from_state", "to_state"})
"""Details that are ids and codes, for whoever follows the trail by program."""
HOLDS_A_PERSON = frozenset({"to"})
"""Details that are a person's id."""


class ActorKind(StrEnum):
    """What an actor is to the council that reads its trail."""

    OFFICER = "officer"
    OPERATOR = "operator"
    FORMER_OFFICER = "former_officer"
    PROGRAM = "program"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who did something. A name is empty where nobody is left who has it."""

    id: str
    kind: ActorKind
    name: str


@dataclass(frozen=True)
class Sought:
    """What of the trail is asked for. ``actions`` are codes' first words (``template``); days are London's."""

    actor: str = ""
    actions: tuple[str, ...] = ()
    service_id: UUID | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Sought()


@dataclass(frozen=True)
class AuditLine:
    """One thing that somebody did. ``thing`` is the name of what it was done to; ``details`` are codes and ids."""

    seq: int
    at: datetime
    actor: Actor
    action: str
    object_type: str
    object_id: str
    thing: str
    service_id: str
    service_name: Text
    details: Mapping[str, str]
    previous_hash: str
    hash: str
    people: Mapping[str, str] = field(default_factory=dict)
    """Names of the people whose ids are among the details."""

    def told_in(self, language: Language) -> Mapping[str, str]:
        """Return the details that have no place of their own; people by their names, where anybody has them."""
        told = {}
        for written, value in self.details.items():
            name, _dot, only_in = written.partition(".")
            if name not in HAS_OWN_PLACE | FOR_PROGRAMS and only_in in ("", language):
                told[name] = self.people.get(value, value) if name in HOLDS_A_PERSON else value
        return told
