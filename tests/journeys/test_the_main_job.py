"""The main job: a resident gets a real council service, from "find my council" to "it is done", and an officer does it.

Walked three times: as most people do, without scripts, and in Welsh on a small phone. Every page on the way is held to
what every page promises (``looking.check_page``), for the resident and for the officer.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import NewPage, Site
from tests.journeys.looking import check_page, check_page_on_both_screens, take_picture
from tests.journeys.people import Officer, go_on, sign_in
from tests.journeys.walking import walk_every_page

from guildhall.kernel import clock

DECLINED, ACCEPTED = "4000 0000 0000 0002", "4242 4242 4242 4242"
PICKED_DAY = clock.london_day(clock.now()) + timedelta(days=10)


@dataclass(frozen=True)
class Way:
    """How somebody walks the journey."""

    name: str
    javascript: bool = True
    width: int = 1280
    language: str = "en"

    def say(self, english: str, welsh: str) -> str:
        return welsh if self.language == "cy" else english

    @property
    def email(self) -> str:
        return f"{self.name}@resident.example"


WAYS = [
    Way("as-most-people-do"),
    Way("without-scripts", javascript=False),
    Way("in-welsh-on-a-small-phone", width=320, language="cy"),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_resident_gets_a_service_from_finding_the_council_to_it_being_done(
    way: Way, site: Site, new_page: NewPage, officer: Officer
) -> None:
    resident = new_page(javascript=way.javascript, width=way.width, language=way.language)
    at_work = officer.new_page(javascript=way.javascript, width=way.width, language=way.language)
    speak(at_work, site, way)
    used_before = usage(at_work, site)

    find_a_real_council(resident, site, way)
    find_the_sandbox_council(resident, site, way)
    answer_the_questions(resident, way)
    correct_an_answer(resident, way)
    reference = pay(resident, way)

    receipt = site.wait_for_mail(way.email, reference)
    assert way.say("We have received what you sent us.", "Rydym wedi cael yr hyn a anfonoch atom.") in receipt["body"]

    do_the_work(at_work, site, reference, way)
    for words in (
        way.say("We are checking that we can take your items.", "Rydym yn gwirio a allwn gymryd eich eitemau."),
        way.say("We have booked your collection.", "Rydym wedi trefnu eich casgliad."),
        "soffa" if way.language == "cy" else "sofa",
    ):
        site.wait_for_mail(way.email, words)
    assert len(site.inbox(way.email)) == 4

    follow_the_case(resident, receipt["body"], reference, way)
    used = usage(at_work, site)
    if way.name == "as-most-people-do":
        take_picture(at_work, "usage")
    assert (used[0] - used_before[0], used[1] - used_before[1]) == (4, 1)


def find_a_real_council(page: Page, site: Site, way: Way) -> None:
    page.goto(f"{site.base_url}/")
    check_page(page)
    if way.name == "as-most-people-do":
        take_picture(page, "find-your-council")
    page.locator("#where").fill(way.say("Anglesey", "Ynys Môn"))
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text(way.say("is not on Guildhall yet", "ar Guildhall eto"))
    check_page(page)


def find_the_sandbox_council(page: Page, site: Site, way: Way) -> None:
    page.goto(f"{site.base_url}/")
    page.locator("#where").fill("zz1 1ab")
    go_on(page)
    check_page(page)
    page.locator(f"main a[href='/{site.council}']").click()
    check_page(page)
    if way.name == "as-most-people-do":
        take_picture(page, "council")
    page.get_by_role("link", name=way.say("Bulky waste collection", "Casglu gwastraff swmpus")).click()
    check_page(page)
    go_on(page)


def answer_the_questions(page: Page, way: Way) -> None:
    check_page(page)
    page.locator("input[name='is-from-a-home'][value='yes']").check()
    go_on(page)
    check_page(page)
    page.locator("input[name='kinds-of-items'][value='furniture']").check()
    page.locator("input[name='kinds-of-items'][value='cold']").check()
    go_on(page)
    check_page(page)
    page.locator("input[type='checkbox']").first.check()
    go_on(page)
    refuse_a_number(page, way)
    page.locator("[name='number-of-items']").fill("2")
    go_on(page)
    check_page(page)
    page.locator("[name='description']").fill("Brown sofa, small fridge")
    go_on(page)
    check_page(page)
    page.locator("input[name='gets-a-benefit'][value='no']").check()
    go_on(page)
    check_page(page)
    fill_parts(page, "address", {"address1": "1 Invented Lane", "town_or_city": "Sandford", "postcode": "cf103nd"})
    go_on(page)
    check_page(page)
    day = {"day": PICKED_DAY.day, "month": PICKED_DAY.month, "year": PICKED_DAY.year}
    fill_parts(page, "preferred-day", {name: str(number) for name, number in day.items()})
    go_on(page)
    check_page(page)
    page.locator("[name='name']").fill("Gwen Powell")
    go_on(page)
    check_page(page)
    page.locator("[name='email']").fill(way.email)
    go_on(page)
    check_page(page)
    go_on(page)


def refuse_a_number(page: Page, way: Way) -> None:
    check_page(page)
    page.locator("[name='number-of-items']").fill("lots")
    go_on(page)
    expect(page).to_have_title(re.compile(way.say("^Error: ", "^Gwall: ")))
    check_page(page)
    assert page.locator("[name='number-of-items']").input_value() == "lots"
    if way.name == "as-most-people-do":
        take_picture(page, "question-refused")


def fill_parts(page: Page, name: str, parts: dict[str, str]) -> None:
    for part, value in parts.items():
        page.locator(f"[name='{name}-{part}']").fill(value)


def correct_an_answer(page: Page, way: Way) -> None:
    check_page(page)
    expect(page.get_by_role("main")).to_contain_text("£24.00")
    page.locator("main a[href*='how-many-items']").click()
    check_page(page)
    assert page.locator("[name='number-of-items']").input_value() == "2"
    page.locator("[name='number-of-items']").fill("3")
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("£36.00")
    check_page(page)
    if way.name == "as-most-people-do":
        take_picture(page, "check-your-answers")
    go_on(page)


def pay(page: Page, way: Way) -> str:
    """Have one card declined, pay with another, and return the reference."""
    pay_with(page, DECLINED, way)
    check_page(page)
    leave_the_payment_pages(page)
    check_page(page)
    go_on(page)
    pay_with(page, ACCEPTED, way)
    check_page(page)
    go_on(page)
    expect(page.locator(".govuk-panel")).to_be_visible()
    check_page(page)
    if way.name == "as-most-people-do":
        take_picture(page, "reference")
    return read_reference(page)


def read_reference(page: Page) -> str:
    found = re.search(r"\b[A-Z0-9]{8}\b", page.locator(".govuk-panel__body").inner_text())
    assert found, page.locator(".govuk-panel__body").inner_text()
    return found[0]


def pay_with(page: Page, card: str, way: Way) -> None:
    check_page(page)
    year = PICKED_DAY.year + 2
    for box, value in {
        "card-no": card,
        "expiry-month": "11",
        "expiry-year": str(year % 100),
        "cardholder-name": "Gwen Powell",
        "cvc": "123",
        "address-line-1": "1 Invented Lane",
        "address-city": "Sandford",
        "address-postcode": "CF10 3ND",
    }.items():
        page.locator(f"#{box}").fill(value)
    page.locator("#address-country").select_option("GB")
    if way.name == "as-most-people-do" and card == ACCEPTED:
        take_picture(page, "card-details")
    page.locator("#submit-card-details").click()


def leave_the_payment_pages(page: Page) -> None:
    page.locator("#return-url").click()


def speak(page: Page, site: Site, way: Way) -> None:
    """As an officer whose account says English, choose the language of this walk."""
    page.goto(f"{site.base_url}/staff/{site.council}")
    if way.language == "cy":
        page.get_by_role("link", name="Cymraeg").click()
        assert page.url.endswith(f"/staff/{site.council}")
    check_page(page)


def do_the_work(page: Page, site: Site, reference: str, way: Way) -> None:
    """As an officer: find the case, check it, book the collection, write to the resident."""
    page.goto(f"{site.base_url}/staff/{site.council}/cases")
    check_page(page)
    if way.name == "as-most-people-do":
        take_picture(page, "cases")
    page.locator("#q").fill(reference)
    page.locator("form.filters button").click()
    page.get_by_role("main").get_by_role("link", name=reference).click()
    check_page(page)
    act(page, way.say("Start checking", "Dechrau gwirio"), note="")
    act(page, way.say("Book the collection", "Trefnu’r casgliad"), note="3 December")
    if way.name == "as-most-people-do":
        take_picture(page, "case")
    page.get_by_role("button", name=way.say("Write to the resident", "Ysgrifennu at y preswylydd")).click()
    check_page(page)
    for box in page.locator("main textarea").all():
        language = "cy" if (box.get_attribute("name") or "").endswith("cy") else "en"
        box.fill("Rhowch y soffa wrth y giât." if language == "cy" else "Put the sofa by the gate.")
    go_on(page)
    check_page(page)


def act(page: Page, name: str, *, note: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    check_page(page)
    for box in page.locator("main textarea").all() if note else []:
        box.fill(note)
    go_on(page)
    check_page(page)


def follow_the_case(page: Page, receipt: str, reference: str, way: Way) -> None:
    link = re.search(r"http\S+/track/\S+", receipt)
    assert link, receipt
    page.goto(link[0])
    check_page(page)
    expect(page.get_by_role("main")).to_contain_text(reference)
    steps = page.locator(".timeline__item")
    expect(steps).to_have_count(4)
    expect(page.get_by_role("main")).to_contain_text(
        way.say("We have booked your collection.", "Rydym wedi trefnu eich")
    )
    if way.name == "as-most-people-do":
        take_picture(page, "timeline")


def usage(page: Page, site: Site) -> tuple[int, int]:
    """Return how many emails and payments the usage page shows so far."""
    page.goto(f"{site.base_url}/staff/{site.council}/usage")
    check_page(page)
    return figure(page, "emails"), figure(page, "payments")


def figure(page: Page, meter: str) -> int:
    return int(page.locator(f".usage-{meter}").inner_text().replace(",", ""))


# A service without a fee, for somebody who has signed in


def test_a_resident_who_has_signed_in_asks_for_a_grant_and_finds_it_in_their_account(
    site: Site, new_page: NewPage
) -> None:
    person = site.sandbox["identity"]["resident"]
    page = new_page()
    sign_in(page, site.base_url, person)
    page.goto(f"{site.base_url}/{site.council}/community-grant")
    check_page(page)
    go_on(page)
    while not page.url.endswith("/check-your-answers"):
        before = page.url
        check_page(page)
        fill_in_anything(page, person["email"])
        go_on(page)
        assert page.url != before, page.locator("main").inner_text()
    check_page(page)
    go_on(page)
    check_page(page)
    reference = read_reference(page)
    site.wait_for_mail(person["email"], reference)

    page.goto(f"{site.base_url}/account")
    check_page(page)
    page.get_by_role("main").get_by_role("link", name=re.compile(reference)).click()
    expect(page.get_by_role("main")).to_contain_text("We have received what you sent us.")
    check_page(page)


def fill_in_anything(page: Page, email: str) -> None:
    """Give some answer to each question of a page: the first option, a number, a sentence."""
    form = page.locator("main form").first
    for name in form.locator("input[type='radio']").evaluate_all("all => [...new Set(all.map(one => one.name))]"):
        form.locator(f"input[type='radio'][name='{name}']").first.check()
    if form.locator("input[type='checkbox']").count():
        form.locator("input[type='checkbox']").first.check()
    for box in form.locator("textarea, input[type='text'], input[type='email'], input[type='tel']").all():
        if box.is_visible() and not box.input_value():
            box.fill(something_for(box.get_attribute("type") or "", box.get_attribute("inputmode") or "", email))


def something_for(kind: str, mode: str, email: str) -> str:
    if kind == "email":
        return email
    return "15" if mode in ("numeric", "decimal") or kind == "tel" else "A village hall"


def test_an_officer_is_warned_before_their_session_ends_and_can_stay(site: Site, officer: Officer) -> None:
    page = officer.new_page()
    page.clock.install()
    page.goto(f"{site.base_url}/staff/{site.council}/cases")
    warning = page.get_by_role("dialog")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("58:30")
    expect(warning).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    page.clock.fast_forward("50:00")
    expect(warning).to_be_hidden()


# Every other page


def test_every_page_that_an_officer_can_open_is_for_everybody(site: Site, officer: Officer) -> None:
    staff = f"{site.base_url}/staff/{site.council}"
    seen = walk_every_page(officer.new_page(), [staff], within=staff, look=check_page_on_both_screens)
    sections = ("cases", "cases/*", "messages/*/sent/*", "forms", "usage", "team", "keys")
    assert {f"/staff/{site.council}/{section}" for section in sections} <= seen


@pytest.mark.parametrize("way", [WAYS[0], WAYS[2]], ids=lambda way: way.name)
def test_every_page_that_a_visitor_can_open_is_for_everybody(way: Way, site: Site, new_page: NewPage) -> None:
    page = new_page(width=way.width, language=way.language)
    starts = [f"{site.base_url}{path}" for path in ("/", f"/{site.council}", "/isle-of-anglesey", "/sandbox/inbox")]
    seen = walk_every_page(page, starts, within=site.base_url, look=check_page)
    assert {"/account/sign-in", "/account/register", f"/{site.council}/track"} <= seen
