import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from tests.conftest import AsLogin
from tests.threads import join

from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Refused
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.teams import INVITATION_LASTS, LastOwner
from guildhall.organisations.operations.operators import CouncilAbolished
from guildhall.organisations.operations.teams import Inviter
from guildhall.organisations.queries import Council
from guildhall.organisations.queries.teams import NotAMember
from guildhall.organisations.testing import make_officer

NOW = clock.now()
CASEWORKER = frozenset({Role.CASEWORKER})


def inviter(council: Council) -> Inviter:
    return Inviter(make_officer(council).person_id, "Olwen Ap Rhys")


def officer(email: str = "new@testford.example") -> operations.NewOfficer:
    return operations.NewOfficer(PersonId(new_id()), email, "Nia New")


def invited(council: Council, email: str = "new@testford.example") -> str:
    return queries.get_invitation(operations.invite(email, CASEWORKER, inviter=inviter(council), now=NOW)).token


def at_once(*works: Callable[[], object]) -> list[object]:
    """Start all of them at the same moment, each on a connection of its own; return results and refusals."""
    barrier = threading.Barrier(len(works))
    results: list[object] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            results.append(work())
        except Refused as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        join(thread)
    return results


def test_an_invited_person_joins_with_the_roles_of_the_invitation(council: Council) -> None:
    person = officer("New@Testford.example")
    membership = operations.accept_invitation(invited(council), person, now=NOW)
    assert membership.roles == CASEWORKER
    assert queries.get_membership(person.person_id) == membership
    assert [pair[0].slug for pair in queries.list_memberships_of(person.person_id)] == [council.slug]


def test_an_invitation_works_once(council: Council) -> None:
    token = invited(council)
    operations.accept_invitation(token, officer(), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(token, officer(), now=NOW)


def test_of_two_who_accept_an_invitation_at_once_one_joins(council: Council) -> None:
    token = invited(council)
    people = [officer(), officer()]
    results = at_once(
        *[lambda person=person: operations.accept_invitation(token, person, now=NOW) for person in people]
    )
    assert sum(isinstance(result, queries.Membership) for result in results) == 1
    assert sum(isinstance(result, operations.InvitationClosed) for result in results) == 1
    assert sum(queries.find_membership(person.person_id) is not None for person in people) == 1


def test_an_invitation_runs_out(council: Council) -> None:
    token = invited(council)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(token, officer(), now=NOW + INVITATION_LASTS)
    operations.accept_invitation(token, officer(), now=NOW + INVITATION_LASTS - timedelta(seconds=1))


def test_an_invitation_is_for_the_address_it_went_to(council: Council) -> None:
    token = invited(council)
    with pytest.raises(operations.InvitationForSomebodyElse):
        operations.accept_invitation(token, officer("thief@testford.example"), now=NOW)


def test_a_changed_link_is_refused(council: Council) -> None:
    token = invited(council)
    with pytest.raises(queries.InvitationNotFound):
        operations.accept_invitation(token[:-1] + ("A" if token[-1] != "A" else "B"), officer(), now=NOW)


def test_a_withdrawn_invitation_is_closed(council: Council) -> None:
    token = invited(council)
    invitation = queries.read_invitation(token)
    operations.withdraw_invitation(invitation.id, actor=PersonId(new_id()), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(token, officer(), now=NOW)
    assert queries.list_open_invitations() == []


def test_an_accepted_invitation_cannot_be_withdrawn(council: Council) -> None:
    token = invited(council)
    operations.accept_invitation(token, officer(), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.withdraw_invitation(queries.read_invitation(token).id, actor=PersonId(new_id()), now=NOW)


def test_inviting_an_address_again_replaces_the_earlier_invitation(council: Council) -> None:
    first, second = invited(council), invited(council)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(first, officer(), now=NOW)
    operations.accept_invitation(second, officer(), now=NOW)


def test_of_two_who_invite_an_address_at_once_one_does(council: Council) -> None:
    asking = inviter(council)

    def ask() -> object:
        with acting_for(council.id):
            return operations.invite("new@testford.example", CASEWORKER, inviter=asking, now=NOW)

    results = at_once(ask, ask)
    assert len(queries.list_open_invitations()) == 1
    assert not any(isinstance(result, Exception) and not isinstance(result, Refused) for result in results)


def test_somebody_on_the_team_gains_the_invitations_roles(council: Council) -> None:
    member = make_officer(council, Role.AUDITOR)
    token = invited(council, member.email)
    again = operations.accept_invitation(
        token, operations.NewOfficer(member.person_id, member.email, member.name), now=NOW
    )
    assert again.roles == {Role.AUDITOR, Role.CASEWORKER}


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


def test_when_both_owners_leave_at_once_one_stays(council: Council) -> None:
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


def test_an_operators_invitation_opens_guildhall_to_a_council(council: Council) -> None:
    operator = Inviter(PersonId(new_id()), "Opal Operator")
    invitation = operations.invite_first_owner(council.id, "first@testford.example", operator=operator, now=NOW)
    assert queries.get_invitation(invitation).roles == {Role.OWNER}


def test_an_abolished_council_cannot_be_opened(council: Council, as_login: AsLogin) -> None:
    with as_login("owner") as owner:
        owner.execute(
            "UPDATE organisations_organisation SET ended_on = now() - interval '2 days' WHERE id = %s", [council.id]
        )
    operator = Inviter(PersonId(new_id()), "Opal Operator")
    with pytest.raises(CouncilAbolished):
        operations.invite_first_owner(council.id, "first@testford.example", operator=operator, now=NOW)
    assert queries.list_open_invitations() == []


def test_an_operators_look_is_written_down(council: Council) -> None:
    operator = PersonId(new_id())
    state = operations.look_as_operator(operator=operator, now=NOW)
    assert (state.members, state.services) == (0, 0)
    [line] = queries.list_audit().rows
    assert (line.action, line.actor.id) == ("operator.looked", str(operator))
