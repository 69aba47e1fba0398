"""Every page of cases and tracking, looked at with a browser and axe: with and without scripts, narrow, in Welsh."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, be_known
from tests.journeys.looking import check_page, look_at, take_picture

from guildhall.design.languages import Text
from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service
from guildhall.services.cases import operations
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.operations import WantedAction
from guildhall.services.cases.testing import new_case, open_case
from guildhall.services.tracking import queries as tracking

RESIDENTS = [
    ("Ffion Jones", "ffion@example.com", "cy"),
    ("Gwen Davies", "gwen.davies.of.the.very.long.address@example-of-a-long-name.org", None),
    ("Huw Evans", "huw@example.net", "en"),
    ("", "nobody@example.com", "en"),
]


@pytest.fixture
def session(council: Council) -> str:
    """The session of a caseworker with a second factor, and a council with cases in several states."""
    person = make_person(name="Olwen Rhys")
    make_officer(council, Role.CASEWORKER, Role.SERVICE_MANAGER, person_id=person.id)
    client, me = Client(), Officer(person.id, frozenset({"caseworker"}))
    sign_in(client, person.id, has_second_factor=True)
    _fill(council, me)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _fill(council: Council, me: Officer) -> None:
    service, now = make_service(council), clock.now() - timedelta(days=9)
    ids = []
    for number, (name, email, language) in enumerate(RESIDENTS):
        new = new_case(
            service.id,
            applicant_name=name,
            applicant_email=email,
            language=language,
            reference=f"CA{number + 2}SE{number + 2}XY",
        )
        ids.append(open_case(new, now=now + timedelta(days=number)))
    monday = Text("We will come on Monday 30 November, between 7am and 3pm.", "Down ddydd Llun 30 Tachwedd.")
    later = now + timedelta(days=5)
    operations.take_action(WantedAction(ids[0], "check", 1, note="Ring first: the gate sticks."), by=me, now=later)
    operations.assign(ids[0], me.person_id, seen_version=2, by=me, now=later)
    operations.write_to_resident(ids[0], Text("", "A yw’r soffas yn wlyb?"), once=new_id(), by=me, now=later)
    operations.take_action(WantedAction(ids[0], "schedule", 3, monday), by=me, now=later)
    operations.take_action(WantedAction(ids[2], "close", 1, Text("It is a piano.")), by=me, now=later)


@IN_BOTH_WAYS
def test_officers_pages_have_no_barriers(council, session, address, new_page: NewPage, visit):
    page = new_page(**visit)
    be_known(page, address, visit, session)
    cases = f"{address}/staff/{council.slug}/cases"
    look_at(page, cases, visit, picture="cases-list")
    look_at(page, f"{cases}?status=all&q=piano", visit)
    look_at(page, f"{cases}/CA2SE2XY?done=message", visit, picture="case")
    look_at(page, f"{cases}/CA3SE3XY/do/schedule", visit, picture="case-action")
    page.locator("button[name=preview]").click()
    check_page(page)
    page.locator("button[type=submit].govuk-button:not([name])").last.click()
    check_page(page)
    assert page.title().startswith(("Error", "Gwall"))
    look_at(page, f"{cases}/CA3SE3XY/write", visit)
    page.locator("#message_en").fill("Is it wet?\nPlease tell us.")
    page.locator("button[name=preview]").click()
    check_page(page)
    take_picture(page, "case-message") if not visit else None


@IN_BOTH_WAYS
def test_residents_pages_of_tracking_have_no_barriers(council, session, address, new_page: NewPage, visit):
    page = new_page(**visit)
    look_at(page, f"{address}/{council.slug}/track", visit, picture="track")
    page.locator("main button").click()
    check_page(page)
    page.locator("#reference").fill("CA2 SE2 XY")
    page.locator("#email").fill("ffion@example.com")
    link = tracking.link_to("CA2SE2XY").removeprefix(settings.BASE_URL)
    look_at(page, f"{address}{link}", visit, picture="timeline")
    look_at(page, f"{address}{link}x", visit)
