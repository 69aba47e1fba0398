"""Writing the audit trail."""

from collections.abc import Mapping
from datetime import datetime

from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.organisations.domain.audit import SYSTEM, AuditFacts, unnumbered
from guildhall.organisations.models import AuditEvent


@part_of_a_transaction
def record_audit(
    *,
    action: str,
    object_type: str,
    object_id: object,
    actor: PersonId | str | None,
    details: Mapping[str, str],
    now: datetime,
) -> None:
    """Write down what somebody did in the current council, in the transaction that does it.

    ``action`` is a dotted code (``key.revoked``); ``actor`` is a person, the name of a program, or None for the system.
    ``details`` are codes and ids: no names, addresses or other personal data, because the trail is never erased.
    The event gets its number and its place in the chain at the very end of the transaction.
    """
    facts = AuditFacts(
        id=new_id(),
        organisation_id=current_organisation(),
        at=now,
        actor=str(actor or SYSTEM),
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        details=dict(details),
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
