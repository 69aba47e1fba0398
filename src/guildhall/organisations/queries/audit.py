"""The audit trail of the current council, and whether it is whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import Page
from guildhall.kernel.transactions import reading
from guildhall.organisations.domain.audit import START, AuditFacts, AuditFault, Link, first_fault
from guildhall.organisations.models import AuditEvent, AuditHead, AuditLink, Membership, ours

PAGE = 50


@dataclass(frozen=True)
class AuditLine:
    """One thing that somebody did. ``actor_name`` is empty for somebody who is not on the team now."""

    seq: int
    at: datetime
    actor: str
    actor_name: str
    action: str
    object_type: str
    object_id: str
    details: dict[str, str]


@reading
def list_audit(*, page: int = 1, size: int = PAGE) -> Page[AuditLine]:
    """Return a page of the current council's audit trail, the newest first."""
    rows = ours(AuditLink).select_related("event").order_by("-seq")
    total, start = rows.count(), (page - 1) * size
    names = {str(person): name for person, name in ours(Membership).values_list("person_id", "name")}
    return Page([_line_of(row, names) for row in rows[start : start + size]], page, size, total)


@reading
def list_audited_councils() -> Sequence[OrganisationId]:
    """Return every council that has an audit trail; for ``doctor``, which then acts for each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_audited_councils()")
        return [OrganisationId(row[0]) for row in cursor.fetchall()]


@reading
def verify_audit() -> AuditFault | None:
    """Check the current council's whole audit trail; return the first row that was changed, moved or lost, or None."""
    head = ours(AuditHead).first()
    head_seq, head_hash = (head.seq, head.hash) if head else (0, START)
    # Events that others commit while we walk come after the head that we saw.
    fault = first_fault(_links(head_seq), head_seq=head_seq, head_hash=head_hash)
    if fault is None and ours(AuditEvent).filter(link=None).exists():
        return AuditFault(head_seq + 1, "an event stands outside the chain")
    return fault


def _links(up_to: int) -> Iterator[Link]:
    rows = ours(AuditLink).filter(seq__lte=up_to).select_related("event").order_by("seq")
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


def _line_of(row: AuditLink, names: dict[str, str]) -> AuditLine:
    event = row.event
    return AuditLine(
        seq=row.seq,
        at=event.at,
        actor=event.actor,
        actor_name=names.get(event.actor, ""),
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        details=event.details,
    )
