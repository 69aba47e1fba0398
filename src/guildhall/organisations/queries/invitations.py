"""Invitations to a council's team: what has become of each, and what the link in its email leads to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Greatest

from guildhall.kernel import secrets
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.transactions import reading
from guildhall.organisations import models
from guildhall.organisations.domain.teams import INVITATION_LASTS, InvitationState, state_of_invitation
from guildhall.organisations.queries.councils import Council, get_council_by_id

PAGE = 25
INVITATION = "guildhall.organisations.invitation"


class InvitationNotFound(NotFound):
    """There is no such invitation, or its link was changed, is too old, or is not the newest."""


@dataclass(frozen=True)
class InvitationLink:
    """What the link in an invitation's email says: the invitation, and which of its emails this is."""

    organisation_id: OrganisationId
    invitation_id: UUID
    number: int


@dataclass(frozen=True)
class InvitationView:
    """An invitation as the invited person, their council, an operator and the letter that carries it see it."""

    id: UUID
    organisation_id: OrganisationId
    council: Council
    email: str
    roles: frozenset[Role]
    invited_by_name: str
    invited_at: datetime
    by_operator: bool
    times_sent: int
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None
    token: str

    @property
    def is_open(self) -> bool:
        """Whether it is neither accepted nor withdrawn; it may have expired."""
        return self.accepted_at is None and self.withdrawn_at is None

    def state(self, now: datetime) -> InvitationState:
        """Return what has become of it."""
        return state_of_invitation(
            accepted_at=self.accepted_at, withdrawn_at=self.withdrawn_at, expires_at=self.expires_at, now=now
        )


@reading
def get_invitation(invitation_id: UUID) -> InvitationView:
    """Return one of the current council's invitations.

    :raises InvitationNotFound: it has no such invitation.
    """
    row = own_rows(models.Invitation).filter(id=invitation_id).first()
    if row is None:
        raise InvitationNotFound("there is no such invitation")
    return _invitation_of(row, get_council_by_id(OrganisationId(row.organisation_id)))


def get_operators_invitation(invitation_id: UUID) -> InvitationView:
    """Return an invitation to the current council that an operator sent.

    :raises InvitationNotFound: no operator sent such an invitation: those of its owners are the council's own.
    """
    invitation = get_invitation(invitation_id)
    if not invitation.by_operator:
        raise InvitationNotFound("no operator sent this invitation")
    return invitation


def read_invitation(token: str) -> InvitationView:
    """Return the invitation that a link carries, used up or not; the council need not be known.

    :raises InvitationNotFound: the link was changed, is too old, or a newer one was sent.
    """
    link = unseal_invitation(token)
    with acting_for(link.organisation_id):
        invitation = get_invitation(link.invitation_id)
    if invitation.times_sent != link.number:
        raise InvitationNotFound("a newer link was sent")
    return invitation


@reading
def list_invitations(*, only_operators: bool = False, page: int = 1, size: int = PAGE) -> Page[InvitationView]:
    """Return a page of the current council's invitations: those that nobody has answered or withdrawn come first.

    Operators are shown only what operators sent.
    """
    closed_at = Greatest("accepted_at", "withdrawn_at")
    rows = own_rows(models.Invitation).order_by(closed_at.desc(nulls_first=True), "-invited_at", "id")
    rows = rows.filter(by_operator=True) if only_operators else rows
    total, start = rows.count(), (page - 1) * size
    council = get_council_by_id(current_organisation())
    return Page([_invitation_of(row, council) for row in rows[start : start + size]], page, size, total)


def unseal_invitation(token: str) -> InvitationLink:
    """Read a link.

    :raises InvitationNotFound: it was changed or is too old.
    """
    try:
        words = secrets.unseal(token, INVITATION, kept_for=2 * INVITATION_LASTS)
        organisation_id, invitation_id, number = words.split(".")
    except (secrets.BrokenSeal, ValueError) as fault:
        raise InvitationNotFound("this invitation link is not valid") from fault
    return InvitationLink(OrganisationId(UUID(organisation_id)), UUID(invitation_id), int(number))


def _invitation_of(row: models.Invitation, council: Council) -> InvitationView:
    return InvitationView(
        id=row.id,
        organisation_id=OrganisationId(row.organisation_id),
        council=council,
        email=row.email,
        roles=frozenset(Role(role) for role in row.roles),
        invited_by_name=row.invited_by_name,
        invited_at=row.invited_at,
        by_operator=row.by_operator,
        times_sent=row.times_sent,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
        token=secrets.seal(f"{row.organisation_id}.{row.id}.{row.times_sent}", INVITATION),
    )
