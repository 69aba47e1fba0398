"""Invitations to a council's team: sent, sent again, withdrawn, accepted.

Each of these locks the council's row first, and then changes the invitation by one statement that says in which state
it has to be. So of two who act on one invitation at the same moment the first decides, and the second is told.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as savepoints
from django.db.models import F, QuerySet

from guildhall.contact.email_address import mailbox_of, normalise_email_address, parse_email_address
from guildhall.kernel.audiences import Role
from guildhall.kernel.events import announce
from guildhall.kernel.ids import PersonId
from guildhall.kernel.limits import Against, Counted
from guildhall.kernel.refusals import Conflict, Forbidden
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.tries import count_tries
from guildhall.organisations import models
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.stages import Stage, after_accepting, after_withdrawing
from guildhall.organisations.domain.teams import FROM_ONE_SENDER, INVITATION_LASTS, TO_ONE_MAILBOX
from guildhall.organisations.events import OfficerInvited
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.operations.stages import hold_council, move_to
from guildhall.organisations.operations.teams import NewOfficer, in_order, join
from guildhall.organisations.queries import InvitationNotFound, Membership
from guildhall.organisations.queries.invitations import InvitationLink, unseal_invitation
from guildhall.organisations.queries.teams import membership_of

OPERATORS = "the operators"


class AlreadyInvited(Conflict):
    """The address has an invitation of its own already, or somebody else invited it at the same moment."""


class InvitationClosed(Conflict):
    """The invitation was accepted before, withdrawn, sent again with another link, or has expired."""


class InvitationForSomebodyElse(Forbidden):
    """The invitation went to another email address than the one the person signed in with."""


@dataclass(frozen=True)
class Inviter:
    """Who asks somebody in, with the name that the letter gives. An operator withdraws only what operators sent."""

    person_id: PersonId
    name: str
    is_operator: bool = False


@transaction
def invite(email: str, roles: frozenset[Role], *, inviter: Inviter, now: datetime) -> UUID:
    """Ask somebody to join the current council's team; they are told by email and have seven days.

    Inviting the same address again replaces the earlier invitation, whose link then no longer works.

    :raises NotAnEmailAddress: nobody can be written to there.
    :raises LockedOut: the mailbox was sent several today, or the council sent very many this hour.
    """
    hold_council()
    return invite_within(email, roles, inviter=inviter, now=now)


@part_of_a_transaction
def invite_within(email: str, roles: frozenset[Role], *, inviter: Inviter, now: datetime) -> UUID:
    """Ask somebody in as a step of a larger piece of work that has locked the council; as ``invite``."""
    address = parse_email_address(email)
    _still_open().filter(email=address).update(withdrawn_at=now)
    row = models.Invitation.objects.create(
        email=address,
        roles=in_order(roles),
        invited_by=str(inviter.person_id),
        invited_by_name=inviter.name,
        invited_at=now,
        by_operator=inviter.is_operator,
        expires_at=now + INVITATION_LASTS,
    )
    _audit("officer.invited", row.id, {"roles": ",".join(row.roles)}, actor=inviter.person_id, now=now)
    _send(row.id, address, inviter, now)
    return row.id


@transaction
def send_invitation_again(invitation_id: UUID, email: str, *, inviter: Inviter, now: datetime) -> None:
    """Send an invitation again, to the same address or to a corrected one; the links sent before no longer work.

    It can be accepted for seven days from now, also if it had expired.

    :raises NotAnEmailAddress: nobody can be written to there.
    :raises AlreadyInvited: the corrected address has an invitation of its own.
    :raises InvitationClosed: it was accepted or withdrawn.
    :raises InvitationNotFound: there is no such invitation, or an operator may not touch it.
    :raises LockedOut: the mailbox was sent several today, or the council sent very many this hour.
    """
    hold_council()
    address = parse_email_address(email)
    before = _get(invitation_id, inviter)
    changed = {
        "email": address,
        "invited_by": str(inviter.person_id),
        "invited_by_name": inviter.name,
        "invited_at": now,
        "expires_at": now + INVITATION_LASTS,
        "times_sent": F("times_sent") + 1,
    }
    try:
        with savepoints.atomic():
            was_open = _still_open().filter(id=invitation_id).update(**changed)
    except IntegrityError as clash:
        raise AlreadyInvited("this address has an invitation already") from clash
    if not was_open:
        raise InvitationClosed("this invitation was accepted or withdrawn")
    action = "invitation.sent_again" if before.email == address else "invitation.corrected"
    _audit(action, invitation_id, {}, actor=inviter.person_id, now=now)
    _send(invitation_id, address, inviter, now)


@transaction
def withdraw_invitation(invitation_id: UUID, *, by: Inviter, now: datetime) -> None:
    """Take an invitation back; its link no longer works. Withdrawing it again changes nothing.

    A council whose only invitation this was is where it was before.

    :raises InvitationClosed: it was accepted before.
    :raises InvitationNotFound: there is no such invitation, or an operator may not touch it.
    """
    council, row = hold_council(), _get(invitation_id, by)
    if _still_open().filter(id=invitation_id).update(withdrawn_at=now):
        _audit("invitation.withdrawn", invitation_id, {}, actor=by.person_id, now=now)
        move_to(council, after_withdrawing(Stage(council.stage), still_invited=_still_open().exists()), now=now)
    elif row.accepted_at:
        raise InvitationClosed("this invitation was accepted")


@part_of_a_transaction
def withdraw_all(*, actor: PersonId, now: datetime) -> None:
    """Take back every invitation of the current council that nobody has accepted."""
    for row in _still_open().select_for_update().order_by("id"):
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        _audit("invitation.withdrawn", row.id, {}, actor=actor, now=now)


def accept_invitation(token: str, officer: NewOfficer, *, now: datetime) -> Membership:
    """Join the team that the link invites to. A link works once. The first to accept begins to set the council up.

    Somebody who is on the team already keeps their roles and gains the invitation's.

    :raises InvitationNotFound: the link was changed or is too old.
    :raises InvitationClosed: it was accepted before, withdrawn, has expired, or a newer link was sent.
    :raises InvitationForSomebodyElse: it went to another address than the officer's.
    """
    link = unseal_invitation(token)
    with acting_for(link.organisation_id), transaction():
        council = hold_council()
        invitation = _use_up(link, officer, now)
        row = join(officer, frozenset(Role(role) for role in invitation.roles), now)
        move_to(council, after_accepting(Stage(council.stage)), now=now)
        details = {"roles": ",".join(invitation.roles), "invitation": str(invitation.id)}
        subject = Subject("person", officer.person_id)
        record_audit("officer.joined", subject, actor=officer.person_id, now=now, details=details)
        return membership_of(row)


def _use_up(link: InvitationLink, officer: NewOfficer, now: datetime) -> models.Invitation:
    """Close the invitation: the first to do so has it."""
    row = own_rows(models.Invitation).filter(id=link.invitation_id).first()
    if row is None:
        raise InvitationNotFound("there is no such invitation")
    if row.email != normalise_email_address(officer.email):
        raise InvitationForSomebodyElse("this invitation is for another email address")
    usable = _still_open().filter(id=row.id, expires_at__gt=now, times_sent=link.number)
    if not usable.update(accepted_at=now, accepted_by=officer.person_id):
        raise InvitationClosed("this invitation can no longer be used")
    return row


def _still_open() -> QuerySet[models.Invitation]:
    return own_rows(models.Invitation).filter(accepted_at=None, withdrawn_at=None)


def _get(invitation_id: UUID, inviter: Inviter) -> models.Invitation:
    rows = own_rows(models.Invitation).filter(id=invitation_id)
    row = (rows.filter(by_operator=True) if inviter.is_operator else rows).first()
    if row is None:
        raise InvitationNotFound("there is no such invitation")
    return row


def _send(invitation_id: UUID, address: str, inviter: Inviter, now: datetime) -> None:
    """Have the email sent, and count it: nobody is flooded, whoever invites them and however often."""
    sender = OPERATORS if inviter.is_operator else str(current_organisation())
    count_tries(
        Counted("invitations to a mailbox", Against.RECIPIENT, mailbox_of(address), TO_ONE_MAILBOX),
        Counted("invitations of a sender", Against.THING, sender, FROM_ONE_SENDER),
        now=now,
    )
    announce(OfficerInvited(invitation_id))


def _audit(action: str, invitation_id: UUID, details: dict[str, str], *, actor: PersonId, now: datetime) -> None:
    record_audit(action, Subject("invitation", invitation_id), actor=actor, now=now, details=details)
