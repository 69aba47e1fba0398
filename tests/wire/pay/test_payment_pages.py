"""The payment pages, as a payer's browser sees them without JavaScript.

Contract: pay.md 10 and 16. Upstream: alphagov/pay-frontend (addresses, element ids, labels) at 0f14c7e.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from tests.wire.pay.clients import PayClient

from guildhall.kernel import clock
from guildhall.kernel.networks import Network
from guildhall.kernel.transactions import reading
from guildhall.kernel.tries import take_tries
from guildhall.organisations.queries import Council
from guildhall.pay import operations
from guildhall.pay.operations.paying import CARDS_FROM_A_NETWORK, cards_from
from guildhall.pay.pages.remembered import OPENED
from guildhall.pay.testing import UnreliableProvider, provider

CARD = {
    "card-no": "4242 4242 4242 4242",
    "expiry-month": "12",
    "expiry-year": str(clock.now().year + 1),
    "cardholder-name": "Olwen Ap Rhys",
    "cvc": "737",
    "address-country": "GB",
    "address-line-1": "1 High Street",
    "address-city": "Testford",
    "address-postcode": "TE1 1ST",
    "email": "olwen@example.com",
}


class Payer:
    """A browser at the payment pages."""

    def __init__(self, created: dict[str, Any], client: Client | None = None) -> None:
        self.id = created["payment_id"]
        self.next_url = urlsplit(created["_links"]["next_url"]["href"]).path
        self.browser = client or Client()

    def open(self) -> HttpResponse:
        return self.browser.get(self.next_url)

    def get(self, page: str = "") -> HttpResponse:
        return self.browser.get(f"/card_details/{self.id}{page}")

    def post(self, page: str = "", **typed: str) -> HttpResponse:
        return self.browser.post(f"/card_details/{self.id}{page}", typed)

    def enter(self, **changes: str) -> HttpResponse:
        return self.post("", **{**CARD, **changes})


@pytest.fixture
def payer(pay_client: PayClient) -> Payer:
    payer = Payer(pay_client.create().json())
    payer.open()
    return payer


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def status_of(pay_client: PayClient, payer: Payer) -> dict[str, Any]:
    return pay_client.get(f"/v1/payments/{payer.id}").json()["state"]


def test_a_payment_created_over_the_wire_is_paid_through_the_page_at_its_next_url(pay_client: PayClient) -> None:
    payer = Payer(pay_client.create().json())
    opened = payer.open()
    assert (opened.status_code, opened["Location"]) == (303, f"/card_details/{payer.id}")
    entered = payer.enter()
    assert (entered.status_code, entered["Location"]) == (303, f"/card_details/{payer.id}/confirm")
    confirmed = payer.post("/confirm")
    assert (confirmed.status_code, confirmed["Location"]) == (303, "https://service.example/return")
    assert status_of(pay_client, payer) == {"status": "success", "finished": True}


def test_a_service_may_open_the_page_with_a_form(pay_client: PayClient) -> None:
    created = pay_client.create().json()
    link = created["_links"]["next_url_post"]
    browser = Client(enforce_csrf_checks=True)
    opened = browser.post(urlsplit(link["href"]).path, link["params"])
    assert (opened.status_code, opened["Location"]) == (303, f"/card_details/{created['payment_id']}")
    assert browser.get(opened["Location"]).status_code == 200


def test_the_address_of_a_page_works_once_and_in_one_browser(payer: Payer) -> None:
    again = payer.open()
    assert (again.status_code, again["Location"]) == (303, f"/card_details/{payer.id}")
    for stranger in (Client().get(payer.next_url), Client().get(f"/card_details/{payer.id}")):
        assert stranger.status_code == 403
        assert "This payment page cannot be shown" in text_of(stranger)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "/confirm", "/cancel", "/auth_waiting", "/capture_waiting"])
def test_no_page_of_a_payment_opens_in_a_browser_that_has_not_opened_it(payer: Payer, page: str, method: str) -> None:
    answer = getattr(Client(), method)(f"/card_details/{payer.id}{page}")
    assert answer.status_code in (403, 405)
    assert Client().get(f"/return/{payer.id}").status_code == 403


def test_an_invented_token_or_a_look_ahead_opens_nothing(pay_client: PayClient) -> None:
    assert Client().get("/secure/invented").status_code == 403
    assert Client().post("/secure").status_code == 403
    created = pay_client.create().json()
    assert Client().head(urlsplit(created["_links"]["next_url"]["href"]).path).status_code == 405
    assert Payer(created).open().status_code == 303


def test_the_cookie_is_sealed_and_kept_from_scripts(payer: Payer) -> None:
    cookie = payer.browser.cookies[OPENED.cookie.full_name]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert payer.id not in cookie.value
    payer.browser.cookies[OPENED.cookie.full_name] = cookie.value[:-2] + "AA"
    assert payer.get().status_code == 403


def test_a_browser_remembers_ten_payments(pay_client: PayClient) -> None:
    browser = Client()
    payers = [Payer(pay_client.create().json(), browser) for _ in range(11)]
    for payer in payers:
        assert payer.open().status_code == 303
    assert [payer.get().status_code for payer in payers] == [403] + [200] * 10


def test_the_card_page_has_the_boxes_that_browser_tests_of_services_look_for(payer: Payer) -> None:
    page = text_of(payer.get())
    for box in [*CARD, "address-line-2", "submit-card-details", "cancel-payment"]:
        assert f'id="{box}"' in page, box
    assert "<title>Enter card details" in page
    assert re.search(r'id="card-details-wrap">\s*<form id="card-details"', page)
    assert "charge-new__content" in page
    assert "£25.00" in page
    assert "Bulky waste collection" in page


def test_the_confirm_page_has_its_form_and_shows_four_digits(payer: Payer) -> None:
    payer.enter()
    page = text_of(payer.get("/confirm"))
    assert '<form id="confirmation"' in page
    assert re.search(r'<button[^>]*id="confirm"', page)
    assert "4242" in page
    assert "424242" not in page
    assert not re.search(r"\b737\b", page)  # as a word: ids and tokens may hold any digits


def test_the_confirm_page_lets_its_form_end_at_the_service_and_nothing_else(payer: Payer) -> None:
    payer.enter()
    policy = payer.get("/confirm")["Content-Security-Policy"]
    assert "form-action 'self' https://service.example;" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("page", ["", "/confirm"])
def test_no_page_says_anything_inline(payer: Payer, page: str) -> None:
    if page:
        payer.enter()
    text = text_of(payer.get(page))
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<[^>]+\s(style|on\w+)=", text)
    assert "&lt;" not in text  # no markup shows as text


def test_whoever_tries_cards_out_is_told_to_wait_and_the_payment_can_be_paid_later(payer: Payer) -> None:
    for _ in range(CARDS_FROM_A_NETWORK.tries):
        take_tries(cards_from(Network("127.0.0.1")), now=clock.now())
    refused = payer.enter()
    assert refused.status_code == 429
    assert "Too many attempts from your internet connection" in text_of(refused)
    assert payer.get().status_code == 200


def test_a_declined_card_ends_the_payment_with_a_way_back(pay_client: PayClient, payer: Payer) -> None:
    entered = payer.enter(**{"card-no": "4000000000000002"})
    assert entered["Location"] == f"/card_details/{payer.id}"
    page = text_of(payer.get())
    assert "Your payment has been declined" in page
    assert f'href="/return/{payer.id}"' in page
    back = payer.browser.get(f"/return/{payer.id}")
    assert (back.status_code, back["Location"]) == (303, "https://service.example/return")
    assert status_of(pay_client, payer)["code"] == "P0010"


def test_a_fault_of_the_provider_ends_the_payment_with_a_way_back(pay_client: PayClient, payer: Payer) -> None:
    payer.enter(**{"card-no": "4000000000000119"})
    assert "There was a problem with the payment" in text_of(payer.get())
    assert status_of(pay_client, payer)["code"] == "P0050"


@pytest.mark.parametrize("after_card", [False, True])
def test_the_payer_may_cancel(pay_client: PayClient, payer: Payer, after_card: bool) -> None:
    if after_card:
        payer.enter()
    cancelled = payer.post("/cancel")
    assert cancelled["Location"] == f"/card_details/{payer.id}"
    assert "Your payment has been cancelled" in text_of(payer.get())
    assert status_of(pay_client, payer)["code"] == "P0030"


def test_cancelling_what_is_paid_changes_nothing_and_says_so(pay_client: PayClient, payer: Payer) -> None:
    payer.enter()
    payer.post("/confirm")
    payer.post("/cancel")
    assert "Your payment was successful" in text_of(payer.get())
    assert status_of(pay_client, payer)["status"] == "success"


def test_confirming_twice_leads_back_to_the_service_both_times(payer: Payer) -> None:
    payer.enter()
    assert {payer.post("/confirm")["Location"] for _ in range(2)} == {"https://service.example/return"}


def test_a_page_out_of_turn_leads_to_the_page_whose_turn_it_is(payer: Payer) -> None:
    assert payer.get("/confirm")["Location"] == f"/card_details/{payer.id}"
    assert payer.get("/auth_waiting")["Location"] == f"/card_details/{payer.id}"
    payer.enter()
    assert payer.get()["Location"] == f"/card_details/{payer.id}/confirm"
    assert payer.enter()["Location"] == f"/card_details/{payer.id}/confirm"
    payer.post("/confirm")
    for page in ("", "/confirm", "/auth_waiting", "/capture_waiting"):
        assert "Your payment was successful" in text_of(payer.get(page))


def test_a_payment_cancelled_by_its_service_says_so(pay_client: PayClient, payer: Payer) -> None:
    pay_client.post(f"/v1/payments/{payer.id}/cancel")
    payer.enter()
    assert "The service has cancelled your payment" in text_of(payer.get())


def test_while_the_provider_does_not_answer_the_payer_can_look_again(payer: Payer) -> None:
    with provider(UnreliableProvider(loses_answers=True)):
        entered = payer.enter()
    assert entered["Location"] == f"/card_details/{payer.id}/auth_waiting"
    page = text_of(payer.get("/auth_waiting"))
    assert "We are checking your payment" in page
    assert 'id="check-again"' in page


def test_what_is_wrong_is_said_above_the_page_and_beside_the_box(payer: Payer) -> None:
    page = text_of(payer.enter(**{"card-no": "", "expiry-month": "13", "email": "olwen"}))
    assert "<title>Error: Enter card details" in page
    for box, words in {
        "card-no": "Enter a valid card number",
        "expiry-month": "Enter a valid expiry date",
        "email": "Enter a valid email",
    }.items():
        assert f'href="#{box}">{words}' in page
        assert page.count(words) >= 2
    assert 'value="Olwen Ap Rhys"' in page


@pytest.mark.parametrize("number", ["5555555555554444", "4012 8888 8888 1881", "378282246310005"])
def test_a_card_that_is_not_a_test_card_is_refused_in_both_languages(payer: Payer, number: str) -> None:
    assert "Use a test card" in text_of(payer.enter(**{"card-no": number}))
    payer.browser.get(f"/card_details/{payer.id}?lang=cy")
    assert "Defnyddiwch gerdyn prawf" in text_of(payer.enter(**{"card-no": number}))


def test_number_and_code_are_never_written_back_into_the_page(payer: Payer) -> None:
    page = text_of(
        payer.enter(
            **{
                "card-no": "4012888888881881",
                "cvc": "9371",
                "cardholder-name": "4012888888881881",
                "address-line-1": "4012 8888 8888 1881",
            }
        )
    )
    assert not re.search(r"\b4012\b", page)
    assert not re.search(r"\b9371\b", page)


def test_no_card_number_or_code_is_kept_anywhere(
    payer: Payer, pay_client: PayClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"), structlog.testing.capture_logs() as logged:
        payer.enter(**{"card-no": "4012888888881881", "cvc": "9371", "cardholder-name": "4012888888881881"})
        payer.enter(**{"card-no": "371449635398431", "cvc": "9371"})
        payer.post("/confirm")
    kept = caplog.text + str(logged) + "".join(capfd.readouterr()) + "".join(all_rows())
    assert "Olwen Ap Rhys" in kept  # the search does see what is kept
    for number in ("4012888888881881", "371449635398431"):
        assert number not in kept
    # Four digits alone also stand inside ids and instants: those have letters, digits or a dot around them.
    assert not re.search(r"(?<![0-9a-f.-])9371(?![0-9a-f-])", kept)


def all_rows() -> Iterator[str]:
    """Every row of the council that the web login can read, as text."""
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT coalesce(string_agg(row_of::text, chr(10)), '') FROM \"{table}\" AS row_of")
                yield cursor.fetchone()[0]


def test_the_pages_speak_the_language_the_service_asked_for_until_the_payer_chooses(pay_client: PayClient) -> None:
    payer = Payer(pay_client.create(language="cy").json())
    payer.open()
    assert "Rhowch fanylion y cerdyn" in text_of(payer.get())
    assert "Deyrnas Unedig" in text_of(payer.get())
    payer.browser.get(f"/card_details/{payer.id}?lang=en")
    assert "Enter card details" in text_of(payer.get())
    payer.browser.get(f"/card_details/{payer.id}?lang=cy")
    payer.enter(**{"card-no": "4000000000000002"})
    page = text_of(payer.get())
    assert "Mae eich taliad wedi’i wrthod" in page
    assert "Mynd yn ôl i’r gwasanaeth" in page


def test_what_the_service_knew_is_filled_in_beforehand(pay_client: PayClient) -> None:
    payer = Payer(
        pay_client.create(
            email="gwen@example.com",
            prefilled_cardholder_details={
                "cardholder_name": "Gwen Price",
                "billing_address": {"line1": "2 Low Road", "city": "Bala", "postcode": "LL23 7AB", "country": "IE"},
            },
        ).json()
    )
    payer.open()
    page = text_of(payer.get())
    for value in ("gwen@example.com", "Gwen Price", "2 Low Road", "Bala", "LL23 7AB"):
        assert f'value="{value}"' in page
    assert re.search(r'<option value="IE" selected', page)


def test_a_form_from_elsewhere_cannot_act_for_the_payer(payer: Payer, pay_client: PayClient) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = payer.browser.cookies
    for page in ("", "/confirm", "/cancel"):
        assert strict.post(f"/card_details/{payer.id}{page}", CARD).status_code == 403
    assert status_of(pay_client, payer)["status"] == "started"


def test_the_pages_carry_the_councils_name(payer: Payer, council: Council) -> None:
    assert council.name in text_of(payer.get())


def test_a_payment_that_has_expired_says_so(payer: Payer) -> None:
    operations.expire_due(now=clock.now() + timedelta(hours=2))
    assert "Your payment has expired" in text_of(payer.get())
