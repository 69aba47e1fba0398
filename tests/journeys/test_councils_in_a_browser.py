"""Every page of account and organisations, looked at with a browser and axe: without scripts, narrow, in Welsh."""

import pytest
from django.conf import settings
from django.test import Client
from tests.conftest import AsLogin, AsOwner
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, be_known
from tests.journeys.looking import check_page, look_at

from guildhall.account.operations import load_synthetic_postcodes
from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.organisations import operations
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.domain.stages import Stage
from guildhall.organisations.operations import Inviter, OwnWords
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service, png, stand_at

COUNCIL_PAGES = (
    *("isle-of-anglesey", "cumbria", "sandford"),
    *("sandford/privacy", "sandford/cookies", "sandford/accessibility"),
)
STAFF_PAGES = (
    *("", "/team?done=invited", "/team/invite", "/team/leave"),
    *("/keys", "/keys/create", "/settings", "/audit?check=1"),
)


@pytest.fixture
def places(as_owner: AsOwner) -> None:
    as_owner(operations.load_councils)
    as_owner(load_synthetic_postcodes)
    new = operations.NewOrganisation("sandford", "Sandford Council", "Cyngor Sandford", custodian_code="99001")
    operations.ensure_organisation(new, now=clock.now())


@pytest.fixture
def session(council: Council, as_login: AsLogin) -> str:
    """The session of somebody who owns a busy council and runs the installation."""
    person, now = make_person(name="Olwen Ap Rhys"), clock.now()
    make_officer(council, Role.OWNER, Role.CASEWORKER, person_id=person.id)
    make_officer(council, Role.AUDITOR)
    with as_login("owner") as owner:
        owner.execute("INSERT INTO organisations_platformoperator VALUES (%s, now())", [person.id])
    service = make_service(council)
    for kind in (KeyKind.LIVE, KeyKind.TEST):
        wanted = operations.WantedKey(service.id, Platform.NOTIFY, kind, f"website {kind}")
        key = operations.create_key(wanted, actor=person.id, now=now)
    operations.revoke_key(key.id, actor=person.id, now=now)
    inviter = Inviter(person.id, "Olwen Ap Rhys")
    operations.invite("nia.of.a.long.address@example-of-a-long-name.org", frozenset(Role), inviter=inviter, now=now)
    operations.set_logo(png(60, 40), actor=person.id, now=now)
    operations.change_own_words(OwnWords("", "", "", "#00703c"), actor=person.id, now=now)
    client = Client()
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@IN_BOTH_WAYS
def test_pages_of_finding_a_council_have_no_barriers(
    places: None, address: str, new_page: NewPage, visit: dict
) -> None:
    page = new_page(**visit)
    look_at(page, f"{address}/", visit)
    page.locator("main button").click()
    check_page(page)
    assert page.title().startswith(("Error", "Gwall"))
    page.locator("#where").fill("newcastle")
    page.locator("main button").click()
    check_page(page)
    page.locator("#where").fill("zz1 2aa")
    page.locator("main button").click()
    check_page(page)
    page.locator("main button").click()
    check_page(page)
    page.locator("input[type=radio]").nth(1).check()
    page.locator("main button").click()
    check_page(page)
    for slug in (
        "isle-of-anglesey",
        "cumbria",
        "sandford",
        "sandford/accessibility",
        "sandford/privacy",
        "sandford/cookies",
    ):
        look_at(page, f"{address}/{slug}", visit)


@IN_BOTH_WAYS
def test_officers_pages_of_a_council_have_no_barriers(
    council: Council, session: str, address: str, new_page: NewPage, visit: dict
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    home = f"{address}/staff/{council.slug}"
    for path in (
        "",
        "/team?done=invited",
        "/team/invite",
        "/team/leave",
        "/keys",
        "/keys/create",
        "/settings",
        "/audit?check=1",
    ):
        look_at(page, home + path, visit)
    page.goto(f"{home}/settings")
    page.locator("#colour").fill("#ffdd00")
    page.locator("main form button").first.click()
    check_page(page)
    assert page.title().startswith(("Error", "Gwall"))
    page.goto(f"{home}/keys/create")
    for choice in ("service", "platform", "kind"):
        page.locator(f"input[name={choice}]").first.check()
    page.locator("#name").fill(f"key of {visit}")
    page.locator("main form button").first.click()
    check_page(page)
    page.goto(f"{home}/team")
    page.locator("main a[href$=remove]").first.click()
    check_page(page)


@IN_BOTH_WAYS
def test_operators_and_account_pages_have_no_barriers(
    council: Council, session: str, address: str, new_page: NewPage, visit: dict
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    for path in ("/staff", "/operator", "/operator?search=atlantis", f"/operator/{council.slug}", "/account"):
        look_at(page, address + path, visit)


@IN_BOTH_WAYS
def test_the_pages_of_councils_that_are_not_open_have_no_barriers(
    council: Council, session: str, address: str, new_page: NewPage, visit: dict
) -> None:
    page, stranger = new_page(**visit), new_page(**visit)
    be_known(page, address, visit, session)
    operator, staff = f"{address}/operator/{council.slug}", f"{address}/staff/{council.slug}"
    stand_at(council, Stage.SETTING_UP)
    by = Inviter(PersonId(new_id()), "Opal Operator", is_operator=True)
    invited = operations.invite_owner(council.id, "owner@testford.example", operator=by, now=clock.now())
    for here in (staff, f"{staff}/open", f"{address}/{council.slug}", f"{operator}/send-team-away"):
        look_at(page, here, visit)
    for here in (operator, f"{operator}/invitations/{invited}/send-again", f"{operator}/take-off"):
        look_at(page, here, visit)
    page.locator("main form button").click()
    look_at(page, f"{operator}/put-back", visit)
    look_at(page, f"{staff}/team", visit)
    look_at(stranger, f"{address}/{council.slug}", visit)
    stranger.goto(f"{address}/{council.slug}/track")
    check_page(stranger)
