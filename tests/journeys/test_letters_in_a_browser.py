"""Letters, with a browser and axe: written, looked at as they are printed, sent, cancelled; in each way of reading."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from tests.journeys.conftest import NewPage
from tests.journeys.in_process import IN_BOTH_WAYS, be_known
from tests.journeys.looking import check_page

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import TemplateId
from guildhall.notify.domain.template import Choices, LetterLanguage, Pair, Words
from guildhall.notify.testing import AUTHOR, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

PICTURES = os.environ.get("LETTER_PICTURES", "")


@pytest.fixture
def template(council: Council) -> TemplateId:
    sender = make_sender(council).with_templates()
    with acting_for(council.id):
        return notify.add_template(
            notify_service_id=sender.id,
            channel=Channel.LETTER,
            name="Your council tax",
            pair=Pair(
                Words(
                    "Your council tax ((year))",
                    "Dear ((name)),\n\n* pay by card\n* pay by bank\n\nQR: https://x.example",
                ),
                Words("Eich treth gyngor ((year))", "Annwyl ((name)),\n\n* talu â cherdyn\n* talu drwy’r banc"),
            ),
            by=AUTHOR,
            now=clock.now(),
            choices=Choices(letter_language=LetterLanguage.WELSH_THEN_ENGLISH),
        ).id


@pytest.fixture
def session(council: Council) -> str:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, Role.SERVICE_MANAGER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def look(page: Page, name: str, visit: dict[str, Any]) -> None:
    check_page(page, language=visit.get("language", "en"), meant=r"\(\(\w+\)\)|None")  # None: no sender's address
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@IN_BOTH_WAYS
def test_an_officer_writes_looks_sends_and_cancels_a_letter(
    council: Council, template: TemplateId, session: str, address: str, new_page: NewPage, visit: dict[str, Any]
) -> None:
    page, name = new_page(**visit), "-".join(map(str, visit.values()))
    be_known(page, address, visit, session)
    here = f"{address}/staff/{council.slug}/messages/bulky-waste"
    page.goto(f"{here}/templates/{template}")
    look(page, f"template-{name}", visit)
    page.goto(f"{here}/templates/{template}/write-letter")
    page.locator("form[method=post] button").last.click()
    look(page, f"refused-{name}", visit)
    page.locator("#address").fill("Mx Gwen Davies\n1 High Street\nTestford\nSW1A 1AA")
    for field in page.locator("textarea[name^=value-]").all():
        field.fill("2026")
    page.locator("form[method=post] button").last.click()
    look(page, f"check-{name}", visit)
    page.locator("button[name=send]").click()
    look(page, f"sent-{name}", visit)
    page.goto(f"{here}/letters")
    look(page, f"letters-{name}", visit)
    assert page.locator(".govuk-error-summary").count() == 0
    page.locator("form[action$=cancel] button").click()
    look(page, f"cancelled-{name}", visit)
    page.goto(f"{here}/letters/report")
    look(page, f"report-{name}", visit)
