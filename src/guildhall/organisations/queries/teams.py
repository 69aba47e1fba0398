"""Teams: who works in a council, and who runs the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import OrganisationId, PersonId
from guildhall.kernel.paging import Page
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_as_resident, acting_for
from guildhall.kernel.transactions import reading
from guildhall.organisations import models
from guildhall.organisations.queries.councils import Council, council_of

PAGE = 50


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
def is_operator(person_id: PersonId) -> bool:
    """Whether the person runs the installation."""
    return models.PlatformOperator.objects.filter(person_id=person_id).exists()


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
