import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from guildhall.organisations.domain.audit import START, AuditFacts, AuditFault, Link, first_fault, link_hash, numbered

AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
COUNCIL = UUID(int=7)


def facts(number: int) -> AuditFacts:
    return AuditFacts(
        UUID(int=number), COUNCIL, AT, "somebody", "key.revoked", "key", "1", {"why": "lost – ‘gone’", "by": "x"}
    )


def chain(length: int) -> list[Link]:
    links: list[Link] = []
    previous = START
    for seq in range(1, length + 1):
        digest = link_hash(previous, facts(seq), seq)
        links.append(Link(seq, previous, digest, facts(seq)))
        previous = digest
    return links


def fault_of(links: list[Link], head: Link) -> AuditFault | None:
    return first_fault(links, head_seq=head.seq, head_hash=head.hash)


def test_the_hash_is_of_the_previous_hash_and_the_canonical_json_of_the_rest() -> None:
    written = numbered(facts(1), 5)
    read = json.loads(written)
    assert written == json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert read["seq"] == 5
    assert link_hash(START, facts(1), 5) == hashlib.sha256((START + written).encode()).hexdigest()


def test_a_whole_chain_has_no_fault() -> None:
    links = chain(4)
    assert fault_of(links, links[-1]) is None
    assert first_fault([], head_seq=0, head_hash=START) is None


def test_a_changed_event_is_named() -> None:
    links = chain(4)
    links[1] = replace(links[1], facts=replace(facts(2), actor="somebody else"))
    assert fault_of(links, links[-1]) == AuditFault(2, "the event was changed")


def test_a_changed_event_with_its_hash_made_to_fit_is_found_at_the_next() -> None:
    links = chain(4)
    forged = replace(facts(2), actor="somebody else")
    links[1] = replace(links[1], facts=forged, hash=link_hash(links[1].previous_hash, forged, 2))
    assert fault_of(links, links[-1]) == AuditFault(3, "the event does not follow from the one before")


def test_a_missing_event_is_named() -> None:
    links = chain(4)
    assert fault_of(links[:1] + links[2:], links[-1]) == AuditFault(2, "the event is missing")


def test_a_chain_cut_short_is_found() -> None:
    links = chain(4)
    assert fault_of(links[:3], links[-1]) == AuditFault(4, "the chain ends before its head")
