from collections.abc import Callable

import pytest
from tests.operations.organisations.conftest import AtOnce

from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.teams import LastOwner
from guildhall.organisations.queries import Council
from guildhall.organisations.queries.teams import NotAMember
from guildhall.organisations.testing import make_officer

NOW = clock.now()
CASEWORKER = frozenset({Role.CASEWORKER})


def test_the_last_owner_cannot_leave(council: Council) -> None:
    owner = make_officer(council)
    make_officer(council, Role.CASEWORKER)
    with pytest.raises(LastOwner):
        operations.remove_member(owner.person_id, actor=owner.person_id, now=NOW)
    with pytest.raises(LastOwner):
        operations.change_roles(owner.person_id, CASEWORKER, actor=owner.person_id, now=NOW)
    assert queries.get_membership(owner.person_id).roles == {Role.OWNER}


def test_one_of_two_owners_may_leave(council: Council) -> None:
    first, second = make_officer(council), make_officer(council)
    operations.remove_member(first.person_id, actor=first.person_id, now=NOW)
    with pytest.raises(NotAMember):
        queries.get_membership(first.person_id)
    with pytest.raises(LastOwner):
        operations.remove_member(second.person_id, actor=second.person_id, now=NOW)


def test_when_both_owners_leave_at_once_one_stays(council: Council, at_once: AtOnce) -> None:
    owners = [make_officer(council), make_officer(council)]

    def leave(owner: queries.Membership) -> Callable[[], object]:
        def go() -> object:
            with acting_for(council.id):
                return operations.remove_member(owner.person_id, actor=owner.person_id, now=NOW)

        return go

    results = at_once(*[leave(owner) for owner in owners])
    assert sum(isinstance(result, LastOwner) for result in results) == 1
    assert queries.list_members().total == 1


def test_an_owner_who_stays_owner_may_take_other_roles(council: Council) -> None:
    owner = make_officer(council)
    operations.change_roles(owner.person_id, frozenset({Role.OWNER, Role.AUDITOR}), actor=owner.person_id, now=NOW)
    assert queries.get_membership(owner.person_id).roles == {Role.OWNER, Role.AUDITOR}


def test_nobody_can_change_the_team_of_another_council(council: Council, other_council: Council) -> None:
    theirs = make_officer(other_council, Role.CASEWORKER)
    with pytest.raises(NotAMember):
        operations.remove_member(theirs.person_id, actor=theirs.person_id, now=NOW)


def test_roles_are_at_least_one_and_known() -> None:
    assert operations.roles_of(["owner", "auditor"]) == {Role.OWNER, Role.AUDITOR}
    with pytest.raises(operations.NoRoles):
        operations.roles_of([])
    with pytest.raises(operations.NoRoles):
        operations.roles_of(["owner", "emperor"])


def test_an_operators_look_is_written_down(council: Council) -> None:
    operator = PersonId(new_id())
    state = operations.look_as_operator(operator=operator, now=NOW)
    assert (state.members, state.services) == (0, 0)
    [line] = queries.list_audit().rows
    assert (line.action, line.actor.id) == ("operator.looked", str(operator))
