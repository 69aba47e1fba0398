"""An officer sends a list: uploads it, mends three rows of a thousand, looks, schedules, watches, takes the report."""

import csv
import io
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, expect
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, Visit, be_known
from tests.journeys.looking import check_page, take_picture
from tests.threads import join

from guildhall.config.database_urls import django_database
from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.operations.lists import send_next
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

ROWS = 1000
SendABlock = Callable[[], None]


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council).with_templates()


@pytest.fixture
def session(council: Council) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, Role.CASEWORKER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def send_a_block(database: dict[str, str]) -> SendABlock:
    """Let the worker send one block of a list."""

    def work() -> None:
        wanted = django_database(database["dispatcher"], pooled=False)
        connections["default"].settings_dict = connections["default"].settings_dict | wanted
        try:
            with acting_for(None):
                assert send_next(now=clock.now()) > 0
        finally:
            connections["default"].close()

    def run() -> None:
        worker = threading.Thread(target=work)
        worker.start()
        join(worker)

    return run


def people(*, mended: bool) -> str:
    """A thousand people of whom three cannot be written to, or can after all."""
    rows = [[f"07912{number:06}", f"Jo {number}"] for number in range(ROWS)]
    if not mended:
        rows[6][0], rows[499][0], rows[998][1] = "07912", "07912 ooo 499", ""
    return "phone number,name\n" + "".join(f"{','.join(row)}\n" for row in rows)


def upload(page: Page, folder: Path, name: str, content: str) -> None:
    file = folder / name
    file.write_text(content)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("main").locator("form[enctype] button").click()
    page.wait_for_load_state()


def test_an_officer_mends_schedules_and_watches_a_list_of_a_thousand(
    council: Council,
    sender: Sender,
    session: str,
    address: str,
    new_page: NewPage,
    tmp_path: Path,
    settle: Callable[[], None],
    send_a_block: SendABlock,
) -> None:
    page = new_page()
    be_known(page, address, {}, session)
    page.goto(f"{address}/staff/{council.slug}/messages/bulky-waste/lists")
    check_page(page)
    page.get_by_role("main").get_by_role("link", name="A text").click()
    check_page(page)
    page.get_by_label("Both, one after the other").check()

    upload(page, tmp_path, "collections.csv", people(mended=False))
    expect(page.locator(".govuk-error-summary")).to_contain_text("3 of 1,000 rows have something to mend")
    wrong = page.locator(".list-rows tbody tr")
    assert [row.locator("th").inner_text() for row in wrong.all()] == ["8", "501", "1000"]
    expect(wrong.nth(0)).to_contain_text("Mobile number is too short")
    expect(wrong.nth(1)).to_contain_text("Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -")
    expect(wrong.nth(2)).to_contain_text("Missing")
    check_page(page)
    take_picture(page, "list-to-mend")
    problems = _downloaded(page, "Download the list with its problems (CSV)")
    assert [row[2:] for row in problems if row[3]][1:] == [
        ["8", "phone number", "Mobile number is too short"],
        ["501", "phone number", "Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -"],
        ["1000", "name", "Missing"],
    ]

    page.get_by_label("Both, one after the other").check()
    upload(page, tmp_path, "collections-mended.csv", people(mended=True))
    expect(page.locator("main")).to_contain_text("All 1,000 rows have been checked, and nothing is wrong.")
    expect(page.locator("section[lang=en], [lang=en]").filter(has_text="Hello Jo 0").last).to_be_visible()
    expect(page.locator("[lang=cy]").filter(has_text="Helo Jo 0").last).to_be_visible()
    expect(page.locator(".list-cost")).to_contain_text("1,000 text messages")
    check_page(page)
    take_picture(page, "list-ready")
    page.get_by_role("link", name="Look at each row").click()
    page.get_by_role("link", name="Row after").click()
    expect(page.locator("[lang=cy]").filter(has_text="Helo Jo 1").last).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Back to the list").click()

    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Send 1,000 text messages")
    expect(page.locator(".list-cost")).to_contain_text("£0.00")
    check_page(page)
    page.get_by_label("Now").check()
    page.get_by_label("Time").fill("9am")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("You chose Now, but filled in when to send it later")
    check_page(page)
    page.get_by_label("Later").check()
    page.get_by_label("Day").select_option((clock.london_day(clock.now()) + timedelta(days=1)).isoformat())
    page.get_by_label("Time").fill("9:30 am")
    take_picture(page, "list-start")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Check before you schedule 1,000 text messages")
    check_page(page)
    take_picture(page, "list-confirm")
    page.get_by_role("button", name=re.compile("^Schedule for .* at 9:30am$")).click()
    expect(page.locator(".govuk-inset-text")).to_contain_text("9:30am, confirmed by Olwen Rhys")
    check_page(page)
    page.get_by_role("button", name="Cancel this list").click()
    expect(page.locator("h1")).to_have_text("Do you want to cancel this list?")
    check_page(page)
    take_picture(page, "list-cancel")
    page.get_by_role("link", name="Keep the list").click()
    expect(page.locator(".govuk-inset-text")).to_contain_text("9:30am, confirmed by Olwen Rhys")

    _let_the_time_come(council)
    send_a_block()
    expect(page.locator("[data-progress-words]")).to_have_text("500 of 1,000 rows are done")
    expect(page.locator("progress")).to_have_js_property("value", 500)
    check_page(page)
    take_picture(page, "list-progress")
    settle()
    expect(page.locator("h1")).to_contain_text("Sent")
    page.reload()
    expect(page.locator("main")).to_contain_text("Delivered")
    check_page(page)
    report = _downloaded(page, "Download the report (CSV)")
    assert len(report) == 1 + ROWS
    assert report[0] == ["Row", "phone number", "name", "Status", "Sent", "Finished"]
    assert [row[:4] for row in (report[1], report[-1])] == [
        ["2", "07912000000", "Jo 0", "Delivered"],
        ["1001", "07912000999", "Jo 999", "Delivered"],
    ]


@IN_BOTH_WAYS
def test_every_page_of_a_list_has_no_barriers(
    council: Council,
    sender: Sender,
    session: str,
    address: str,
    new_page: NewPage,
    tmp_path: Path,
    settle: Callable[[], None],
    visit: Visit,
) -> None:
    page = new_page(**visit)
    be_known(page, address, visit, session)
    lists = f"{address}/staff/{council.slug}/messages/bulky-waste/lists"
    page.goto(f"{lists}/upload/{sender.email}")
    check_page(page)
    upload(page, tmp_path, "none.csv", "name\nJo\n")
    check_page(page)
    upload(page, tmp_path, "wrong.csv", "email address,name,thing\nnobody,Jo,sofa\n,,\na@example.com,,x\n")
    check_page(page)
    twice = "jo@example.com,Jo,sofa,cy\njo@example.com,Jo,sofa,cy,more\n"
    upload(page, tmp_path, "right.csv", f"email address,name,thing,iaith\n{twice}")
    expect(page.locator("#noticed")).to_be_visible()
    check_page(page)
    here = page.url
    page.goto(f"{here}/rows/2")
    check_page(page)
    page.goto(f"{here}/start")
    check_page(page)
    page.locator("input[value=later]").check()
    page.locator("form[novalidate] .govuk-button").click()
    check_page(page)
    assert page.title().startswith(("Error", "Gwall"))
    page.locator("input[value=now]").check()
    page.locator("form[novalidate] .govuk-button").click()
    check_page(page)
    page.locator("form[novalidate] .govuk-button").first.click()
    check_page(page)
    page.goto(f"{here}/cancel")
    check_page(page)
    page.goto(lists)  # the list's own page would go to its new state by itself
    check_page(page)
    settle()
    page.goto(f"{here}?done=too-late")
    check_page(page)
    page.goto(f"{lists}/upload/{sender.email}")
    upload(page, tmp_path, "taken back.csv", "email address,name,thing\njo@example.com,Jo,sofa\n")
    page.goto(f"{page.url}/cancel")
    page.locator("main form .govuk-button").click()
    check_page(page)


def _downloaded(page: Page, link: str) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))


def _let_the_time_come(council: Council) -> None:
    with acting_for(council.id), transaction():
        assert models.UploadedList.objects.filter(state="scheduled").update(scheduled_for=clock.now()) == 1
