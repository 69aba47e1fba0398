"""Teams: who works in a council, who has been invited, and who runs the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel import secrets
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import OrganisationId, PersonId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_as_resident, acting_for
from guildhall.kernel.transactions import reading
from guildhall.organisations import models
from guildhall.organisations.domain.teams import INVITATION_LASTS
from guildhall.organisations.queries.councils import Council, council_of, get_council_by_id

PAGE = 50
INVITATION = "guildhall.organisations.invitation"


class InvitationNotFound(NotFound):
    """There is no such invitation, or its link was changed or is too old."""


class NotAMember(NotFound):
    """The person does not work in this council."""


@dataclass(frozen=True)
class Membership:
    """A person's place in a council's team."""

    organisation_id: OrganisationId
    person_id: PersonId
    name: str
    email: str
    roles: frozenset[Role]
    joined_at: datetime

    def may(self, *roles: Role) -> bool:
        """Whether the officer holds one of the roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class InvitationView:
    """An invitation as the invited person, their council and the letter that carries it see it."""

    id: UUID
    organisation_id: OrganisationId
    council: Council
    email: str
    roles: frozenset[Role]
    invited_by_name: str
    invited_at: datetime
    expires_at: datetime
    is_open: bool
    token: str

    def has_expired(self, now: datetime) -> bool:
        """Whether it is too late to accept."""
        return now >= self.expires_at


@reading
def find_membership(person_id: PersonId) -> Membership | None:
    """Return the person's place in the current council's team, or None."""
    row = own_rows(models.Membership).filter(person_id=person_id).first()
    return membership_of(row) if row else None


def get_membership(person_id: PersonId) -> Membership:
    """Return the person's place in the current council's team.

    :raises NotAMember: they have none.
    """
    membership = find_membership(person_id)
    if membership is None:
        raise NotAMember("this person does not work in this council")
    return membership


@reading
def list_members(*, page: int = 1, size: int = PAGE) -> Page[Membership]:
    """Return a page of the current council's team, by name."""
    rows = own_rows(models.Membership).order_by("name", "id")
    total, start = rows.count(), (page - 1) * size
    return Page([membership_of(row) for row in rows[start : start + size]], page, size, total)


def list_memberships_of(person_id: PersonId) -> Sequence[tuple[Council, Membership]]:
    """Return every council that the person works in, by name, whatever council is acting."""
    with acting_for(None), acting_as_resident(person_id), reading():
        # The one look across councils: the policy for residents shows a person their own memberships everywhere.
        memberships = [membership_of(row) for row in models.Membership.objects.filter(person_id=person_id)]
        rows = models.Organisation.objects.in_bulk([membership.organisation_id for membership in memberships])
    pairs = ((council_of(rows[membership.organisation_id]), membership) for membership in memberships)
    return sorted(pairs, key=lambda pair: pair[0].name)


@reading
def get_invitation(invitation_id: UUID) -> InvitationView:
    """Return one of the current council's invitations.

    :raises InvitationNotFound: it has no such invitation.
    """
    row = own_rows(models.Invitation).filter(id=invitation_id).first()
    if row is None:
        raise InvitationNotFound("there is no such invitation")
    return _invitation_of(row, get_council_by_id(OrganisationId(row.organisation_id)))


def read_invitation(token: str) -> InvitationView:
    """Return the invitation that a link carries, used up or not; the council need not be known.

    :raises InvitationNotFound: the link was changed or is too old.
    """
    organisation_id, invitation_id = unseal_invitation(token)
    with acting_for(organisation_id):
        return get_invitation(invitation_id)


@reading
def list_open_invitations() -> Sequence[InvitationView]:
    """Return the current council's invitations that wait for an answer, the newest first; expired ones among them."""
    rows = list(own_rows(models.Invitation).filter(accepted_at=None, withdrawn_at=None).order_by("-invited_at"))
    if not rows:
        return []
    council = get_council_by_id(OrganisationId(rows[0].organisation_id))
    return [_invitation_of(row, council) for row in rows]


@reading
def is_operator(person_id: PersonId) -> bool:
    """Whether the person runs the installation."""
    return models.PlatformOperator.objects.filter(person_id=person_id).exists()


def unseal_invitation(token: str) -> tuple[OrganisationId, UUID]:
    """Read the council and the invitation off a link.

    :raises InvitationNotFound: the link was changed or is too old.
    """
    try:
        words = secrets.unseal(token, INVITATION, kept_for=2 * INVITATION_LASTS)
    except secrets.BrokenSeal as fault:
        raise InvitationNotFound("this invitation link is not valid") from fault
    organisation_id, _, invitation_id = words.partition(".")
    return OrganisationId(UUID(organisation_id)), UUID(invitation_id)


def membership_of(row: models.Membership) -> Membership:
    """Read a row as a value."""
    return Membership(
        organisation_id=OrganisationId(row.organisation_id),
        person_id=PersonId(row.person_id),
        name=row.name,
        email=row.email,
        roles=frozenset(Role(role) for role in row.roles),
        joined_at=row.joined_at,
    )


def _invitation_of(row: models.Invitation, council: Council) -> InvitationView:
    return InvitationView(
        id=row.id,
        organisation_id=OrganisationId(row.organisation_id),
        council=council,
        email=row.email,
        roles=frozenset(Role(role) for role in row.roles),
        invited_by_name=row.invited_by_name,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        is_open=row.accepted_at is None and row.withdrawn_at is None,
        token=secrets.seal(f"{row.organisation_id}.{row.id}", INVITATION),
    )
