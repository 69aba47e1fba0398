"""Nothing of a council is public before its owner has opened it, nor while it is taken off."""

import re
from collections.abc import Callable
from itertools import product

import psycopg
import pytest
from django.test import Client
from tests.addresses import read_table
from tests.conftest import AsLogin
from tests.operations.organisations.conftest import AtOnce
from tests.operations.organisations.test_staff_pages import operator, words_of

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.secrets import digest
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.domain.stages import CouncilIsOpen, NotBeingSetUp, NothingToTakeOff, Stage
from guildhall.organisations.operations import Inviter
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service, stand_at

NOW = clock.now()
TODAY = clock.london_day(NOW)
NOT_OPEN = [stage for stage in Stage if stage is not Stage.OPEN]
OPERATOR = Inviter(PersonId(new_id()), "Opal Operator", is_operator=True)
SHOWN_OF_EVERY_COUNCIL = {"account:council"}

Do = Callable[[], object]


@pytest.fixture
def listed(council: Council) -> Council:
    """A council that nobody has been invited to, which has words of its own from somewhere."""
    stand_at(council, Stage.LISTED)
    words = operations.OwnWords(f"Evil {council.slug[-6:]}", "Cyngor Drwg", "https://evil.example/", "#003078")
    operations.change_own_words(words, actor=OPERATOR.person_id, now=NOW)
    return queries.get_council(council.slug)


def stage_of(council: Council) -> Stage:
    return queries.get_council(council.slug).stage


def found_by_own_name(council: Council) -> list[OrganisationId]:
    return [found.id for found in queries.list_councils(f"evil {council.slug[-6:]}", today=TODAY).rows]


def invite(council: Council, email: str = "first@testford.example") -> queries.InvitationView:
    return queries.get_invitation(operations.invite_owner(council.id, email, operator=OPERATOR, now=NOW))


def accept(invitation: queries.InvitationView) -> PersonId:
    person = PersonId(new_id())
    operations.accept_invitation(
        invitation.token, operations.NewOfficer(person, invitation.email, "Olwen Owner"), now=NOW
    )
    return person


def own(council: Council, client: Client, *roles: Role) -> PersonId:
    person = make_person(name="Olwen Ap Rhys")
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return person.id


# From the invitation to the opening


def test_a_council_is_public_when_its_owner_has_accepted_and_opened_it(listed: Council) -> None:
    assert stage_of(listed) is Stage.LISTED
    invitation = invite(listed)
    assert (stage_of(listed), invitation.roles) == (Stage.INVITED, {Role.OWNER})
    owner = accept(invitation)
    assert stage_of(listed) is Stage.SETTING_UP
    assert not queries.get_council(listed.slug).is_open
    operations.open_council(actor=owner, now=NOW)
    opened = queries.get_council(listed.slug)
    assert (opened.is_open, opened.opened_at) == (True, NOW)
    actions = [line.action for line in queries.list_audit().rows]
    assert actions[:3] == ["council.opened", "officer.joined", "officer.invited"]


def test_a_withdrawn_invitation_leaves_the_council_as_it_was(listed: Council) -> None:
    first, second = invite(listed), invite(listed, "second@testford.example")
    operations.withdraw_invitation(first.id, by=OPERATOR, now=NOW)
    assert stage_of(listed) is Stage.INVITED
    operations.withdraw_invitation(second.id, by=OPERATOR, now=NOW)
    assert stage_of(listed) is Stage.LISTED
    with pytest.raises(operations.InvitationClosed):
        accept(second)


def test_only_an_owner_opens_a_council(listed: Council) -> None:
    stand_at(listed, Stage.SETTING_UP)
    for actor in (make_officer(listed, Role.SERVICE_MANAGER).person_id, OPERATOR.person_id):
        with pytest.raises(operations.NotAnOwner):
            operations.open_council(actor=actor, now=NOW)
    assert stage_of(listed) is Stage.SETTING_UP


def test_an_owner_does_not_open_what_was_taken_off(council: Council) -> None:
    owner = make_officer(council).person_id
    operations.take_council_off(operator=OPERATOR.person_id, now=NOW)
    with pytest.raises(NotBeingSetUp):
        operations.open_council(actor=owner, now=NOW)


def test_an_abolished_council_is_neither_invited_nor_opened(council: Council, as_login: AsLogin) -> None:
    owner = make_officer(council).person_id
    stand_at(council, Stage.SETTING_UP)
    with as_login("owner") as login:
        login.execute(
            "UPDATE organisations_organisation SET ended_on = now() - interval '2 days' WHERE id = %s", [council.id]
        )
    with pytest.raises(operations.CouncilAbolished):
        invite(council)
    with pytest.raises(operations.CouncilAbolished):
        operations.open_council(actor=owner, now=NOW)
    assert queries.list_invitations().rows == []


def test_of_accepting_and_withdrawing_the_first_invitation_at_once_one_happens(
    listed: Council, at_once: AtOnce
) -> None:
    for number in range(3):
        invitation = invite(listed, f"owner{number}@testford.example")

        def withdraw(invitation: queries.InvitationView = invitation) -> None:
            with acting_for(listed.id):
                operations.withdraw_invitation(invitation.id, by=OPERATOR, now=NOW)

        results = at_once(lambda invitation=invitation: accept(invitation), withdraw)
        was_withdrawn = queries.get_invitation(invitation.id).withdrawn_at is not None
        assert sum(isinstance(result, operations.InvitationClosed) for result in results) == 1
        assert stage_of(listed) is (Stage.LISTED if was_withdrawn else Stage.SETTING_UP)
        assert queries.list_members().total == (0 if was_withdrawn else 1)
        operations.send_team_away(operator=OPERATOR.person_id, now=NOW)


def test_of_opening_and_taking_off_at_once_both_are_done_and_taking_off_is_last_or_refused(
    council: Council, at_once: AtOnce
) -> None:
    owner = make_officer(council).person_id
    stand_at(council, Stage.SETTING_UP)

    def within(do: Do) -> Do:
        def go() -> object:
            with acting_for(council.id):
                return do()

        return go

    results = at_once(
        within(lambda: operations.open_council(actor=owner, now=NOW)),
        within(lambda: operations.take_council_off(operator=OPERATOR.person_id, now=NOW)),
    )
    assert stage_of(council) is Stage.TAKEN_OFF
    assert sum(isinstance(result, NotBeingSetUp) for result in results) <= 1


# What the public sees


@pytest.mark.parametrize("stage", NOT_OPEN)
def test_every_public_page_of_a_council_that_is_not_open_is_closed_but_the_one_that_says_so(
    council: Council, client: Client, stage: Stage
) -> None:
    """The next public page in a council's addresses is closed too: this asks every line of the table, as a stranger."""
    stand_at(council, stage)
    public = [
        each
        for each in read_table()
        if each.audience in ("anyone", "link_holders") and "<slug:council>" in each.address
    ]
    assert len(public) > 18
    shown = {
        each.name
        for each in public
        for method in ("GET", "POST")
        if each.answers(method)
        and getattr(client, method.lower())(each.filled(council.slug), follow=True).status_code != 404
    }
    assert shown == SHOWN_OF_EVERY_COUNCIL


@pytest.mark.parametrize("stage", NOT_OPEN)
def test_nothing_that_a_council_says_of_itself_is_public_before_it_is_open(
    listed: Council, client: Client, stage: Stage
) -> None:
    make_service(listed)
    stand_at(listed, stage)
    own_words = re.compile(r"evil|cyngor drwg|#003078|bulky waste", re.IGNORECASE)
    for address in (f"/{listed.slug}", f"/find-local-council/{listed.slug}", f"/{listed.slug}/bulky-waste"):
        for language in ("en", "cy"):
            page = client.get(f"{address}?lang={language}", follow=True).content.decode()
            assert not own_words.search(page), address
            assert "https://www.testford.example/" in page or "bulky-waste" in address
    assert found_by_own_name(listed) == []


def test_a_council_is_found_by_its_own_name_while_it_is_open(listed: Council) -> None:
    stand_at(listed, Stage.SETTING_UP)
    operations.open_council(actor=make_officer(listed).person_id, now=NOW)
    assert found_by_own_name(listed) == [listed.id]
    operations.take_council_off(operator=OPERATOR.person_id, now=NOW)
    assert found_by_own_name(listed) == []


def test_an_invited_council_leads_residents_to_its_own_website_as_before(listed: Council, client: Client) -> None:
    before = client.get(f"/{listed.slug}").content
    accept(invite(listed))
    assert _without_tokens(client.get(f"/{listed.slug}").content) == _without_tokens(before)
    assert "is not on Guildhall yet" in words_of(client.get(f"/find-local-council/{listed.slug}"))


def test_the_team_sees_the_council_as_it_will_be_and_strangers_do_not(listed: Council, client: Client) -> None:
    make_service(listed)
    stand_at(listed, Stage.SETTING_UP)
    own(listed, client, Role.CASEWORKER)
    page = words_of(client.get(f"/{listed.slug}"))
    assert "Evil" in page
    assert "Bulky waste collection" in page
    assert "Only the council’s team sees this page" in page
    theme = client.get(f"/{listed.slug}/theme.css")
    assert (theme.status_code, theme["Cache-Control"]) == (200, "private, no-store")
    assert client.get(f"/{listed.slug}/track").status_code == 200
    stranger = Client()
    assert stranger.get(f"/{listed.slug}/theme.css").status_code == 404
    other = make_person()
    sign_in(stranger, other.id, has_second_factor=True)
    assert stranger.get(f"/{listed.slug}/track").status_code == 404


def test_residents_of_a_council_that_was_taken_off_are_told_where_their_things_are(
    council: Council, client: Client
) -> None:
    operations.take_council_off(operator=OPERATOR.person_id, now=NOW)
    page = words_of(client.get(f"/{council.slug}"))
    assert "is not on Guildhall any more" in page
    assert "it still has it" in page
    closed = words_of(client.get(f"/{council.slug}/bulky-waste"))
    assert f"{council.name} is not on Guildhall" in closed
    assert "Nothing was sent to it just now." in closed


# Taking off, putting back, starting again


def test_a_council_that_was_taken_off_is_put_back_as_it_was(council: Council) -> None:
    make_officer(council)
    opened_at = queries.get_council(council.slug).opened_at
    invitation = invite(council)
    operations.take_council_off(operator=OPERATOR.person_id, now=clock.now())
    assert queries.get_invitation(invitation.id).withdrawn_at is not None
    operations.put_council_back(operator=OPERATOR.person_id, now=NOW)
    back = queries.get_council(council.slug)
    assert (back.stage, back.opened_at) == (Stage.OPEN, opened_at)
    actions = [line.action for line in queries.list_audit().rows]
    assert actions[:3] == ["council.put_back", "council.taken_off", "invitation.withdrawn"]


def test_a_council_that_only_was_invited_is_not_taken_off(listed: Council) -> None:
    invite(listed)
    with pytest.raises(NothingToTakeOff):
        operations.take_council_off(operator=OPERATOR.person_id, now=NOW)


def test_a_key_of_a_council_that_was_taken_off_opens_nothing_until_it_is_put_back(council: Council) -> None:
    make_officer(council)
    secret = str(new_id())
    wanted = operations.WantedKey(make_service(council).id, Platform.PAY, KeyKind.TEST, "Desk", secret=secret)
    operations.create_key(wanted, actor="tests", now=NOW)
    assert queries.find_key_by_digest(digest(secret)) is not None
    operations.take_council_off(operator=OPERATOR.person_id, now=clock.now())
    assert queries.find_key_by_digest(digest(secret)) is None
    operations.put_council_back(operator=OPERATOR.person_id, now=clock.now())
    assert queries.find_key_by_digest(digest(secret)) is not None


def test_after_the_wrong_owner_another_begins_again(council: Council) -> None:
    """Whoever was invited by mistake keeps nothing, and what they opened is not opened again without the next owner."""
    wrong = make_officer(council)
    make_officer(council, Role.AUDITOR)
    secret = str(new_id())
    wanted = operations.WantedKey(make_service(council).id, Platform.PAY, KeyKind.TEST, "Desk", secret=secret)
    operations.create_key(wanted, actor=wrong.person_id, now=NOW)
    with pytest.raises(CouncilIsOpen):
        operations.send_team_away(operator=OPERATOR.person_id, now=NOW)
    operations.take_council_off(operator=OPERATOR.person_id, now=clock.now())
    waiting = invite(council)
    operations.send_team_away(operator=OPERATOR.person_id, now=clock.now())
    assert queries.list_members().total == 0
    told = [line.action for line in queries.list_audit().rows]
    assert (told.count("officer.removed"), told.count("officer.left")) == (2, 0)
    assert queries.get_invitation(waiting.id).withdrawn_at is not None
    right_invitation = operations.invite_owner(council.id, "right@testford.example", operator=OPERATOR, now=clock.now())
    right = PersonId(new_id())
    newcomer = operations.NewOfficer(right, "right@testford.example", "Rhian Right")
    operations.accept_invitation(queries.get_invitation(right_invitation).token, newcomer, now=clock.now())
    operations.put_council_back(operator=OPERATOR.person_id, now=clock.now())
    assert stage_of(council) is Stage.SETTING_UP
    assert queries.find_key_by_digest(digest(secret)) is None
    operations.open_council(actor=right, now=clock.now())
    assert stage_of(council) is Stage.OPEN


# What the database refuses


def test_the_database_keeps_stages_and_their_moments_together(council: Council, as_login: AsLogin) -> None:
    """Whoever writes: of every stage, with either moment and without, only those are kept that can come about."""
    every = [(str(stage), *moments) for stage in (*Stage, "public", "") for moments in product((False, True), repeat=2)]
    with as_login("owner") as login:
        kept = {each for each in every if can_stand(login, council, *each)}
    assert kept == {
        (Stage.LISTED, False, False),
        (Stage.INVITED, False, False),
        (Stage.SETTING_UP, False, False),
        (Stage.OPEN, True, False),
        (Stage.TAKEN_OFF, False, True),
        (Stage.TAKEN_OFF, True, True),
    }


def can_stand(login: psycopg.Connection, council: Council, stage: str, is_opened: bool, is_taken_off: bool) -> bool:
    """Write a council's stage and its moments into the table, and return whether the database takes them."""
    with login.transaction():
        try:
            with login.transaction():
                changed = login.execute(_STAND, [stage, is_opened, is_taken_off, council.id])
                return changed.rowcount == 1
        except psycopg.errors.CheckViolation:
            return False


_STAND = """
UPDATE organisations_organisation SET stage = %s, opened_at = CASE WHEN %s THEN now() END,
    taken_off_at = CASE WHEN %s THEN now() END WHERE id = %s
"""


def test_a_council_cannot_open_another(council: Council, other_council: Council, as_login: AsLogin) -> None:
    stand_at(other_council, Stage.SETTING_UP)
    with as_login("web") as login:
        login.execute("SELECT set_config('app.organisation', %s, false)", [str(council.id)])
        changed = login.execute(
            "UPDATE organisations_organisation SET stage = 'open', opened_at = now() WHERE id = %s", [other_council.id]
        )
        assert changed.rowcount == 0


# The pages


def test_an_owner_opens_the_council_on_a_page_that_says_what_that_does(council: Council, client: Client) -> None:
    make_service(council)
    stand_at(council, Stage.SETTING_UP)
    own(council, client, Role.OWNER)
    home = client.get(f"/staff/{council.slug}")
    assert "Residents see nothing of it until an owner opens it." in words_of(home)
    assert f'href="/staff/{council.slug}/open"' in home.content.decode()
    page = words_of(client.get(f"/staff/{council.slug}/open"))
    assert "everybody can use the services that are online" in page
    assert "Bulky waste collection" in page
    assert stage_of(council) is Stage.SETTING_UP, "asking is not opening"
    done = client.post(f"/staff/{council.slug}/open")
    assert "The council is open to residents." in words_of(client.get(done["Location"]))
    assert stage_of(council) is Stage.OPEN


def test_an_operator_invites_corrects_and_withdraws_on_the_councils_page(
    listed: Council, client: Client, as_login: AsLogin
) -> None:
    operator(client, as_login)
    here = f"/operator/{listed.slug}"
    page = words_of(client.get(here))
    assert "Invite the first owner" in page
    assert "Nothing becomes public by this." in page
    done = words_of(client.get(client.post(here, {"email": "frist@testford.example"})["Location"]))
    assert "State Invited" in done
    assert "frist@testford.example Waiting Owner" in done
    assert "by Opal Operator" in done
    [invitation] = queries.list_invitations().rows
    again = f"{here}/invitations/{invitation.id}/send-again"
    assert 'value="frist@testford.example"' in client.get(again).content.decode()
    corrected = words_of(client.get(client.post(again, {"email": "first@testford.example"})["Location"]))
    assert "first@testford.example Waiting Owner" in corrected
    withdrawn = words_of(client.get(client.post(f"{here}/invitations/{invitation.id}/withdraw")["Location"]))
    assert "first@testford.example Withdrawn" in withdrawn
    assert "State Not invited" in withdrawn


def test_an_operator_takes_a_council_off_and_puts_it_back_and_is_told_before_what_that_does(
    council: Council, client: Client, as_login: AsLogin
) -> None:
    operator(client, as_login)
    make_officer(council)
    here = f"/operator/{council.slug}"
    page = words_of(client.get(f"{here}/take-off"))
    assert "programs’ keys are refused within a minute" in page
    assert "Provided by" not in page, "Guildhall asks, not the council"
    assert "messages that were accepted are still sent" in page
    assert stage_of(council) is Stage.OPEN, "asking is not doing"
    off = words_of(client.get(client.post(f"{here}/take-off")["Location"]))
    assert "The council was taken off." in off
    assert "State Taken off" in off
    assert "residents can use it at once" in words_of(client.get(f"{here}/put-back"))
    back = words_of(client.get(client.post(f"{here}/put-back")["Location"]))
    assert "State Open" in back


def test_an_operator_sends_a_wrong_team_away(council: Council, client: Client, as_login: AsLogin) -> None:
    operator(client, as_login)
    make_officer(council)
    stand_at(council, Stage.SETTING_UP)
    here = f"/operator/{council.slug}"
    assert f'href="{here}/send-team-away"' in client.get(here).content.decode()
    assert "Every key of the council’s programs is revoked" in words_of(client.get(f"{here}/send-team-away"))
    client.post(f"{here}/send-team-away")
    assert (stage_of(council), queries.list_members().total) == (Stage.LISTED, 0)


def test_operators_find_the_councils_that_somebody_has_been_invited_to(
    listed: Council, client: Client, as_login: AsLogin
) -> None:
    operator(client, as_login)
    search = listed.slug.rpartition("-")[2]
    assert "Not invited" in words_of(client.get(f"/operator?search={search}"))
    assert "No council has this name." in words_of(client.get(f"/operator?search={search}&show=begun"))
    invite(listed)
    assert "Invited" in words_of(client.get(f"/operator?search={search}&show=begun"))


def _without_tokens(page: bytes) -> bytes:
    return re.sub(rb'value="[A-Za-z0-9]{64}"', b"", page)
