"""Writing the audit trail."""

from collections.abc import Mapping
from datetime import datetime

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.organisations.domain.audit import SYSTEM, AuditFacts, Subject, unnumbered
from guildhall.organisations.models import AuditEvent

NO_DETAILS: Mapping[str, str] = {}
LONGEST_NAME = 200


@part_of_a_transaction
def record_audit(
    action: str,
    subject: Subject,
    *,
    actor: PersonId | str | None,
    now: datetime,
    details: Mapping[str, str] = NO_DETAILS,
) -> None:
    """Write down what somebody did in the current council, in the transaction that does it.

    ``action`` is a dotted code (``key.revoked``); ``actor`` is a person, the name of a program, or None for the system.
    ``details`` are codes and numbers: no personal data, because the trail is never erased (decision 25).
    The event gets its number and its place in the chain at the very end of the transaction.
    """
    kept = {"name": subject.name[:LONGEST_NAME], "service": str(subject.service_id or "")}
    facts = AuditFacts(
        id=new_id(),
        organisation_id=current_organisation(),
        at=now,
        actor=str(actor or SYSTEM),
        action=action,
        object_type=subject.kind,
        object_id=str(subject.id),
        details={name: value for name, value in kept.items() if value} | dict(details),
    )
    AuditEvent.objects.create(
        id=facts.id,
        at=facts.at,
        actor=facts.actor,
        action=facts.action,
        object_type=facts.object_type,
        object_id=facts.object_id,
        details=facts.details,
        canonical=unnumbered(facts),
    )
