"""Teams: asking somebody in, what they may do, and leaving."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from guildhall.contact.email_address import normalise_email_address, parse_email_address
from guildhall.kernel.audiences import Role
from guildhall.kernel.events import announce
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict, Forbidden, Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.organisations import models
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.teams import INVITATION_LASTS, keep_an_owner
from guildhall.organisations.events import OfficerInvited
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.queries import InvitationNotFound, Membership
from guildhall.organisations.queries.teams import NotAMember, membership_of, unseal_invitation


class NoRoles(Invalid):
    """An officer has at least one role, and only roles that exist."""


class AlreadyInvited(Conflict):
    """Somebody else invited the same address at the same moment."""


class InvitationClosed(Conflict):
    """The invitation was accepted before, withdrawn, or has expired."""


class InvitationForSomebodyElse(Forbidden):
    """The invitation went to another email address than the one the person signed in with."""


@dataclass(frozen=True)
class NewOfficer:
    """The signed-in person who joins a team."""

    person_id: PersonId
    email: str
    name: str


@dataclass(frozen=True)
class Inviter:
    """Who asks somebody in, with the name that the letter gives."""

    person_id: PersonId
    name: str


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """Read roles as a form sends them.

    :raises NoRoles: there is none, or one that does not exist.
    """
    words = set(words)
    if not words or not words <= set(Role):
        raise NoRoles("select at least one role")
    return frozenset(Role(word) for word in words)


@transaction
def invite(email: str, roles: frozenset[Role], *, inviter: Inviter, now: datetime) -> UUID:
    """Ask somebody to join the current council's team; they are told by email and have seven days.

    Inviting the same address again replaces the earlier invitation, whose link then no longer works.

    :raises NotAnEmailAddress: nobody can be written to there.
    :raises AlreadyInvited: somebody else did so at the same moment.
    """
    return invite_within(email, roles, inviter=inviter, now=now)


@part_of_a_transaction
def invite_within(email: str, roles: frozenset[Role], *, inviter: Inviter, now: datetime) -> UUID:
    """Ask somebody in as a step of a larger piece of work; promises and refusals as ``invite``."""
    address = parse_email_address(email)
    own_rows(models.Invitation).filter(email=address, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    row = models.Invitation(
        email=address,
        roles=_in_order(roles),
        invited_by=str(inviter.person_id),
        invited_by_name=inviter.name,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as clash:
        raise AlreadyInvited("this address was invited a moment ago") from clash
    _audit("officer.invited", "invitation", row.id, {"roles": ",".join(row.roles)}, actor=inviter.person_id, now=now)
    announce(OfficerInvited(row.id))
    return row.id


@transaction
def withdraw_invitation(invitation_id: UUID, *, actor: PersonId, now: datetime) -> None:
    """Take an invitation back; its link no longer works. Withdrawing it again changes nothing.

    :raises InvitationClosed: it was accepted before.
    :raises InvitationNotFound: the council has no such invitation.
    """
    rows = own_rows(models.Invitation).filter(id=invitation_id)
    if rows.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now):
        _audit("invitation.withdrawn", "invitation", invitation_id, {}, actor=actor, now=now)
    elif (row := rows.first()) is None:
        raise InvitationNotFound("there is no such invitation")
    elif row.accepted_at:
        raise InvitationClosed("this invitation was accepted")


def accept_invitation(token: str, officer: NewOfficer, *, now: datetime) -> Membership:
    """Join the team that the link invites to. A link works once.

    Somebody who is on the team already keeps their roles and gains the invitation's.

    :raises InvitationNotFound: the link was changed or is too old.
    :raises InvitationClosed: it was accepted before, withdrawn, or has expired.
    :raises InvitationForSomebodyElse: it went to another address than the officer's.
    """
    organisation_id, invitation_id = unseal_invitation(token)
    with acting_for(organisation_id), transaction():
        invitation = _use_up(invitation_id, officer, now)
        row = _join(officer, frozenset(Role(role) for role in invitation.roles), now)
        details = {"roles": ",".join(invitation.roles), "invitation": str(invitation_id)}
        _audit("officer.joined", "person", officer.person_id, details, actor=officer.person_id, now=now)
        return membership_of(row)


@transaction
def ensure_member(officer: NewOfficer, roles: frozenset[Role], *, now: datetime) -> Membership:
    """Put a person on the current council's team without an invitation: for the sandbox and for tests."""
    return membership_of(_join(officer, roles, now))


@transaction
def change_roles(person_id: PersonId, roles: frozenset[Role], *, actor: PersonId, now: datetime) -> None:
    """Give an officer of the current council exactly these roles.

    :raises LastOwner: nobody would be an owner any more.
    :raises NotAMember: the person is not on the team.
    """
    row = _lock_team_and_find(person_id, stays_owner=Role.OWNER in roles)
    before, row.roles = row.roles, _in_order(roles)
    row.save(update_fields=["roles"])
    details = {"before": ",".join(before), "after": ",".join(row.roles)}
    _audit("officer.roles_changed", "person", person_id, details, actor=actor, now=now)


@transaction
def remove_member(person_id: PersonId, *, actor: PersonId, now: datetime) -> None:
    """Take a person off the current council's team: a colleague, or oneself.

    :raises LastOwner: nobody would be an owner any more.
    :raises NotAMember: the person is not on the team.
    """
    row = _lock_team_and_find(person_id, stays_owner=False)
    row.delete()
    action = "officer.left" if actor == person_id else "officer.removed"
    _audit(action, "person", person_id, {"roles": ",".join(row.roles)}, actor=actor, now=now)


def _lock_team_and_find(person_id: PersonId, *, stays_owner: bool) -> models.Membership:
    """Hold every owner's row, so that two owners cannot leave at the same moment, each counting on the other."""
    owners = own_rows(models.Membership).filter(roles__contains=[str(Role.OWNER)]).order_by("id").select_for_update()
    owner_ids = [row.person_id for row in owners]
    row = own_rows(models.Membership).filter(person_id=person_id).select_for_update().first()
    if row is None:
        raise NotAMember("this person is not on the team")
    if Role.OWNER in row.roles and not stays_owner:
        keep_an_owner(len(set(owner_ids) - {person_id}))
    return row


def _use_up(invitation_id: UUID, officer: NewOfficer, now: datetime) -> models.Invitation:
    """Close the invitation: the first to do so has it."""
    row = own_rows(models.Invitation).filter(id=invitation_id).first()
    if row is None:
        raise InvitationNotFound("there is no such invitation")
    if row.email != normalise_email_address(officer.email):
        raise InvitationForSomebodyElse("this invitation is for another email address")
    still_open = own_rows(models.Invitation).filter(
        id=invitation_id, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    )
    if not still_open.update(accepted_at=now, accepted_by=officer.person_id):
        raise InvitationClosed("this invitation can no longer be used")
    return row


def _join(officer: NewOfficer, roles: frozenset[Role], now: datetime) -> models.Membership:
    row, is_new = (
        own_rows(models.Membership)
        .select_for_update()
        .get_or_create(
            person_id=officer.person_id,
            defaults={"email": officer.email, "name": officer.name, "roles": _in_order(roles), "joined_at": now},
        )
    )
    if not is_new:
        row.roles = _in_order(roles | {Role(role) for role in row.roles})
        row.save(update_fields=["roles"])
    row.refresh_from_db()
    return row


def _in_order(roles: Iterable[Role]) -> list[str]:
    held = set(roles)
    return [str(role) for role in Role if role in held]


def _audit(
    action: str, object_type: str, object_id: UUID, details: dict[str, str], *, actor: PersonId, now: datetime
) -> None:
    record_audit(action, Subject(object_type, object_id), actor=actor, now=now, details=details)
