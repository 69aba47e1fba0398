"""Paying, with a browser and axe: with and without scripts, narrow, in Welsh; and back at a service on another site."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
from guildhall.kernel.ids import ServiceId, new_id
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import record_use
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer, make_service
from guildhall.pay import operations, queries
from guildhall.pay.domain.ids import PayAccountId, PaymentId, public_id
from guildhall.pay.testing import (
    DECLINED_CARD,
    GOOD_CARD,
    UnreliableProvider,
    pay,
    provider,
    wanted_payment,
)


@pytest.fixture(scope="module")
def service_address() -> Iterator[str]:
    """A service of somebody else's, to which payers come back."""

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><html lang=en><title>Service</title><h1>Back at the service</h1>")

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/done"
    server.shutdown()


@pytest.fixture
def account(council: Council) -> PayAccountId:
    return operations.ensure_pay_account(make_service(council).id, "Bulky waste collection")


def ask_for_money(account: PayAccountId, return_url: str, visit: Visit) -> tuple[PaymentId, str]:
    wanted = wanted_payment(return_url=return_url, language=visit.get("language", "en"))
    created = operations.create_payment(wanted, account=account, now=clock.now())
    return created.payment_id, created.next_url


def fill(page: Page, number: str) -> None:
    typed = {
        "card-no": number,
        "expiry-month": "12",
        "expiry-year": str(clock.now().year + 1),
        "cardholder-name": "Olwen Ap Rhys",
        "cvc": "123",
        "address-line-1": "1 High Street",
        "address-city": "Testford",
        "address-postcode": "TE1 1ST",
    }
    for box, text in typed.items():
        page.locator(f"#{box}").fill(text)
    page.locator("#submit-card-details").click()


@IN_BOTH_WAYS
def test_a_resident_pays_and_comes_back_to_the_service(
    account: PayAccountId, address: str, service_address: str, new_page: NewPage, visit: Visit
) -> None:
    payment_id, next_url = ask_for_money(account, service_address, visit)
    page = new_page(**visit)
    page.goto(next_url)
    look(page, "card-details", visit)
    page.locator("#submit-card-details").click()
    look(page, "card-details-wrong", visit)
    assert page.title().startswith(("Error", "Gwall"))
    fill(page, GOOD_CARD)
    look(page, "confirm-payment", visit)
    page.locator("#confirm").click()
    expect(page.get_by_role("heading", name="Back at the service")).to_be_visible()
    assert page.url == service_address
    assert queries.get_payment(payment_id).status == "success"
    page.goto(f"{address}/card_details/{public_id(payment_id)}")
    look(page, "", visit)


@IN_BOTH_WAYS
def test_a_resident_whose_card_is_declined_is_led_back(
    account: PayAccountId, address: str, service_address: str, new_page: NewPage, visit: Visit
) -> None:
    payment_id, next_url = ask_for_money(account, service_address, visit)
    page = new_page(**visit)
    page.goto(next_url)
    fill(page, DECLINED_CARD)
    look(page, "declined", visit)
    page.locator("#return-url").click()
    assert page.url == service_address
    assert queries.get_payment(payment_id).code == "P0010"


@IN_BOTH_WAYS
def test_a_resident_may_cancel_or_wait_or_find_the_page_used(
    account: PayAccountId, address: str, service_address: str, new_page: NewPage, visit: Visit
) -> None:
    page = new_page(**visit)
    _, next_url = ask_for_money(account, service_address, visit)
    page.goto(next_url)
    page.locator("#cancel-payment").click()
    look(page, "", visit)
    with provider(UnreliableProvider(loses_answers=True)):
        page.goto(ask_for_money(account, service_address, visit)[1])
        fill(page, GOOD_CARD)
    look(page, "", visit)
    page.locator("#check-again").click()
    look(page, "", visit)
    stranger = new_page(**visit)
    stranger.goto(next_url)
    look(stranger, "", visit)


@IN_BOTH_WAYS
def test_officers_pages_of_money_have_no_barriers(
    council: Council, account: PayAccountId, address: str, new_page: NewPage, visit: Visit
) -> None:
    pay(account, now=clock.now(), reference="CA2SE2XY")
    pay(account, now=clock.now(), reference="CA3SE3XY", number=DECLINED_CARD)
    created = operations.create_payment(wanted_payment(reference="CA4SE4XY"), account=account, now=clock.now())
    send_messages(queries.get_payment(created.payment_id).account.service_id)
    page = new_page(**visit)
    be_known(page, address, visit, session_of(council))
    for name in ("payments", "usage"):
        page.goto(f"{address}/staff/{council.slug}/{name}")
        look(page, f"staff-{name}", visit)


@transaction
def send_messages(service_id: ServiceId) -> None:
    for meter, quantity in ((Meter.SMS_FRAGMENTS, 10_500), (Meter.EMAILS, 4)):
        record_use(
            source="test", event_id=str(new_id()), meter=meter, quantity=quantity, service_id=service_id, at=clock.now()
        )


def session_of(council: Council) -> str:
    person, client = make_person(name="Olwen Ap Rhys"), Client()
    make_officer(council, Role.FINANCE_VIEWER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def look(page: Page, name: str, visit: Visit) -> None:
    check_page(page)
    if name and not visit:
        take_picture(page, name)
