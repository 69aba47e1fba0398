"""Teams: who is on them, what they may do, and leaving."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.organisations import models
from guildhall.organisations.domain.audit import Subject
from guildhall.organisations.domain.teams import keep_an_owner
from guildhall.organisations.operations.audit import record_audit
from guildhall.organisations.queries import Membership
from guildhall.organisations.queries.teams import NotAMember, membership_of


class NoRoles(Invalid):
    """An officer has at least one role, and only roles that exist."""


@dataclass(frozen=True)
class NewOfficer:
    """The signed-in person who joins a team."""

    person_id: PersonId
    email: str
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
def ensure_member(officer: NewOfficer, roles: frozenset[Role], *, now: datetime) -> Membership:
    """Put a person on the current council's team without an invitation: for the sandbox and for tests."""
    return membership_of(join(officer, roles, now))


@transaction
def change_roles(person_id: PersonId, roles: frozenset[Role], *, actor: PersonId, now: datetime) -> None:
    """Give an officer of the current council exactly these roles.

    :raises LastOwner: nobody would be an owner any more.
    :raises NotAMember: the person is not on the team.
    """
    row = _lock_team_and_find(person_id, stays_owner=Role.OWNER in roles)
    before, row.roles = row.roles, in_order(roles)
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


@part_of_a_transaction
def join(officer: NewOfficer, roles: frozenset[Role], now: datetime) -> models.Membership:
    """Put a person on the team; somebody who is on it keeps their roles and gains these."""
    row, is_new = (
        own_rows(models.Membership)
        .select_for_update()
        .get_or_create(
            person_id=officer.person_id,
            defaults={"email": officer.email, "name": officer.name, "roles": in_order(roles), "joined_at": now},
        )
    )
    if not is_new:
        row.roles = in_order(roles | {Role(role) for role in row.roles})
        row.save(update_fields=["roles"])
    row.refresh_from_db()
    return row


def in_order(roles: Iterable[Role]) -> list[str]:
    """Return roles as rows keep them."""
    held = set(roles)
    return [str(role) for role in Role if role in held]


def _audit(
    action: str, object_type: str, object_id: UUID, details: dict[str, str], *, actor: PersonId, now: datetime
) -> None:
    record_audit(action, Subject(object_type, object_id), actor=actor, now=now, details=details)
