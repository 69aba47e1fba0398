"""The history of a case is a chain: each event carries a hash of itself and of the one before.

Whoever changes, drops, adds or reorders an event afterwards breaks the chain at that place. What was written
(answers, notes, messages) is kept beside the events; the event carries only its digest, so that the words can be
erased when the law asks for it without erasing that they were there.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

BEFORE_THE_FIRST = ""


class Kind(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    ACTION = "action"
    ASSIGNED = "assigned"
    NOTE = "note"
    MESSAGE = "message"


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a case. ``actor_id`` is None when a resident or Guildhall itself did it.

    ``subject_id`` is the officer a case was assigned to. ``content_digest`` is what ``digest_of`` said of the words.
    """

    case_id: UUID
    position: int
    kind: Kind
    happened_at: datetime
    actor_id: UUID | None = None
    action: str = ""
    from_state: str = ""
    to_state: str = ""
    subject_id: UUID | None = None
    content_digest: str = ""


@dataclass(frozen=True)
class Link:
    """A happening as it stands in the chain."""

    happening: Happening
    previous_hash: str
    hash: str


def forge(happening: Happening, *, after: str) -> Link:
    """Make the link that follows the one whose hash is ``after`` (``BEFORE_THE_FIRST`` for the first)."""
    return Link(happening, after, _hash(happening, after))


def digest_of(content: Mapping[str, object]) -> str:
    """Return what an event keeps of the words that were written with it; nothing for no words."""
    return hashlib.sha256(_canonical(content)).hexdigest() if any(content.values()) else ""


def first_break(links: Iterable[Link]) -> int | None:
    """Return the position of the first event that is not what was written, or None when the chain is whole."""
    expected_position, previous = 1, BEFORE_THE_FIRST
    for link in links:
        whole = (
            link.happening.position == expected_position
            and link.previous_hash == previous
            and link.hash == _hash(link.happening, previous)
        )
        if not whole:
            return expected_position
        expected_position, previous = expected_position + 1, link.hash
    return None


def _hash(happening: Happening, previous: str) -> str:
    facts = {
        "case": str(happening.case_id),
        "position": happening.position,
        "kind": happening.kind.value,
        "at": happening.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": str(happening.actor_id or ""),
        "action": happening.action,
        "from": happening.from_state,
        "to": happening.to_state,
        "subject": str(happening.subject_id or ""),
        "content": happening.content_digest,
        "previous": previous,
    }
    return hashlib.sha256(_canonical(facts)).hexdigest()


def _canonical(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
