import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.conftest import AsLogin

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.transactions import transaction
from guildhall.organisations import operations, queries
from guildhall.organisations.domain.keys import Platform
from guildhall.organisations.domain.teams import TO_ONE_MAILBOX, InvitationState
from guildhall.organisations.operations import Inviter, Subject, record_audit
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service, png


def words_of(response: object) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def me(council: Council, client: Client) -> PersonId:
    """An owner of the council, signed in."""
    person = make_person(name="Olwen Ap Rhys")
    make_officer(council, Role.OWNER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return person.id


def operator(client: Client, as_login: AsLogin) -> PersonId:
    person = make_person(name="Opal Operator")
    with as_login("owner") as owner:
        owner.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [person.id])
    sign_in(client, person.id, has_second_factor=True)
    return person.id


def test_an_officer_of_one_council_starts_there(council: Council, client: Client, me: PersonId) -> None:
    response = client.get("/staff")
    assert response.status_code == 302
    assert response["Location"] == f"/staff/{council.slug}"


def test_an_officer_of_two_councils_chooses(
    council: Council, other_council: Council, client: Client, me: PersonId
) -> None:
    make_officer(other_council, Role.AUDITOR, person_id=me)
    page = client.get("/staff").content.decode()
    assert f"/staff/{council.slug}" in page
    assert f"/staff/{other_council.slug}" in page


def test_somebody_on_no_team_is_told_whom_to_ask(client: Client, database: object) -> None:
    person = make_person()
    sign_in(client, person.id)
    assert person.email in words_of(client.get("/staff"))


def test_the_start_page_shows_what_the_roles_open(council: Council, client: Client, me: PersonId) -> None:
    page = client.get(f"/staff/{council.slug}").content.decode()
    assert f"/staff/{council.slug}/team" in page
    assert f"/staff/{council.slug}/audit" in page


def test_an_owner_invites_somebody(council: Council, client: Client, me: PersonId) -> None:
    form = {"email": "Nia@Testford.example", "roles": ["caseworker", "auditor"]}
    response = client.post(f"/staff/{council.slug}/team/invite", form)
    assert response.status_code == 302
    [invitation] = queries.list_invitations().rows
    assert (invitation.email, invitation.roles) == ("nia@testford.example", {Role.CASEWORKER, Role.AUDITOR})
    assert "nia@testford.example" in words_of(client.get(response["Location"]))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"email": "nobody", "roles": ["owner"]}, "Enter an email address, like name@example.com"),
        ({"email": "a@b.example"}, "Select at least one role"),
        ({"email": "a@b.example", "roles": ["emperor"]}, "Select at least one role"),
    ],
)
def test_a_wrong_invitation_is_refused_on_the_page(
    council: Council, client: Client, me: PersonId, form: dict[str, object], message: str
) -> None:
    response = client.post(f"/staff/{council.slug}/team/invite", form)
    assert response.status_code == 200
    assert "<title>Error: " in response.content.decode()
    assert message in words_of(response)
    assert queries.list_invitations().rows == []


def test_an_owner_withdraws_an_invitation(council: Council, client: Client, me: PersonId) -> None:
    roles = frozenset({Role.CASEWORKER})
    invitation = operations.invite("a@b.example", roles, inviter=Inviter(me, "Olwen"), now=clock.now())
    client.post(f"/staff/{council.slug}/team/invitations/{invitation}/withdraw")
    assert queries.get_invitation(invitation).state(clock.now()) is InvitationState.WITHDRAWN
    assert "Withdrawn on" in words_of(client.get(f"/staff/{council.slug}/team"))


def test_an_owner_corrects_an_invitation_and_sends_it_again(council: Council, client: Client, me: PersonId) -> None:
    roles = frozenset({Role.CASEWORKER})
    invitation = operations.invite("a@b.example", roles, inviter=Inviter(me, "Olwen"), now=clock.now())
    address = f"/staff/{council.slug}/team/invitations/{invitation}/send-again"
    assert 'value="a@b.example"' in client.get(address).content.decode()
    assert "Enter an email address" in words_of(client.post(address, {"email": "a@b"}))
    page = words_of(client.get(client.post(address, {"email": "ab@b.example"})["Location"]))
    assert "Only its new link works" in page
    assert "ab@b.example Waiting Caseworker" in page
    assert "sent 2 times" in page
    assert "by Olwen Ap Rhys" in page


def test_too_many_invitations_to_one_mailbox_are_refused_on_the_page(
    council: Council, client: Client, me: PersonId
) -> None:
    pages = [
        client.post(f"/staff/{council.slug}/team/invite", {"email": f"a+{n}@b.example", "roles": ["auditor"]})
        for n in range(TO_ONE_MAILBOX.tries + 1)
    ]
    assert [page.status_code for page in pages] == [302] * TO_ONE_MAILBOX.tries + [200]
    assert "This address was sent several invitations today." in words_of(pages[-1])


def test_an_owner_changes_roles_and_takes_somebody_off(council: Council, client: Client, me: PersonId) -> None:
    other = make_officer(council, Role.CASEWORKER)
    address = f"/staff/{council.slug}/team/{other.person_id}"
    client.post(address, {"roles": ["finance_viewer"]})
    assert queries.get_membership(other.person_id).roles == {Role.FINANCE_VIEWER}
    assert client.get(f"{address}/remove").status_code == 200
    client.post(f"{address}/remove")
    assert queries.find_membership(other.person_id) is None


def test_the_last_owner_is_told_why_they_cannot_go(council: Council, client: Client, me: PersonId) -> None:
    response = client.post(f"/staff/{council.slug}/team/leave")
    assert "A council must have an owner. Make somebody else an owner first." in words_of(response)
    response = client.post(f"/staff/{council.slug}/team/{me}", {"roles": ["auditor"]})
    assert "A council must have an owner." in words_of(response)


def test_an_officer_leaves_the_team(council: Council, client: Client, me: PersonId) -> None:
    make_officer(council, Role.OWNER)
    response = client.post(f"/staff/{council.slug}/team/leave")
    assert response["Location"] == "/staff"
    assert client.get(f"/staff/{council.slug}").status_code == 403


def test_a_member_of_another_team_is_a_page_that_does_not_exist(
    council: Council, other_council: Council, client: Client, me: PersonId
) -> None:
    theirs = make_officer(other_council, Role.CASEWORKER)
    assert client.get(f"/staff/{council.slug}/team/{theirs.person_id}").status_code == 404


def test_a_key_is_shown_once(council: Council, client: Client, me: PersonId) -> None:
    service = make_service(council)
    form = {"service": str(service.id), "platform": "notify", "kind": "team", "name": "our website"}
    response = client.post(f"/staff/{council.slug}/keys/create", form)
    [key] = queries.list_keys_of_service(service.id, Platform.NOTIFY)
    assert f"our_website-{service.id}-{key.secret}" in words_of(response)
    listed = client.get(f"/staff/{council.slug}/keys")
    assert "our website" in words_of(listed)
    assert key.secret not in listed.content.decode()


def test_a_pay_key_is_made_in_pays_own_format(council: Council, client: Client, me: PersonId) -> None:
    service = make_service(council)
    form = {"service": str(service.id), "platform": "pay", "kind": "test", "name": "our website"}
    assert "api_test_" in words_of(client.post(f"/staff/{council.slug}/keys/create", form))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"service": "1"}, "Select a service"),
        ({"platform": "phone"}, "Select what the key opens"),
        ({"kind": ""}, "Select how far the key reaches"),
        ({"platform": "pay", "kind": "team"}, "This platform has no keys of this kind"),
        ({"name": " "}, "Enter a name for the key"),
        ({"name": "x" * 101}, "Name of the key must be 100 characters or fewer"),
    ],
)
def test_a_wrong_key_is_refused_on_the_page(
    council: Council, client: Client, me: PersonId, change: dict[str, str], message: str
) -> None:
    service = make_service(council)
    form = {"service": str(service.id), "platform": "notify", "kind": "test", "name": "key"} | change
    response = client.post(f"/staff/{council.slug}/keys/create", form)
    assert message in words_of(response)
    assert queries.list_keys().total == 0


def test_the_service_of_another_council_cannot_be_given_a_key(
    council: Council, other_council: Council, client: Client, me: PersonId
) -> None:
    theirs = make_service(other_council)
    form = {"service": str(theirs.id), "platform": "notify", "kind": "test", "name": "key"}
    assert "Select a service" in words_of(client.post(f"/staff/{council.slug}/keys/create", form))


def test_a_key_is_revoked_after_a_question(council: Council, client: Client, me: PersonId) -> None:
    service = make_service(council)
    wanted = operations.WantedKey(service.id, Platform.NOTIFY, "live", "our website")  # type: ignore[arg-type]
    key = operations.create_key(wanted, actor=me, now=clock.now())
    address = f"/staff/{council.slug}/keys/{key.id}/revoke"
    assert "our website" in words_of(client.get(address))
    client.post(address)
    assert queries.get_key(key.id).is_revoked


def test_settings_are_shown_and_saved(council: Council, client: Client, me: PersonId) -> None:
    address = f"/staff/{council.slug}/settings"
    assert council.name in client.get(address).content.decode()
    form = {"name": "New Name", "name_cy": "Enw Newydd", "homepage_url": "https://new.example/", "colour": "00703c"}
    assert client.post(address, form).status_code == 302
    saved = queries.get_council(council.slug)
    assert (saved.name, saved.name_cy, saved.brand.colour) == ("New Name", "Enw Newydd", "#00703c")


def test_a_pale_colour_is_refused_with_what_was_measured(council: Council, client: Client, me: PersonId) -> None:
    form = {"name": "Name", "name_cy": "", "homepage_url": "", "colour": "#ffdd00"}
    response = client.post(f"/staff/{council.slug}/settings", form)
    assert "contrast of 1.34 to 1" in words_of(response)
    assert queries.get_council(council.slug).name == council.name


def test_a_logo_is_taken_shown_and_removed(council: Council, client: Client, me: PersonId) -> None:
    picture = png()
    address = f"/staff/{council.slug}/settings/logo"
    client.post(address, {"logo": SimpleUploadedFile("logo.png", picture, "image/png")})
    shown = Client().get(queries.get_council(council.slug).brand.logo_url)
    assert (shown.content, shown["Content-Type"]) == (picture, "image/png")
    client.post(f"{address}/remove")
    assert Client().get(f"/{council.slug}/logo.png").status_code == 404


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"<svg/>", "must be a PNG picture"),
        (png(padding=200_001), "must be smaller than 200 kilobytes"),
        (png(2_001, 1), "2,000 pixels or less"),
        (None, "Select a PNG file"),
    ],
    ids=["not a png", "too many bytes", "too many pixels", "nothing"],
)
def test_a_wrong_logo_is_refused_on_the_page(
    council: Council, client: Client, me: PersonId, sent: bytes | None, message: str
) -> None:
    form = {"logo": SimpleUploadedFile("logo.png", sent)} if sent else {}
    assert message in words_of(client.post(f"/staff/{council.slug}/settings/logo", form))


def test_the_audit_trail_is_shown_and_checked(council: Council, client: Client, me: PersonId) -> None:
    address = f"/staff/{council.slug}/audit"
    assert "Nothing has happened yet." in words_of(client.get(address))
    with transaction():
        record_audit("key.revoked", Subject("key", "1"), actor=me, now=clock.now())
    page = words_of(client.get(f"{address}?check=1"))
    assert "A key was revoked" in page
    assert "Olwen Ap Rhys" in page
    assert "The audit trail is whole" in page


def test_the_audit_trail_names_only_whom_the_council_knows(
    council: Council, client: Client, me: PersonId, as_login: AsLogin
) -> None:
    run_by, gone = PersonId(new_id()), PersonId(new_id())
    with as_login("owner") as owner:
        owner.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [run_by])
    for actor in (run_by, gone, None, "sandbox"):
        with transaction():
            record_audit("t.x", Subject("t", "1"), actor=actor, now=clock.now())
    page = words_of(client.get(f"/staff/{council.slug}/audit"))
    for name in ("An operator of Guildhall", "Somebody whose account is gone", "Guildhall itself", "sandbox"):
        assert name in page
    assert str(run_by) not in page


def test_a_long_audit_trail_comes_in_pages(council: Council, client: Client, me: PersonId) -> None:
    for _ in range(120):
        with transaction():
            record_audit("test.done", Subject("t", "1"), actor=me, now=clock.now())
    address = f"/staff/{council.slug}/audit"
    assert "120 events" in words_of(client.get(address))
    last = client.get(f"{address}?page=3").content.decode()
    assert ">Number 20<" in last
    assert ">Number 21<" not in last


def test_an_operators_search_finds_councils(council: Council, client: Client, as_login: AsLogin) -> None:
    operator(client, as_login)
    slug = council.slug.rpartition("-")[2]
    assert council.name in words_of(client.get(f"/operator?search={slug}"))
    assert "No council has this name." in words_of(client.get("/operator?search=atlantis"))


def test_an_operator_sees_no_page_of_a_councils_staff(council: Council, client: Client, as_login: AsLogin) -> None:
    operator(client, as_login)
    assert client.get(f"/staff/{council.slug}/team").status_code == 403
