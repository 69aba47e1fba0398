"""POST and GET /v1/payments, as clients of GOV.UK Pay see them.

Contract: pay.md 1-4, 7, 8. Upstream: alphagov/pay-publicapi:openapi/publicapi_spec.json and its tests, at 4d61e89.
"""

import json
import re
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contracts import cases
from tests.wire.pay.clients import USUAL, PayClient, make_client

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.networks import UNKNOWN
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as organisation_queries
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service
from guildhall.pay import operations, queries
from guildhall.pay.domain.ids import find_payment_id
from guildhall.pay.operations import limits
from guildhall.pay.testing import DECLINED_CARD, typed_card

ACCOUNT_NUMBER = "4000123456789017"
"""A council's own number, which begins like a Visa card's and has, by chance, a right check digit."""
CREATE_VECTORS = [vector for vector in cases("pay/validation_vectors.json") if vector["request"] == "POST /v1/payments"]


LIMITS = limits.MOST_PER_SECOND


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask faster than the limit allows."""
    monkeypatch.setattr(limits, "MOST_PER_SECOND", dict.fromkeys(LIMITS, 10_000))


def payments_of(council: Council) -> int:
    with acting_for(council.id):
        return queries.list_payments().total


def pay_on_page(council: Council, body: dict[str, Any], number: str = "4242424242424242") -> None:
    with acting_for(council.id):
        payment_id = find_payment_id(body["payment_id"])
        operations.spend_token(body["_links"]["next_url"]["href"].rsplit("/", 1)[1], now=clock.now())
        if not operations.enter_card(payment_id, typed_card(number), network=UNKNOWN, now=clock.now()).is_finished:
            operations.confirm(payment_id, now=clock.now())


def test_a_created_payment_is_answered_with_all_that_a_client_needs(pay_client: PayClient) -> None:
    answer = pay_client.create()
    body = answer.json()
    payment_id, token = body["payment_id"], body["_links"]["next_url"]["href"].rsplit("/", 1)[1]
    address = f"http://localhost:8000/v1/payments/{payment_id}"
    assert answer.status_code == 201
    assert re.fullmatch(r"[0-9a-v]{26}", payment_id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body["created_date"])
    assert body == {
        "amount": 2500,
        "description": "Bulky waste collection",
        "reference": "BW-1",
        "language": "en",
        "state": {"status": "created", "finished": False},
        "payment_id": payment_id,
        "payment_provider": "sandbox",
        "created_date": body["created_date"],
        "refund_summary": {"status": "pending", "amount_available": 2500, "amount_submitted": 0},
        "settlement_summary": {},
        "delayed_capture": False,
        "moto": False,
        "return_url": "https://service.example/return",
        "authorisation_mode": "web",
        "_links": {
            "self": {"href": address, "method": "GET"},
            "next_url": {"href": f"http://localhost:8000/secure/{token}", "method": "GET"},
            "next_url_post": {
                "type": "application/x-www-form-urlencoded",
                "params": {"chargeTokenId": token},
                "href": "http://localhost:8000/secure",
                "method": "POST",
            },
            "events": {"href": f"{address}/events", "method": "GET"},
            "refunds": {"href": f"{address}/refunds", "method": "GET"},
            "cancel": {"href": f"{address}/cancel", "method": "POST"},
        },
    }


def test_a_created_payment_says_where_it_is_and_is_not_to_be_stored_on_the_way(pay_client: PayClient) -> None:
    answer = pay_client.create()
    assert answer["Location"] == answer.json()["_links"]["self"]["href"]
    assert (answer["Pragma"], answer["Cache-Control"]) == ("no-cache", "no-store")
    assert answer["Content-Type"] == "application/json"


def test_each_look_at_a_payment_brings_a_fresh_page_address(pay_client: PayClient) -> None:
    created = pay_client.create().json()
    looks = [pay_client.get(f"/v1/payments/{created['payment_id']}") for _ in range(2)]
    addresses = {look.json()["_links"]["next_url"]["href"] for look in looks}
    assert len(addresses | {created["_links"]["next_url"]["href"]}) == 3
    assert (looks[0]["Pragma"], looks[0]["Cache-Control"]) == ("no-cache", "no-store")


def test_a_paid_payment_reads_success_and_shows_its_card(pay_client: PayClient, council: Council) -> None:
    created = pay_client.create(email="olwen@example.com", metadata={"ledger": "A1", "year": 2026, "new": True}).json()
    pay_on_page(council, created)
    body = pay_client.get(f"/v1/payments/{created['payment_id']}").json()
    assert body["state"] == {"status": "success", "finished": True}
    assert body["email"] == "olwen@example.com"
    assert body["metadata"] == {"ledger": "A1", "year": 2026, "new": True}
    assert body["refund_summary"] == {"status": "available", "amount_available": 2500, "amount_submitted": 0}
    assert set(body["settlement_summary"]) == {"capture_submit_time", "captured_date"}
    assert set(body["_links"]) == {"self", "events", "refunds"}
    assert body["provider_id"]
    assert body["card_details"] == {
        "last_digits_card_number": "4242",
        "first_digits_card_number": "424242",
        "cardholder_name": "Olwen Ap Rhys",
        "expiry_date": f"12/{(clock.now().year + 1) % 100:02d}",
        "billing_address": {"line1": "1 High Street", "postcode": "TE1 1ST", "city": "Testford", "country": "GB"},
        "card_brand": "Visa",
        "card_type": "credit",
        "wallet_type": None,
    }


def test_a_declined_payment_reads_failed_p0010(pay_client: PayClient, council: Council) -> None:
    created = pay_client.create().json()
    pay_on_page(council, created, DECLINED_CARD)
    body = pay_client.get(f"/v1/payments/{created['payment_id']}").json()
    assert body["state"] == {
        "status": "failed",
        "finished": True,
        "code": "P0010",
        "message": "Payment method rejected",
    }
    assert body["refund_summary"]["status"] == "unavailable"
    assert set(body["_links"]) == {"self", "events", "refunds"}


def test_prefilled_details_are_shown_with_nulls_for_what_is_not_known(pay_client: PayClient) -> None:
    body = pay_client.create(
        prefilled_cardholder_details={
            "cardholder_name": "Olwen",
            "billing_address": {"line1": "1 High Street", "country": "Wales"},
        }
    ).json()
    assert body["card_details"] == {
        "last_digits_card_number": None,
        "first_digits_card_number": None,
        "cardholder_name": "Olwen",
        "expiry_date": None,
        "billing_address": {"line1": "1 High Street", "country": "GB"},
        "card_brand": None,
        "card_type": None,
        "wallet_type": None,
    }


def test_a_service_may_speak_welsh_and_delay_the_capture(pay_client: PayClient, council: Council) -> None:
    created = pay_client.create(language="cy", delayed_capture=True).json()
    assert (created["language"], created["delayed_capture"]) == ("cy", True)
    pay_on_page(council, created)
    path = f"/v1/payments/{created['payment_id']}"
    waiting = pay_client.get(path).json()
    assert waiting["state"] == {"status": "capturable", "finished": False}
    assert set(waiting["_links"]) == {"self", "events", "refunds", "cancel", "capture"}
    assert [pay_client.post(f"{path}/capture").status_code for _ in range(2)] == [204, 204]
    assert pay_client.get(path).json()["state"]["status"] == "success"


def test_a_service_may_cancel_once(pay_client: PayClient) -> None:
    path = f"/v1/payments/{pay_client.create().json()['payment_id']}"
    assert pay_client.post(f"{path}/cancel").status_code == 204
    assert pay_client.get(path).json()["state"] == {
        "status": "cancelled",
        "finished": True,
        "code": "P0040",
        "message": "Payment was cancelled by the service",
    }
    again = pay_client.post(f"{path}/cancel")
    assert (again.status_code, again.json()) == (
        400,
        {"code": "P0501", "description": "Cancellation of payment failed"},
    )
    capture = pay_client.post(f"{path}/capture")
    assert (capture.status_code, capture.json()["code"]) == (409, "P1003")


# -- bad requests -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", CREATE_VECTORS, ids=lambda vector: vector["source"].rsplit("#", 1)[-1])
def test_a_bad_request_is_refused_as_upstream_refuses_it(
    pay_client: PayClient, council: Council, vector: dict[str, Any]
) -> None:
    answer = pay_client.post("/v1/payments", vector["body_text"], **vector.get("headers", {}))
    assert (answer.status_code, answer.json()) == (int(vector["status"]), vector["expect"])
    assert payments_of(council) == 0


def wrong(field: str, why: str) -> dict[str, str]:
    return {"field": field, "code": "P0102", "description": f"Invalid attribute value: {field}. {why}"}


NUMERIC, STRING, URL = "Must be a valid numeric format", "Must be a valid string format", "Must be a valid URL format"
MODES = "Must be one of web, moto_api, agreement"
LONG_URL = "https://service.example/" + "x" * 1980
BAD_CREATIONS: list[tuple[dict[str, Any], int, dict[str, str]]] = [
    ({"amount": 2**31}, 400, wrong("amount", NUMERIC)),
    ({"amount": True}, 400, wrong("amount", NUMERIC)),
    ({"amount": 2500.0}, 400, wrong("amount", NUMERIC)),
    ({"amount": 10_000_001}, 422, wrong("amount", "Must be less than or equal to 10000000")),
    (
        {"amount": 0},
        422,
        wrong(
            "amount",
            "Must be greater than or equal to 1. Refer to https://docs.payments.service.gov.uk/making_payments/#amount",
        ),
    ),
    ({"reference": "a<b"}, 400, wrong("reference", STRING)),
    ({"description": "a>b"}, 400, wrong("description", STRING)),
    ({"reference": "a\0b"}, 400, wrong("reference", STRING)),
    ({"return_url": 1}, 400, wrong("return_url", URL)),
    ({"return_url": "whatever"}, 422, wrong("return_url", URL)),
    ({"return_url": LONG_URL}, 422, wrong("return_url", "Must be less than or equal to 2000 characters length")),
    ({"return_url": None}, 400, {"code": "P0101", "description": "Missing mandatory attribute: return_url"}),
    ({"moto": None}, 400, wrong("moto", "Must be true or false")),
    ({"delayed_capture": 1}, 400, wrong("delayed_capture", "Must be true or false")),
    ({"language": ""}, 400, wrong("language", 'Must be "en" or "cy"')),
    ({"language": None}, 400, wrong("language", 'Must be "en" or "cy"')),
    ({"email": 1}, 400, wrong("email", "Field must be a string")),
    ({"authorisation_mode": "external"}, 422, wrong("authorisation_mode", MODES)),
    ({"authorisation_mode": None}, 400, wrong("authorisation_mode", MODES)),
    (
        {"agreement_payment_type": "often"},
        422,
        wrong("agreement_payment_type", "Must be one of instalment, recurring, unscheduled"),
    ),
    ({"agreement_id": "a" * 25}, 422, wrong("agreement_id", "Field [agreement_id] length must be 26")),
    ({"agreement_id": "a" * 26}, 400, {"code": "P0104", "description": "Unexpected attribute: agreement_id"}),
    (
        {"agreement_payment_type": "recurring"},
        400,
        {"code": "P0104", "description": "Unexpected attribute: agreement_payment_type"},
    ),
    (
        {"set_up_agreement": "a" * 26},
        400,
        {
            "field": "set_up_agreement",
            "code": "P0103",
            "description": "Invalid attribute value: set_up_agreement. Agreement ID does not exist",
        },
    ),
    (
        {"authorisation_mode": "agreement"},
        400,
        {"code": "P0104", "description": "Unexpected attribute: return_url"},
    ),
    (
        {"authorisation_mode": "agreement", "return_url": None, "agreement_id": "a" * 26},
        400,
        wrong("agreement_id", "Agreement does not exist"),
    ),
    (
        {"authorisation_mode": "moto_api", "return_url": None},
        422,
        {"code": "P0195", "description": "Using authorisation_mode of moto_api is not allowed for this account"},
    ),
    (
        {"moto": True},
        422,
        {
            "code": "P0196",
            "description": "MOTO payments are not enabled for this account. Please contact support if you would like "
            "to process MOTO payments - https://www.payments.service.gov.uk/support/ .",
        },
    ),
    (
        {"prefilled_cardholder_details": {"billing_address": {"city": 1}}},
        400,
        wrong("city", "Field must be a string"),
    ),
    (
        {"prefilled_cardholder_details": {"billing_address": {"postcode": "x" * 26}}},
        422,
        wrong("postcode", "Must be less than or equal to 25 characters length"),
    ),
    ({"metadata": None}, 422, wrong("metadata", "Value must not be null")),
    ({"metadata": {"a": None}}, 422, wrong("metadata", "Must not have null values")),
    ({"metadata": {"x" * 31: "a"}}, 422, wrong("metadata", "Keys must be between 1 and 30 characters long")),
    (
        {"metadata": {"": "x" * 101, "b": [], "c": None}},
        422,
        wrong(
            "metadata",
            "Keys must be between 1 and 30 characters long. Values must be no greater than 100 characters long. "
            "Values must be of type String, Boolean or Number. Must not have null values",
        ),
    ),
    ({"metadata": {"a": 10**500}}, 422, wrong("metadata", "Values must be no greater than 100 characters long")),
]


@pytest.mark.parametrize(("changes", "status", "expected"), BAD_CREATIONS, ids=lambda value: str(value)[:60])
def test_each_limit_is_refused_in_its_own_words(
    pay_client: PayClient, council: Council, changes: dict[str, Any], status: int, expected: dict[str, str]
) -> None:
    answer = pay_client.create(**changes)
    assert (answer.status_code, answer.json()) == (status, expected)
    assert payments_of(council) == 0


@pytest.mark.parametrize(
    "body",
    ["", "{", '{"amount": 1e400}', b"\xff\xfe", "[" * 3000, '{"reference": "\\ud800"}', "x" * (3 * 1024 * 1024 + 1)],
)
def test_what_is_no_json_is_refused_as_such(pay_client: PayClient, body: str | bytes) -> None:
    answer = pay_client.post("/v1/payments", body)
    assert (answer.status_code, answer.json()) == (400, {"code": "P0197", "description": "Unable to parse JSON"})


@pytest.mark.parametrize("body", ["[]", "1", "null", '"text"', "{}"])
def test_json_that_is_no_object_lacks_an_amount(pay_client: PayClient, body: str) -> None:
    answer = pay_client.post("/v1/payments", body)
    assert (answer.status_code, answer.json()["field"], answer.json()["code"]) == (400, "amount", "P0101")


def test_types_are_looked_at_before_limits_and_limits_before_the_accounts_rules(pay_client: PayClient) -> None:
    amount_and_email = pay_client.create(amount=-1, email=1).json()
    assert amount_and_email["field"] == "email"
    limit_and_rule = pay_client.create(moto=True, reference="x" * 256).json()
    assert limit_and_rule["field"] == "reference"
    fields_in_order = pay_client.create(description=1, reference=1, moto="x").json()
    assert fields_in_order["field"] == "reference"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
FIELDS = [
    *USUAL,
    "moto",
    "set_up_agreement",
    "authorisation_mode",
    "agreement_id",
    "agreement_payment_type",
    "language",
    "delayed_capture",
    "email",
    "prefilled_cardholder_details",
    "metadata",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, min_size=1, max_size=3))
def test_whatever_is_sent_is_created_or_refused_with_an_error(pay_client: PayClient, changes: dict[str, Any]) -> None:
    answer = pay_client.create(**changes)
    assert answer.status_code in (201, 400, 422), answer.content
    if answer.status_code != 201:
        assert {"code", "description"} <= set(answer.json()) <= {"code", "description", "field", "header"}


def test_what_is_not_known_is_ignored(pay_client: PayClient) -> None:
    answer = pay_client.create(
        unknown={"a": []}, prefilled_cardholder_details="x", metadata={}, email=None, set_up_agreement=3
    )
    assert answer.status_code == 201
    assert {"metadata", "email", "card_details", "unknown"}.isdisjoint(answer.json())


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "4242424242424242"},
        {"description": "paid with 4242 4242 4242 4242"},
        {"metadata": {"card": "4242424242424242"}},
        {"metadata": {"card": 4242424242424242}},
        {"metadata": {"4242424242424242": "card"}},
        {"email": "4242424242424242@example.com"},
        {"return_url": "https://service.example/?card=4242424242424242"},
        {"prefilled_cardholder_details": {"cardholder_name": "4242424242424242"}},
    ],
)
def test_a_card_number_where_none_belongs_is_blocked_and_not_stored(
    pay_client: PayClient, council: Council, changes: dict[str, Any]
) -> None:
    answer = pay_client.create(**changes)
    assert (answer.status_code, answer.json()["code"]) == (400, "P0920")
    assert payments_of(council) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": ACCOUNT_NUMBER},
        {"reference": f"CT-{ACCOUNT_NUMBER}"},
        {"description": f"Council tax {ACCOUNT_NUMBER}"},
        {"metadata": {"account": ACCOUNT_NUMBER}},
        {"metadata": {"account": int(ACCOUNT_NUMBER)}},
        {"return_url": f"https://service.example/?account={ACCOUNT_NUMBER}"},
    ],
)
def test_a_councils_own_number_is_taken_though_it_could_be_a_cards(
    pay_client: PayClient, changes: dict[str, Any]
) -> None:
    assert pay_client.create(**changes).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "4000 1234 5678 9017"},
        {"description": "4000-1234-5678-9017"},
        {"metadata": {"card": "4000\u20131234\u20135678\u20139017"}},
        {"email": f"{ACCOUNT_NUMBER}@example.com"},
        {"prefilled_cardholder_details": {"cardholder_name": f"Jo {ACCOUNT_NUMBER}"}},
        {"prefilled_cardholder_details": {"billing_address": {"line1": ACCOUNT_NUMBER}}},
    ],
)
def test_a_number_that_is_grouped_as_on_a_card_or_stands_with_a_person_is_blocked(
    pay_client: PayClient, council: Council, changes: dict[str, Any]
) -> None:
    answer = pay_client.create(**changes)
    assert (answer.status_code, answer.json()["code"]) == (400, "P0920")
    assert payments_of(council) == 0


@pytest.mark.parametrize("source", ["CARD_PAYMENT_LINK", "CARD_AGENT_INITIATED_MOTO"])
@pytest.mark.parametrize("reference", [ACCOUNT_NUMBER, "4242424242424242", "4000 1234-5678 9017"])
def test_a_card_number_that_somebody_typed_as_the_reference_of_a_link_is_refused(
    pay_client: PayClient, council: Council, source: str, reference: str
) -> None:
    answer = pay_client.create(reference=reference, internal={"source": source})
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": "P0105", "description": "Card number entered in a payment link reference"},
    )
    assert payments_of(council) == 0


@pytest.mark.parametrize(
    "reference", ["BW-1", "4000123456789018", "9000123456789010", "40001234567", "CT-4000123456789017"]
)
def test_other_references_of_a_link_are_taken(pay_client: PayClient, reference: str) -> None:
    assert pay_client.create(reference=reference, internal={"source": "CARD_PAYMENT_LINK"}).status_code == 201


@pytest.mark.parametrize(
    ("internal", "status"),
    [
        ({"source": True}, 400),
        ({"source": ["CARD_PAYMENT_LINK"]}, 400),
        ({"source": "CARD_API"}, 400),
        ({"source": "CARD_EXTERNAL_TELEPHONE"}, 400),
        ({"source": "card_payment_link"}, 422),
        ({"source": ""}, 422),
        ({"source": None}, 201),
        ({}, 201),
        (None, 201),
        ("CARD_PAYMENT_LINK", 201),
    ],
)
def test_the_source_of_a_request_is_one_of_two(pay_client: PayClient, internal: Any, status: int) -> None:
    """alphagov/pay-publicapi:src/main/java/uk/gov/pay/api/json/RequestJsonParser.java and its tests."""
    answer = pay_client.create(internal=internal)
    assert answer.status_code == status
    if status != 201:
        why = "Accepted values are only CARD_PAYMENT_LINK, CARD_AGENT_INITIATED_MOTO"
        assert answer.json() == wrong("source", why)


def test_a_request_filter_has_its_own_answer() -> None:
    for answer in (Client().get("/request-denied"), Client().post("/request-denied"), Client().put("/request-denied")):
        assert (answer.status_code, answer.json()) == (
            400,
            {
                "code": "P0920",
                "description": "Request blocked by security rules. Please consult API documentation for more "
                "information.",
            },
        )


# -- keys and councils ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/payments", "/v1/payments/x/cancel"])
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "bearer {key}", "Basic {key}", "Bearer  {key}", "Bearer {key}x"]
)
def test_without_a_right_key_nothing_is_answered(pay_client: PayClient, path: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.replace("{key}", pay_client.key)}
    answer = Client().post(path, data=USUAL, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
    assert "description" in answer.json()


@pytest.mark.parametrize("place", [0, 12, 40, 66])
def test_a_key_with_one_character_changed_is_refused_before_the_database_is_asked(
    pay_client: PayClient, place: int
) -> None:
    other = "0" if pay_client.key[place] != "0" else "1"
    pay_client.key = pay_client.key[:place] + other + pay_client.key[place + 1 :]
    with CaptureQueriesContext(connection) as queries_made:
        assert pay_client.create().status_code == 401
    assert len(queries_made) == 0


def test_while_the_store_of_keys_is_down_nobody_is_turned_away_for_good(pay_client: PayClient) -> None:
    def ask() -> None:
        connection.settings_dict = connection.settings_dict | {"HOST": "/nowhere"}  # of this thread only
        answers.append(pay_client.create())

    answers: list[Any] = []
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert (answers[0].status_code, answers[0].json()["code"]) == (503, "P0999")


def test_a_revoked_key_is_refused_at_once(pay_client: PayClient, council: Council) -> None:
    assert pay_client.create().status_code == 201
    [key] = organisation_queries.list_keys_of_service(pay_client.service_id, "pay")
    organisations.revoke_key(key.id, actor=None, now=clock.now())  # type: ignore[arg-type]
    assert pay_client.create().status_code == 401


def test_a_key_of_a_council_that_was_taken_off_is_refused_at_once(pay_client: PayClient, council: Council) -> None:
    organisations.take_council_off(operator=PersonId(new_id()), now=clock.now())
    assert pay_client.create().status_code == 401
    organisations.put_council_back(operator=PersonId(new_id()), now=clock.now())
    assert pay_client.create().status_code == 201


def test_a_key_is_noted_as_used_and_kept_only_as_a_digest(pay_client: PayClient, council: Council) -> None:
    pay_client.create()
    [key] = organisation_queries.list_keys().rows
    assert key.last_used_at is not None
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(organisations_apikey::text, ' ') FROM organisations_apikey")
        assert pay_client.key not in cursor.fetchone()[0]


def test_the_key_of_a_service_without_an_account_opens_nothing(council: Council) -> None:
    service = make_service(council, "parking")
    key = operations.issue_key(service.id, "test", "tests", actor=None, now=clock.now())
    assert PayClient(key, service.id, None).create().status_code == 401  # type: ignore[arg-type]


def test_the_sandbox_key_of_a_service_is_always_the_same_and_works(council: Council) -> None:
    service = make_service(council, "parking")
    account = operations.ensure_pay_account(service.id, "Parking")
    keys = {operations.ensure_sandbox_key(service.id, now=clock.now()) for _ in range(2)}
    assert len(keys) == 1
    assert PayClient(keys.pop(), service.id, account).create().status_code == 201


@pytest.mark.parametrize(("action", "code"), [("", "P0200"), ("/cancel", "P0500"), ("/capture", "P1000")])
def test_the_payment_of_another_council_or_account_does_not_exist(
    pay_client: PayClient, council: Council, other_council: Council, action: str, code: str
) -> None:
    created = pay_client.create().json()["payment_id"]
    neighbour = make_client(council, "parking")
    with acting_for(None), acting_for(other_council.id):
        stranger = make_client(other_council)
    for other in (neighbour, stranger):
        for payment_id in (created, "0" * 26, "x", "hu20sqlact5260q2nanm0q8u93"):
            path = f"/v1/payments/{payment_id}{action}"
            answer = other.post(path) if action else other.get(path)
            assert (answer.status_code, answer.json()) == (404, {"code": code, "description": "Not found"})
    assert pay_client.get(f"/v1/payments/{created}").json()["state"]["status"] == "created"


# -- repeats and limits -----------------------------------------------------------------------------------------------


def test_the_same_request_under_the_same_key_answers_200_with_the_first_payment(
    pay_client: PayClient, council: Council
) -> None:
    first, second = (pay_client.post("/v1/payments", USUAL, **{"Idempotency-Key": "key-1"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["payment_id"] == second.json()["payment_id"]
    assert payments_of(council) == 1


def test_another_request_under_the_same_key_answers_409(pay_client: PayClient, council: Council) -> None:
    pay_client.post("/v1/payments", USUAL, **{"Idempotency-Key": "key-1"})
    answer = pay_client.post("/v1/payments", USUAL | {"amount": 1}, **{"Idempotency-Key": "key-1"})
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "code": "P0191",
            "description": "The `Idempotency-Key` you sent in the request header has already been used to create a "
            "payment.",
        },
    )
    assert payments_of(council) == 1


def test_a_key_of_other_characters_is_refused(pay_client: PayClient) -> None:
    answer = pay_client.post("/v1/payments", USUAL, **{"Idempotency-Key": "key 1"})
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "header": "Idempotency-Key",
            "code": "P0102",
            "description": "Header [Idempotency-Key] can only contain alphanumeric characters and hyphens",
        },
    )


def test_the_sixteenth_request_in_a_second_is_too_many(
    pay_client: PayClient, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_PER_SECOND", LIMITS)
    frozen = clock.now()
    monkeypatch.setattr(clock, "now", lambda: frozen)
    statuses = [pay_client.create().status_code for _ in range(16)]
    assert statuses == [201] * 15 + [429]
    assert pay_client.create().json() == {"code": "P0900", "description": "Too many requests"}
    assert pay_client.get("/v1/payments/x").status_code == 404  # another kind of request has its own count
    assert payments_of(council) == 15


# What nobody means


ODD = ["9" * 400, "-" + "9" * 400, "9" * 4_000, "1e308", "1e-400", "-0", "-0.0", "2147483648", "1" + "0" * 30]


@pytest.mark.parametrize("number", ODD)
def test_an_amount_that_no_column_holds_is_refused_in_words(pay_client: PayClient, number: str) -> None:
    body = json.dumps(USUAL | {"amount": 0}).replace('"amount": 0', f'"amount": {number}')
    answer = pay_client.post("/v1/payments", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["field"] == "amount"


@pytest.mark.parametrize("odd", [*ODD, '"\\u0000"', '{"\\u0000": 1}', "[" * 20 + "]" * 20])
def test_whatever_else_is_sent_a_request_under_a_key_is_the_same_again(pay_client: PayClient, odd: str) -> None:
    """What nobody asked for is ignored, as it is nationally; it is compared all the same, and never stored."""
    body, other = (json.dumps(USUAL)[:-1] + f', "more": {more}}}' for more in (odd, f"[{odd}, 1]"))
    headers = {"Idempotency-Key": "odd"}
    assert [pay_client.post("/v1/payments", each, **headers).status_code for each in (body, body, other)] == [
        201,
        200,
        409,
    ]


def test_very_many_attributes_that_nobody_knows_are_ignored(pay_client: PayClient) -> None:
    assert pay_client.create(**{f"n{number}": 1 for number in range(100_000)}).status_code == 201


@pytest.mark.parametrize("field", ["reference", "description", "return_url", "email"])
@pytest.mark.parametrize("text", ["x" * 500_000, "a" + "\u0300" * 40_000 + "\u0316" * 40_000, "4" * 200_000])
def test_a_text_that_is_longer_than_any_is_refused_by_its_name(pay_client: PayClient, field: str, text: str) -> None:
    answer = pay_client.create(**{field: text})
    assert answer.status_code in (400, 422)
    assert answer.json()["field"] == field
