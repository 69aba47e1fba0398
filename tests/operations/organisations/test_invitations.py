from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.operations.organisations.conftest import AtOnce

from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.limits import Limit
from guildhall.kernel.refusals import Refused
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.tries import LockedOut
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.teams import INVITATION_LASTS, TO_ONE_MAILBOX, InvitationState
from guildhall.organisations.operations import Inviter, invitations
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

NOW = clock.now()
CASEWORKER = frozenset({Role.CASEWORKER})


def inviter(council: Council) -> Inviter:
    return Inviter(make_officer(council).person_id, "Olwen Ap Rhys")


def officer(email: str = "new@testford.example") -> operations.NewOfficer:
    return operations.NewOfficer(PersonId(new_id()), email, "Nia New")


def invited(council: Council, email: str = "new@testford.example") -> str:
    return queries.get_invitation(operations.invite(email, CASEWORKER, inviter=inviter(council), now=NOW)).token


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


def test_of_two_who_accept_an_invitation_at_once_one_joins(council: Council, at_once: AtOnce) -> None:
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
    operations.withdraw_invitation(invitation.id, by=inviter(council), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(token, officer(), now=NOW)
    assert queries.get_invitation(invitation.id).state(NOW) is InvitationState.WITHDRAWN


def test_an_accepted_invitation_cannot_be_withdrawn(council: Council) -> None:
    token = invited(council)
    operations.accept_invitation(token, officer(), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.withdraw_invitation(queries.read_invitation(token).id, by=inviter(council), now=NOW)


def test_inviting_an_address_again_replaces_the_earlier_invitation(council: Council) -> None:
    first, second = invited(council), invited(council)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(first, officer(), now=NOW)
    operations.accept_invitation(second, officer(), now=NOW)


def test_of_two_who_invite_an_address_at_once_the_second_replaces_the_first(council: Council, at_once: AtOnce) -> None:
    asking = inviter(council)

    def ask() -> object:
        with acting_for(council.id):
            return operations.invite("new@testford.example", CASEWORKER, inviter=asking, now=NOW)

    results = at_once(ask, ask)
    assert [each.state(NOW) for each in queries.list_invitations().rows] == ["waiting", "withdrawn"]
    assert not any(isinstance(result, Exception) and not isinstance(result, Refused) for result in results)


def test_somebody_on_the_team_gains_the_invitations_roles(council: Council) -> None:
    member = make_officer(council, Role.AUDITOR)
    token = invited(council, member.email)
    again = operations.accept_invitation(
        token, operations.NewOfficer(member.person_id, member.email, member.name), now=NOW
    )
    assert again.roles == {Role.AUDITOR, Role.CASEWORKER}


def test_a_link_that_was_sent_before_stops_working_when_the_invitation_is_sent_again(council: Council) -> None:
    first = invited(council)
    invitation = queries.read_invitation(first)
    operations.send_invitation_again(invitation.id, invitation.email, inviter=inviter(council), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.accept_invitation(first, officer(), now=NOW)
    with pytest.raises(queries.InvitationNotFound):
        queries.read_invitation(first)
    second = queries.get_invitation(invitation.id)
    assert (second.times_sent, second.roles) == (2, CASEWORKER)
    operations.accept_invitation(second.token, officer(), now=NOW)


def test_a_corrected_invitation_is_for_the_corrected_address_only(council: Council) -> None:
    id_ = queries.read_invitation(invited(council, "nwe@testford.example")).id
    operations.send_invitation_again(id_, " New@Testford.example", inviter=inviter(council), now=NOW)
    corrected = queries.get_invitation(id_)
    assert corrected.email == "new@testford.example"
    with pytest.raises(operations.InvitationForSomebodyElse):
        operations.accept_invitation(corrected.token, officer("nwe@testford.example"), now=NOW)
    operations.accept_invitation(corrected.token, officer(), now=NOW)
    actions = [line.action for line in queries.list_audit().rows]
    assert actions == ["officer.joined", "invitation.corrected", "officer.invited"]


def test_an_expired_invitation_that_is_sent_again_can_be_accepted_for_seven_days(council: Council) -> None:
    later = NOW + 2 * INVITATION_LASTS
    id_ = queries.read_invitation(invited(council)).id
    assert queries.get_invitation(id_).state(later) is InvitationState.EXPIRED
    operations.send_invitation_again(id_, "new@testford.example", inviter=inviter(council), now=later)
    again = queries.get_invitation(id_)
    assert (again.state(later), again.expires_at) == (InvitationState.WAITING, later + INVITATION_LASTS)


@pytest.mark.parametrize("ended", ["accepted", "withdrawn"])
def test_an_invitation_that_is_over_is_not_sent_again(council: Council, ended: str) -> None:
    token = invited(council)
    id_ = queries.read_invitation(token).id
    if ended == "accepted":
        operations.accept_invitation(token, officer(), now=NOW)
    else:
        operations.withdraw_invitation(id_, by=inviter(council), now=NOW)
    with pytest.raises(operations.InvitationClosed):
        operations.send_invitation_again(id_, "new@testford.example", inviter=inviter(council), now=NOW)
    assert queries.get_invitation(id_).state(NOW) == ended


def test_an_invitation_is_not_corrected_to_an_address_that_has_one(council: Council) -> None:
    invited(council)
    id_ = queries.read_invitation(invited(council, "old@testford.example")).id
    with pytest.raises(operations.AlreadyInvited):
        operations.send_invitation_again(id_, "new@testford.example", inviter=inviter(council), now=NOW)
    assert queries.get_invitation(id_).email == "old@testford.example"


def test_of_accepting_and_withdrawing_at_once_one_happens(council: Council, at_once: AtOnce) -> None:
    for _ in range(3):
        token, person, owner = invited(council), officer(), inviter(council)
        id_ = queries.read_invitation(token).id
        results = at_once(
            lambda token=token, person=person: operations.accept_invitation(token, person, now=NOW),
            lambda id_=id_, owner=owner: within(
                council, lambda: operations.withdraw_invitation(id_, by=owner, now=NOW)
            ),
        )
        refused = [result for result in results if isinstance(result, operations.InvitationClosed)]
        is_member = queries.find_membership(person.person_id) is not None
        state = queries.get_invitation(id_).state(NOW)
        assert len(refused) == 1
        assert (is_member, state) in {(True, InvitationState.ACCEPTED), (False, InvitationState.WITHDRAWN)}


def test_of_accepting_and_sending_again_at_once_one_happens(council: Council, at_once: AtOnce) -> None:
    for _ in range(3):
        token, person, owner = invited(council), officer(), inviter(council)
        id_ = queries.read_invitation(token).id
        results = at_once(
            lambda token=token, person=person: operations.accept_invitation(token, person, now=NOW),
            lambda id_=id_, owner=owner: within(
                council,
                lambda: operations.send_invitation_again(id_, "other@testford.example", inviter=owner, now=NOW),
            ),
        )
        refused = [result for result in results if isinstance(result, Refused)]
        was_sent_again = queries.get_invitation(id_).times_sent == 2
        assert len(refused) == 1
        assert was_sent_again is (queries.find_membership(person.person_id) is None)
        operations.withdraw_invitation(id_, by=owner, now=NOW) if was_sent_again else None


def within(council: Council, work: Callable[[], object]) -> object:
    with acting_for(council.id):
        return work()


def test_a_mailbox_gets_six_invitations_a_day_from_all_councils_together(
    council: Council, other_council: Council
) -> None:
    here, there = inviter(council), inviter(other_council)
    id_ = operations.invite("new@testford.example", CASEWORKER, inviter=here, now=NOW)
    for _ in range(2):
        operations.send_invitation_again(id_, "new@testford.example", inviter=here, now=NOW)
    with acting_for(None):
        for number in range(3):
            again = f"new+{number}@testford.example"
            within(other_council, lambda again=again: operations.invite(again, CASEWORKER, inviter=there, now=NOW))
    with pytest.raises(LockedOut):
        operations.send_invitation_again(id_, "new@testford.example", inviter=here, now=NOW)
    assert queries.get_invitation(id_).times_sent == 3, "what is refused changes nothing"
    operations.invite("somebody@testford.example", CASEWORKER, inviter=here, now=NOW)
    operations.send_invitation_again(id_, "new@testford.example", inviter=here, now=NOW + TO_ONE_MAILBOX.counted_for)


def test_a_council_sends_so_many_invitations_an_hour_and_another_as_many(
    council: Council, other_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "FROM_ONE_SENDER", Limit(tries=2, counted_for=timedelta(hours=1)))
    here, there = inviter(council), inviter(other_council)
    for number in range(2):
        operations.invite(f"n{number}@testford.example", CASEWORKER, inviter=here, now=NOW)
    with pytest.raises(LockedOut):
        operations.invite("n3@testford.example", CASEWORKER, inviter=here, now=NOW)
    with acting_for(None):
        within(other_council, lambda: operations.invite("n3@testford.example", CASEWORKER, inviter=there, now=NOW))


def test_an_operator_acts_only_on_what_operators_sent(council: Council) -> None:
    operator = Inviter(PersonId(new_id()), "Opal Operator", is_operator=True)
    id_ = queries.read_invitation(invited(council)).id
    with pytest.raises(queries.InvitationNotFound):
        operations.withdraw_invitation(id_, by=operator, now=NOW)
    with pytest.raises(queries.InvitationNotFound):
        operations.send_invitation_again(id_, "new@testford.example", inviter=operator, now=NOW)
    with pytest.raises(queries.InvitationNotFound):
        queries.get_operators_invitation(id_)
    assert queries.list_invitations(only_operators=True).total == 0
    assert queries.list_invitations().total == 1


def test_nobody_touches_an_invitation_of_another_council(council: Council, other_council: Council) -> None:
    owner = inviter(council)
    with acting_for(None):
        theirs = within(other_council, lambda: queries.read_invitation(invited(other_council)).id)
    with pytest.raises(queries.InvitationNotFound):
        operations.withdraw_invitation(theirs, by=owner, now=NOW)
    with pytest.raises(queries.InvitationNotFound):
        operations.send_invitation_again(theirs, "new@testford.example", inviter=owner, now=NOW)


def test_invitations_that_wait_are_listed_before_those_that_are_over(council: Council) -> None:
    first = queries.read_invitation(invited(council, "a@testford.example"))
    operations.accept_invitation(invited(council), officer(), now=NOW)
    operations.withdraw_invitation(
        queries.read_invitation(invited(council, "b@testford.example")).id, by=inviter(council), now=NOW
    )
    listed = [(each.email[0], str(each.state(NOW))) for each in queries.list_invitations().rows]
    assert listed[0] == (first.email[0], "waiting")
    assert sorted(listed[1:]) == [("b", "withdrawn"), ("n", "accepted")]
    assert queries.list_invitations(page=2, size=2).total == 3
