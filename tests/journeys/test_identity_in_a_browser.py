"""Every page about accounts, with a browser and axe: with and without scripts, narrow, in Welsh."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import VISITS, running_here
from tests.journeys.looking import check_page

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations
from guildhall.identity.domain.authenticator_app import code_of, step_at
from guildhall.identity.testing import SOMEWHERE, let_letters_be_sent, read_code, read_letters
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.operations import Inviter, invite
from guildhall.organisations.queries import find_membership, list_invitations
from guildhall.organisations.testing import make_council

PASSWORD = "correct horse 7"
LOOK = os.environ.get("LOOK_AT")


@pytest.fixture(scope="module", autouse=True)
def rows_beside_the_browser(database: dict[str, str]) -> Iterator[None]:
    """Let the test read letters in the thread in which playwright keeps its event loop: it never waits in one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        let_letters_be_sent()
        yield


@pytest.fixture
def address() -> Iterator[str]:
    with running_here() as served:
        yield served


class Visit:
    """A visitor who looks at every page they come to, in either language."""

    def __init__(self, page: Page, address: str, visit: dict[str, object]) -> None:
        self.page, self.address = page, address
        self.name = "-".join(map(str, visit.values())) or "plain"
        self.has_scripts = visit.get("javascript", True)
        self.is_welsh = visit.get("language") == "cy"
        self.seen = 0

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.address + path)
        self.look()

    def fill(self, **answers: str) -> None:
        for name, answer in answers.items():
            self.page.locator(f"[name={name}]").fill(answer)

    def press(self, which: int = 0) -> None:
        """Press the page's own button (not the one that signs out)."""
        with self.page.expect_navigation():
            self.page.locator("main button[type=submit]").nth(which).click()
        self.look()

    def follow(self, href: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(f"main a[href*='{href}']").first.click()
        self.look()

    def look(self) -> None:
        check_page(self.page, language="cy" if self.is_welsh else "en")
        self.seen += 1
        if LOOK:
            self.page.screenshot(path=Path(LOOK) / f"{self.name}-{self.seen:02}.png", full_page=True)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)


@pytest.fixture(params=VISITS, ids=lambda visit: "-".join(map(str, visit.values())) or "plain")
def visit(request: pytest.FixtureRequest, new_page: NewPage, address: str) -> Visit:
    return Visit(new_page(**request.param), address, request.param)


def test_a_resident_registers_protects_the_account_signs_in_and_gets_back_in(visit: Visit) -> None:
    email = f"{new_id()}@example.com"
    visit.go("/account/sign-in")
    visit.press()
    visit.follow("/account/register")
    visit.press()
    visit.fill(name="Siân Ap Rhys", email=email, password=PASSWORD)
    visit.press()
    visit.fill(code="12")
    visit.press()
    visit.press(1)
    visit.fill(code=read_code(email))
    visit.press()
    assert visit.path.partition("?")[0].startswith("/account")

    visit.go("/account/security")
    visit.follow("/account/security/codes")
    visit.press()
    visit.page.locator("[value=app]").check()
    visit.press()
    secret = "".join(visit.page.locator("code").inner_text().split())
    if visit.has_scripts:
        assert visit.page.locator("main img").evaluate("image => image.naturalWidth") > 100
    visit.fill(code=code_of(secret, step_at(clock.now())))
    visit.press()
    visit.follow("/account/language")
    visit.go("/account/security/codes")
    visit.go("/account/security/password")
    visit.go("/account/sign-in/password?next=/account/security")
    visit.fill(password="wrong 1111")
    visit.press()

    visit.go("/account/sign-out")
    visit.press()
    assert visit.path == "/account/signed-out"
    visit.go("/account/sign-in?next=/account/security")
    visit.fill(email=email, password=PASSWORD)
    visit.press()
    visit.fill(code=code_of(secret, step_at(clock.now()) + 1))
    visit.press()
    assert visit.path == "/account/security"

    visit.go("/account/sign-out")
    visit.press()
    visit.go("/account/forgotten-password")
    visit.fill(email=email)
    visit.press()
    link = re.search(r"http\S+/account/new-password/\S+", read_letters(email)[0].body)
    assert link
    visit.go(link[0])
    visit.fill(password="a new horse 8")
    visit.press()
    visit.go(link[0])


def test_an_officer_follows_an_invitation_into_the_team(visit: Visit) -> None:
    council, email = make_council(), EmailAddress(f"{new_id()}@example.com")
    with acting_for(council.id):
        inviter = Inviter(operations.ensure_person(_owner(), now=clock.now()), "Olwen Owner")
        invite(email, frozenset({Role.CASEWORKER}), inviter=inviter, now=clock.now())
        operations.send_invitation(list_invitations().rows[0].id, now=clock.now())
    link = re.search(r"http\S+/account/invitation/\S+", read_letters(email)[0].body)
    assert link
    visit.go(link[0])
    visit.follow("/account/register")
    visit.fill(name="Owen Officer", email=email, password=PASSWORD)
    visit.press()
    visit.fill(code=read_code(email))
    visit.press()
    visit.follow("/account/sign-in/prove-more")
    visit.page.locator("[value=emailed_code]").check()
    visit.press()
    visit.fill(code=read_code(email))
    visit.press()
    with visit.page.expect_navigation():
        visit.page.locator("main button[type=submit]").click()
    with acting_for(council.id):
        person = operations.sign_in(email, PASSWORD, source=SOMEWHERE, now=clock.now()).person
        assert find_membership(person.id)
    visit.go(link[0])


def test_a_browser_that_signed_in_is_still_in_this_house(new_page: NewPage, address: str) -> None:
    email, page = EmailAddress(f"{new_id()}@example.com"), new_page()
    password = operations.read_password(PASSWORD)
    operations.ensure_person(operations.KnownPerson(email, "Mair Evans", password), now=clock.now())
    for wanted in ("/%09//127.0.0.1:9/", "/%5C127.0.0.1:9/", "/%0A/127.0.0.1:9/", "//127.0.0.1:9/"):
        page.goto(f"{address}/account/sign-in?next={wanted}")
        page.locator("[name=email]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        page.wait_for_url(f"{address}/account")
        page.context.clear_cookies()


def test_somebody_who_guesses_is_shown_how_long_to_wait(visit: Visit) -> None:
    email = f"{new_id()}@example.com"
    for _ in range(7):
        visit.page.goto(visit.address + "/account/sign-in")
        visit.fill(email=email, password="not this one 1")
        with visit.page.expect_navigation():
            visit.page.locator("main button[type=submit]").click()
    visit.look()
    assert "15" in visit.page.locator("main").inner_text()


def _owner() -> operations.KnownPerson:
    password = operations.read_password(PASSWORD)
    return operations.KnownPerson(EmailAddress(f"{new_id()}@example.com"), "Olwen Owner", password)
