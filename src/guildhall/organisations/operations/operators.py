"""Operators run the installation: they invite councils' owners, take councils off again, and look at how far they are.

Each look is written down. They see numbers, never residents' details.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.transaction import on_commit

from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import OrganisationId, PersonId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.organisations import models
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.stages import (
    Stage,
    after_inviting,
    after_putting_back,
    after_sending_away,
    after_taking_off,
)
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.operations.invitations import Inviter, invite_within, withdraw_all
from guildhall.organisations.operations.stages import (
    check_exists,
    has_owner_since,
    hold_council,
    move_to,
)
from guildhall.organisations.queries.keys import note_key_change


@dataclass(frozen=True)
class CouncilState:
    """How far a council has come, in numbers: an operator sees no data of residents."""

    members: int
    owners: int
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
        services=own_rows(models.Service).count(),
        live_services=own_rows(models.Service).filter(live_since__isnull=False).count(),
        keys_in_use=own_rows(models.ApiKey).filter(revoked_at=None).count(),
        audit_events=head.seq if head else 0,
    )


def invite_owner(organisation_id: OrganisationId, email: str, *, operator: Inviter, now: datetime) -> UUID:
    """Ask somebody to own a council: its first owner, or a further one, as when the last one is lost.

    Nothing becomes public by it: whoever accepts prepares the council, and opens it when it is ready.

    :raises CouncilAbolished: it no longer exists.
    :raises NotAnEmailAddress: nobody can be written to there.
    :raises LockedOut: the mailbox was sent several invitations today, or the operators sent very many this hour.
    """
    with acting_for(organisation_id), transaction():
        row = hold_council()
        check_exists(row, now)
        move_to(row, after_inviting(Stage(row.stage)), now=now)
        return invite_within(email, frozenset({Role.OWNER}), inviter=operator, now=now)


@transaction
def take_council_off(*, operator: PersonId, now: datetime) -> None:
    """Close the current council to residents and to programs, until it is put back. Nothing of it is deleted.

    Invitations that wait are withdrawn. What was accepted before is finished (decision 27).

    :raises NothingToTakeOff: nobody has accepted an invitation to it yet.
    """
    row = hold_council()
    if move_to(row, after_taking_off(Stage(row.stage)), now=now):
        withdraw_all(actor=operator, now=now)
        on_commit(note_key_change)
        record_audit("council.taken_off", Subject("council", current_organisation()), actor=operator, now=now)


@transaction
def put_council_back(*, operator: PersonId, now: datetime) -> None:
    """Put the current council where it stood before it was taken off: open, if it was and keeps an owner of then.

    :raises NotTakenOff: it was not taken off.
    :raises CouncilAbolished: it no longer exists.
    """
    row = hold_council()
    check_exists(row, now)
    keeps_owner = row.taken_off_at is not None and has_owner_since(row.taken_off_at)
    stage = after_putting_back(Stage(row.stage), was_open=row.opened_at is not None, keeps_owner=keeps_owner)
    move_to(row, stage, now=now)
    on_commit(note_key_change)
    record_audit("council.put_back", Subject("council", current_organisation()), actor=operator, now=now)


@transaction
def send_team_away(*, operator: PersonId, now: datetime) -> None:
    """Take everybody off the current council's team, because the wrong person became its owner.

    Every key is revoked too, and every invitation that waits is withdrawn. A further owner can then be invited; who
    comes after a team that was sent away opens the council again.

    :raises CouncilIsOpen: residents use it: it must be taken off first.
    """
    row = hold_council()
    stage = after_sending_away(Stage(row.stage))
    withdraw_all(actor=operator, now=now)
    for member in own_rows(models.Membership).select_for_update().order_by("id"):
        details = {"roles": ",".join(member.roles)}
        record_audit("officer.removed", Subject("person", member.person_id), actor=operator, now=now, details=details)
        member.delete()
    for key in own_rows(models.ApiKey).filter(revoked_at=None).select_for_update().order_by("id"):
        key.revoked_at, key.revoked_by = now, str(operator)
        key.save(update_fields=["revoked_at", "revoked_by"])
        record_audit("key.revoked", Subject("key", key.id, service_id=key.service_id), actor=operator, now=now)
    on_commit(note_key_change)
    record_audit("council.team_sent_away", Subject("council", current_organisation()), actor=operator, now=now)
    move_to(row, stage, now=now)
