"""Who is looking, and what the team's officers are called."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId
from guildhall.organisations import queries as organisations
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.domain.workflow import ROLES_THAT_WORK

MAY_LOOK = (Role.OWNER, Role.SERVICE_MANAGER, Role.CASEWORKER, Role.AUDITOR)
MAY_WORK = tuple(Role(role) for role in ROLES_THAT_WORK)


@dataclass(frozen=True)
class Team:
    """The council's officers, by name. ``workers`` are those a case can be assigned to."""

    names: dict[PersonId, str]
    workers: dict[PersonId, str]

    def called(self, person_id: UUID | None) -> str:
        """Return what to call an officer, also one who has left."""
        return self.names.get(PersonId(person_id), _("Somebody who has left the team")) if person_id else ""


def team() -> Team:
    """Return the team of the council that is acting."""
    members = organisations.list_members(size=1000).rows
    return Team(
        {member.person_id: member.name or member.email for member in members},
        {member.person_id: member.name or member.email for member in members if member.may(*MAY_WORK)},
    )


def officer(request: HttpRequest) -> Officer:
    """Return the officer behind a request that the gate let through, with their roles in the council."""
    return Officer(request.visitor.person_id, frozenset(request.roles))  # type: ignore[attr-defined]
