"""The audit trail of the current council, and whether it is whole."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import Page
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.organisations.domain.audit import START, SYSTEM, AuditFacts, AuditFault, Link, first_fault
from guildhall.organisations.models import AuditEvent, AuditHead, AuditLink, Membership, PlatformOperator

PAGE = 50
_PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ActorKind(StrEnum):
    """What an actor is to the council that reads its trail."""

    OFFICER = "officer"
    OPERATOR = "operator"
    FORMER_OFFICER = "former_officer"
    PROGRAM = "program"
    SYSTEM = "system"


@dataclass(frozen=True)
class AuditLine:
    """One thing that somebody did. ``actor_name`` is an officer's or a program's; nobody else's is known here."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    actor_name: str
    action: str
    object_type: str
    object_id: str
    details: dict[str, str]


@reading
def list_audit(*, page: int = 1, size: int = PAGE) -> Page[AuditLine]:
    """Return a page of the current council's audit trail, the newest first."""
    rows = own_rows(AuditLink).select_related("event").order_by("-seq")
    total, start = rows.count(), (page - 1) * size
    people = _people()
    return Page([_line_of(row, people) for row in rows[start : start + size]], page, size, total)


@reading
def list_audited_councils() -> Sequence[OrganisationId]:
    """Return every council that has an audit trail; for ``doctor``, which then acts for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_audited_councils()")
        return [OrganisationId(row[0]) for row in cursor.fetchall()]


@reading
def verify_audit() -> AuditFault | None:
    """Check the current council's whole audit trail; return the first row that was changed, moved or lost, or None."""
    head = own_rows(AuditHead).first()
    head_seq, head_hash = (head.seq, head.hash) if head else (0, START)
    # Events that others commit while we walk come after the head that we saw.
    fault = first_fault(_links(head_seq), head_seq=head_seq, head_hash=head_hash)
    if fault is None and own_rows(AuditEvent).filter(link=None).exists():
        return AuditFault(head_seq + 1, "an event stands outside the chain")
    return fault


def _links(up_to: int) -> Iterator[Link]:
    rows = own_rows(AuditLink).filter(seq__lte=up_to).select_related("event").order_by("seq")
    for row in rows.iterator(chunk_size=2000):
        yield Link(row.seq, row.previous_hash, row.hash, facts_of(row.event))


def facts_of(event: AuditEvent) -> AuditFacts:
    """Read a row as the facts that the chain commits to."""
    return AuditFacts(
        id=event.id,
        organisation_id=event.organisation_id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        details=event.details,
    )


def _people() -> dict[str, tuple[ActorKind, str]]:
    """Who is behind the ids: officers by name, and who runs the installation. An officer may do both."""
    operators = PlatformOperator.objects.values_list("person_id", flat=True)
    members = own_rows(Membership).values_list("person_id", "name", "email")
    return {str(person): (ActorKind.OPERATOR, "") for person in operators} | {
        str(person): (ActorKind.OFFICER, name or email) for person, name, email in members
    }


def _actor(actor: str, people: Mapping[str, tuple[ActorKind, str]]) -> tuple[ActorKind, str]:
    if actor == SYSTEM:
        return ActorKind.SYSTEM, ""
    if actor in people:
        return people[actor]
    return (ActorKind.FORMER_OFFICER, "") if _PERSON.fullmatch(actor) else (ActorKind.PROGRAM, actor)


def _line_of(row: AuditLink, people: Mapping[str, tuple[ActorKind, str]]) -> AuditLine:
    event = row.event
    kind, name = _actor(event.actor, people)
    return AuditLine(
        seq=row.seq,
        at=event.at,
        actor=event.actor,
        actor_kind=kind,
        actor_name=name,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        details=event.details,
    )
