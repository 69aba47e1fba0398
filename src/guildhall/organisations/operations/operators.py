"""Operators run the installation: they open it to councils and look at their state, and each look is written down."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.audiences import Role
from guildhall.kernel.clock import london_day
from guildhall.kernel.ids import OrganisationId, PersonId
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.organisations import models, queries
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.operations.teams import Inviter, invite_within


class CouncilAbolished(Conflict):
    """The council no longer exists, so nobody can own it: its successors can be opened instead."""


@dataclass(frozen=True)
class CouncilState:
    """How far a council has come, in numbers: an operator sees no data of residents."""

    members: int
    owners: int
    open_invitations: int
    services: int
    live_services: int
    keys_in_use: int
    audit_events: int


@transaction
def make_operator(person_id: PersonId, *, now: datetime) -> None:
    """Let a person run the installation; by a command of the owner's login only. Saying it twice changes nothing."""
    models.PlatformOperator.objects.get_or_create(person_id=person_id, defaults={"since": now})


@transaction
def end_operator(person_id: PersonId) -> None:
    """Let a person run the installation no more; by a command of the owner's login only."""
    models.PlatformOperator.objects.filter(person_id=person_id).delete()


@transaction
def look_as_operator(*, operator: PersonId, now: datetime) -> CouncilState:
    """Return the current council's state, and write into its audit trail that an operator looked."""
    record_audit("operator.looked", Subject("council", current_organisation()), actor=operator, now=now)
    head = own_rows(models.AuditHead).first()
    return CouncilState(
        members=own_rows(models.Membership).count(),
        owners=own_rows(models.Membership).filter(roles__contains=[str(Role.OWNER)]).count(),
        open_invitations=own_rows(models.Invitation)
        .filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)
        .count(),
        services=own_rows(models.Service).count(),
        live_services=own_rows(models.Service).filter(live_since__isnull=False).count(),
        keys_in_use=own_rows(models.ApiKey).filter(revoked_at=None).count(),
        audit_events=head.seq if head else 0,
    )


def invite_first_owner(organisation_id: OrganisationId, email: str, *, operator: Inviter, now: datetime) -> UUID:
    """Open Guildhall to a council: from now on it is live, and the address is asked to be its first owner.

    For a council that is live already it invites a further owner, which an operator needs when the last one is lost.

    :raises CouncilAbolished: it no longer exists.
    :raises NotAnEmailAddress: nobody can be written to there.
    """
    with acting_for(organisation_id), transaction():
        if queries.get_council_by_id(organisation_id).has_ended(london_day(now)):
            raise CouncilAbolished("this council no longer exists")
        went_live = models.Organisation.objects.filter(id=organisation_id, live_since=None).update(live_since=now)
        if went_live:
            record_audit("council.went_live", Subject("council", organisation_id), actor=operator.person_id, now=now)
        return invite_within(email, frozenset({Role.OWNER}), inviter=operator, now=now)
