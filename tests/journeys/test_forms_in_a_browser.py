"""A service manager brings a form with every kind of question, walks through it and puts it online."""

import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import be_known
from tests.journeys.looking import check_page
from tests.journeys.people import go_on

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service
from guildhall.services.forms import operations
from guildhall.services.forms.testing import EVERY_KIND

ANSWERS: dict[str, dict[str, str]] = {
    "story": {"story": "Once upon a time"},
    "club": {"club": "Ramblers"},
    "nino": {"nino": "AB 12 34 56 C"},
    "mail": {"mail": "sian@example.com"},
    "phone": {"phone": "01632 960 001"},
    "sum": {"sum": "12.50"},
    "birthday": {"birthday-day": "1", "birthday-month": "March", "birthday-year": "1980"},
    "whole-name": {"whole-name": "Siân Owen"},
    "names": {"names-title": "Dr", "names-first_name": "Siân", "names-last_name": "Owen"},
    "home": {"home-address1": "1 High Street", "home-town_or_city": "Wrexham", "home-postcode": "LL11 1AY"},
    "abroad": {"abroad-street_address": "1 rue", "abroad-country": "France"},
    "left": {"left": "words", "right": "1"},
}
CHOICES = {
    "one": ["input[value='a']"],
    "other": ["input[value='none_of_the_above']"],
    "several": ["input[value='a']", "input[value='b']"],
    "sure": ["input[value='yes']"],
    "agree": ["input[value='agreed']"],
}


def test_a_form_is_brought_walked_through_and_put_online(
    address: str, council: Council, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page()
    be_known(page, address, {}, session_of_a_service_manager(council))
    page.goto(f"{address}/staff/{council.slug}/forms/upload")
    check_page(page)
    go_on(page)
    expect(page.locator(".govuk-error-summary")).to_contain_text("Select a file")
    check_page(page)
    upload(page, tmp_path, {**EVERY_KIND, "pages": []})
    expect(page.get_by_role("main")).to_contain_text("This must list at least one thing.")
    check_page(page)
    upload(page, tmp_path, EVERY_KIND)
    check_page(page)

    page.get_by_role("button", name="Preview").click()
    check_page(page)
    walk_through(page)
    check_page(page)
    expect(page.get_by_role("main")).to_contain_text("The preview ends here")
    expect(page.get_by_role("button", name="Agree and submit")).to_have_count(0)
    page.get_by_role("link", name="Leave the preview").click()

    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main .govuk-tag")).to_have_text("Online")
    check_page(page)
    page.goto(f"{address}/staff/{council.slug}/forms")
    expect(page.get_by_role("main")).to_contain_text("Every kind")
    check_page(page)


def test_a_resident_answers_every_kind_of_question_without_scripts_in_welsh_on_a_small_phone(
    address: str, council: Council, new_page: NewPage
) -> None:
    put_online(council)
    page = new_page(javascript=False, width=320, language="cy")
    be_known(page, address, {"language": "cy"})
    page.goto(f"{address}/{council.slug}/every-kind")
    walk_through(page, look=check_page)
    go_on(page)
    expect(page.locator(".govuk-panel")).to_contain_text("Mae eich ffurflen wedi’i chyflwyno")
    check_page(page)


def session_of_a_service_manager(council: Council) -> str:
    person, client = make_person(), Client()
    make_officer(council, Role.SERVICE_MANAGER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def put_online(council: Council) -> None:
    new = operations.NewVersion(make_service(council, slug="every-kind").id, EVERY_KIND)
    version = operations.add_version(new, actor=None, now=clock.now())
    operations.publish(version, actor=None, now=clock.now())


def upload(page: Page, folder: Path, document: object) -> None:
    file = folder / "form.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    page.locator("[name='service']").select_option("new")
    page.locator("[name='name']").fill("Every kind")
    page.locator("[name='name_cy']").fill("Pob math")
    page.locator("[name='slug']").fill("every-kind")
    page.locator("[name='file']").set_input_files(file)
    go_on(page)


def walk_through(page: Page, look: Callable[[Page], None] = lambda page: None) -> None:
    """Answer every page, the first time badly, and look at each as it is asked and as it is refused."""
    look(page)
    go_on(page)
    for asked in EVERY_KIND["pages"]:
        name = asked["questions"][0]["id"]
        page.wait_for_url(f"**/page-{name}")
        look(page)
        if asked["questions"][0].get("required", True):
            empty_what_we_know(page, name)
            go_on(page)
            expect(page.locator(".govuk-error-summary")).to_be_visible()
            look(page)
        fill_in(page, name)
        go_on(page)
    page.wait_for_url("**/check-your-answers")
    look(page)


def empty_what_we_know(page: Page, name: str) -> None:
    """Somebody who has signed in finds their email address filled in."""
    if name == "mail":
        page.locator("[name='mail']").fill("")


def fill_in(page: Page, name: str) -> None:
    for box, value in ANSWERS.get(name, {}).items():
        page.locator(f"[name='{box}']").fill(value)
    for choice in CHOICES.get(name, []):
        page.locator(choice).check()
    if name == "other":
        page.locator("[name='other-none_of_the_above_answer']").fill("Something else")
    if name == "many":
        page.locator("[name='many']").select_option("n7")
