"""An officer writes templates, sends a message and sets a service up, in a browser: with axe, without scripts, on a
phone, in Welsh."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import check_page, take_picture

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.operations.templates import Author
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import OFFICER, make_officer, make_service

Visitor = Callable[..., Page]
GAPS = r"\(\([^()]+\)\)"


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council).with_templates()


@pytest.fixture
def at_work(council: Council, address: str, new_page: NewPage, as_owner: Any) -> Visitor:
    """Open a page as an owner of the council, who also runs the installation: ``at_work(width=320)``."""
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, Role.OWNER, person_id=person.id)
    as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)

    def open_page(**visit: Any) -> Page:
        page = new_page(**visit)
        be_known(page, address, visit, client.cookies[settings.SESSION_COOKIE_NAME].value)
        return page

    return open_page


def look(page: Page, picture: str = "") -> None:
    check_page(page, meant=GAPS)
    if picture:
        take_picture(page, picture)


def press(page: Page, *, named: str = "") -> None:
    """Press the green button of the page's form, or the one with a name of its own."""
    button = f"button[name={named}]" if named else "form[novalidate] button:not([name]):not(.govuk-button--secondary)"
    page.locator(f"main {button}").first.click()
    page.wait_for_load_state()


@IN_BOTH_WAYS
def test_an_officer_writes_a_template_in_both_languages(
    council: Council, sender: Sender, address: str, at_work: Visitor, visit: Visit
) -> None:
    page, picture = at_work(**visit), "" if visit else "template"
    templates = f"{address}/staff/{council.slug}/messages/bulky-waste/templates"
    page.goto(templates)
    look(page)
    page.locator(f"a[href='{page.url.replace(address, '')}/folders/add']").click()
    look(page)
    page.locator("#name").fill("Waste")
    press(page)
    look(page)
    page.locator("a[href*='/templates/add?folder=']").click()
    look(page)
    page.locator("input[name=channel][value=email]").check()
    press(page)
    look(page)
    press(page)
    look(page)
    assert page.title().startswith(("Error", "Gwall"))
    page.locator("#name").fill("We come tomorrow")
    page.locator("#subject").fill("Your ((thing))")
    page.locator("#body").fill(
        "# Dear ((name))\n\nWe come tomorrow.\n\n* bring it out\n* by 7am\n\n^ Keep off the road"
    )
    page.locator("#subject_cy").fill("Eich ((thing))")
    page.locator("#body_cy").fill("# Annwyl ((name))\n\nByddwn yn dod yfory.")
    press(page, named="preview")
    look(page, "template-preview" if picture else "")
    assert page.locator(".template-preview[lang=cy] mark.placeholder").count() == 2
    press(page)
    look(page)
    page.locator("main a[href$='/edit']").click()
    page.locator("#body").fill("Dear ((name)), we come on ((day)).")
    press(page)
    look(page)
    expect(page.get_by_role("main")).to_contain_text("((day))")
    press(page, named="confirmed")
    look(page, picture)
    page.locator("main a[href$='/versions']").click()
    look(page)
    page.locator("form.filters button").click()
    page.wait_for_load_state()
    look(page, "template-compared" if picture else "")
    assert page.locator("del").count() and page.locator("ins").count()
    page.locator("main a[href$='/restore']").click()
    look(page)
    page.locator("main form[method=post] button").click()
    page.wait_for_load_state()
    look(page)
    expect(page.get_by_role("main")).to_contain_text("We come tomorrow.")


@IN_BOTH_WAYS
def test_an_officer_moves_copies_and_puts_away_templates(
    council: Council, sender: Sender, address: str, at_work: Visitor, visit: Visit
) -> None:
    make_sender(council, slug="roads").with_templates()
    waste = notify.add_folder("Waste", of=sender.id, parent=None, actor=OFFICER, now=clock.now())
    page = at_work(**visit)
    templates = f"{address}/staff/{council.slug}/messages/bulky-waste/templates"
    page.goto(templates)
    page.locator(f"label[for='template-{sender.text}']").click()
    page.locator("#to").select_option(str(waste.id))
    page.locator(".filters button").last.click()
    page.wait_for_load_state()
    look(page, "" if visit else "templates")
    page.goto(f"{templates}/folders/{waste.id}")
    look(page)
    expect(page.get_by_role("main")).to_contain_text("A text")
    page.goto(f"{templates}?search=text")
    look(page)
    page.goto(f"{templates}/copy")
    look(page)
    page.locator(f"a[href$='/copy/{sender.text}']").click()
    look(page)
    press(page)
    look(page)
    page.locator("main a[href$='/archive']").click()
    look(page)
    page.locator("main form[method=post] button").click()
    page.wait_for_load_state()
    look(page)
    page.goto(f"{templates}/folders/{waste.id}/change")
    look(page)


@IN_BOTH_WAYS
def test_an_officer_sends_one_message_after_checking_it(
    council: Council, sender: Sender, address: str, at_work: Visitor, visit: Visit, settle: Callable[[], None]
) -> None:
    page, picture = at_work(**visit), "" if visit else "message-check"
    page.goto(f"{address}/staff/{council.slug}/messages/bulky-waste/templates/{sender.text}")
    look(page)
    page.locator("main a[href$='/send']").click()
    look(page)
    press(page)
    look(page)
    assert page.title().startswith(("Error", "Gwall"))
    page.locator("#to").fill("07700 900123")
    page.locator("input[name=language][value=cy]").check()
    page.locator("#value-1").fill("Siân")
    press(page)
    look(page, picture)
    expect(page.get_by_role("main")).to_contain_text("Bulky waste: Helo Siân")
    press(page, named="change")
    look(page)
    press(page)
    press(page, named="send")
    look(page)
    expect(page.get_by_role("main")).to_contain_text("Olwen Rhys")
    settle()
    page.goto(page.url)
    look(page, "message-sent" if picture else "")
    expect(page.get_by_role("main")).to_contain_text(re.compile("Delivered|Wedi cyrraedd"))


@IN_BOTH_WAYS
def test_a_service_is_set_up_and_goes_live(
    council: Council, address: str, at_work: Visitor, visit: Visit, settle: Callable[[], None]
) -> None:
    make_service(council, slug="roads", name="Roads")
    make_officer(council, Role.SERVICE_MANAGER)
    page, picture = at_work(**visit), "" if visit else "message-settings"
    page.goto(f"{address}/staff/{council.slug}/messages/add/service")
    look(page)
    press(page)
    look(page, picture and "add-service")
    assert page.title().startswith(("Error", "Gwall"))
    page.goto(f"{address}/staff/{council.slug}/messages")
    look(page)
    page.locator("summary").click()
    page.locator("#service").select_option(index=1)
    page.locator("details form button").click()
    page.wait_for_load_state()
    here = f"{address}/staff/{council.slug}/messages/roads"
    page.goto(f"{here}/settings")
    look(page)
    for name, fields in (
        ("names", {"#sender_name": "Testford roads team"}),
        ("looks", {"#colour": "#1d70b8"}),
        ("keeping", {"#emails": "30"}),
        ("guests", {"#emails": "guest@example.com"}),
        ("text-senders/add", {"#address": "Testford"}),
        ("contact-blocks/add", {"#lines": "The Council\n1 High Street"}),
        ("reply-to/add", {"#address": "roads@testford.example"}),
    ):
        page.goto(f"{here}/settings/{name}")
        look(page)
        for field, typed in fields.items():
            page.locator(field).fill(typed)
        press(page)
        look(page)
    settle()
    read_the_letter(page, address)
    notify.add_template(
        notify_service_id=queries.get_sending_service("roads").id,
        channel=notify.Channel.EMAIL,
        name="x",
        pair=notify.Pair(notify.Words("s", "b")),
        by=Author(None, ""),
        now=clock.now(),
    )
    page.goto(f"{here}/settings")
    look(page, picture)
    page.locator("form[action$='/go-live'] button").click()
    page.wait_for_load_state()
    look(page)
    page.goto(f"{address}/operator/installation/going-live")
    look(page, picture and "going-live")
    page.goto(f"{address}/operator/installation/given-up")
    look(page)
    page.goto(f"{address}/operator/{council.slug}/messages")
    look(page)
    page.locator("main a[href$='/roads']").click()
    look(page)
    page.locator("input[name=mode][value=live]").check()
    press(page)
    look(page)
    assert queries.get_sending_service("roads").sender.is_live


def read_the_letter(page: Page, address: str) -> None:
    """Open the link that was sent to the reply-to address, and say that its mail is read."""
    [letter] = [
        each
        for each in Client().get("/sandbox/inbox?format=json&to=roads@testford.example").json()[:1]
        if "confirm" in each["body"]
    ]
    link = re.search(r"/confirm-reply-to/\S+", letter["body"])
    assert link
    page.goto(f"{address}{link.group()}")
    look(page)
    page.locator("main form button").click()
    page.wait_for_load_state()
    look(page)
