"""The audit chain: each event carries the digest of the one before, so that no line can be changed or taken out unseen.

``hash = SHA-256(previous hash, as hex || canonical JSON of the event with its number)``. Canonical JSON has sorted
keys, no spaces and no escapes but the necessary ones. ``seq`` happens to be the last key, so that the database can
number an event at the very end of its transaction by adding it to the text.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from guildhall.design.languages import LANGUAGES, Text

START = "0" * 64
SYSTEM = "system"


@dataclass(frozen=True)
class AuditFacts:
    """What somebody did, in ids and codes: personal data stays out, so that erasing it never breaks the chain."""

    id: UUID
    organisation_id: UUID
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    details: Mapping[str, str]


@dataclass(frozen=True)
class Subject:
    """What somebody acted on: its kind and id, its name as it was then, and the service that it belongs to.

    A name that says who somebody is (a file's, an email address) is not given: it is looked up when the trail is read.
    """

    kind: str
    id: object
    name: str = ""
    service_id: UUID | None = None


def in_both(name: str, words: Text) -> Mapping[str, str]:
    """Return words as a detail of an event, in each language that they exist in.

    >>> in_both("to", Text("Checking", "Yn gwirio"))
    {'to.en': 'Checking', 'to.cy': 'Yn gwirio'}
    """
    return {f"{name}.{language}": words.in_(language) for language in LANGUAGES}


@dataclass(frozen=True)
class Link:
    """One event as the chain holds it."""

    seq: int
    previous_hash: str
    hash: str
    facts: AuditFacts


@dataclass(frozen=True)
class AuditFault:
    """The first place where a chain is broken, and how."""

    seq: int
    reason: str


def unnumbered(facts: AuditFacts) -> str:
    """Return the canonical JSON of an event that has no number yet."""
    written = {
        "action": facts.action,
        "actor": facts.actor,
        "at": facts.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "details": dict(facts.details),
        "id": str(facts.id),
        "object_id": facts.object_id,
        "object_type": facts.object_type,
        "org": str(facts.organisation_id),
    }
    return json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def numbered(facts: AuditFacts, seq: int) -> str:
    """Return the canonical JSON of the event with that number."""
    return f'{unnumbered(facts)[:-1]},"seq":{seq}}}'


def link_hash(previous_hash: str, facts: AuditFacts, seq: int) -> str:
    """Return the digest that commits to this event and, through the one before, to all earlier ones."""
    return hashlib.sha256((previous_hash + numbered(facts, seq)).encode()).hexdigest()


def first_fault(links: Iterable[Link], *, head_seq: int, head_hash: str) -> AuditFault | None:
    """Walk a chain from its first event and return the first place where it is broken, or None.

    ``head_seq`` and ``head_hash`` are what the council's head says the last event is.
    """
    expected_seq, previous = 1, START
    for link in links:
        if reason := _why_broken(link, expected_seq, previous):
            return AuditFault(expected_seq, reason)
        expected_seq, previous = link.seq + 1, link.hash
    if (expected_seq - 1, previous) != (head_seq, head_hash):
        return AuditFault(expected_seq, "the chain ends before its head")
    return None


def _why_broken(link: Link, expected_seq: int, previous: str) -> str:
    if link.seq != expected_seq:
        return "the event is missing"
    if link.previous_hash != previous:
        return "the event does not follow from the one before"
    if link.hash != link_hash(previous, link.facts, link.seq):
        return "the event was changed"
    return ""
