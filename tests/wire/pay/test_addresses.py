"""Every address of GOV.UK Pay's API, built or not, by every method, with every key.

Contract: pay.md 1 and 4. Upstream: alphagov/pay-publicapi at 4d61e89: its filter of keys stands before all of ``/v1``,
its framework takes a slash at the end, and RequestError.java has the codes.
"""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.contracts import rows
from tests.wire.pay.clients import USUAL, PayClient, make_client

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as organisation_queries
from guildhall.organisations.queries import Council
from guildhall.pay import operations
from guildhall.pay.operations import limits
from guildhall.pay.wire.pay_v1 import refusals, urls

# What each endpoint says of an id that the account does not have; "" where the contract has no such answer.
ENDPOINTS = {
    ("POST", "v1/payments"): "",
    ("GET", "v1/payments"): "P0402",
    ("GET", "v1/payments/<str:payment>"): "P0200",
    ("POST", "v1/payments/<str:payment>/cancel"): "P0500",
    ("POST", "v1/payments/<str:payment>/capture"): "P1000",
    ("GET", "v1/payments/<str:payment>/events"): "P0300",
    ("GET", "v1/payments/<str:payment>/refunds"): "P0800",
    ("POST", "v1/payments/<str:payment>/refunds"): "P0600",
    ("GET", "v1/payments/<str:payment>/refunds/<str:refund>"): "P0700",
    ("GET", "v1/refunds"): "P1100",
    ("GET", "v1/disputes"): "P0402",
    ("GET", "v1/agreements"): "P2402",
    ("POST", "v1/agreements"): "404",
    ("GET", "v1/agreements/<str:agreement>"): "P2200",
    ("POST", "v1/agreements/<str:agreement>/cancel"): "P2500",
    ("POST", "v1/payment_notification"): "404",
}
ASKED_WITH_AN_ID = {each: code for each, code in ENDPOINTS.items() if "<" in each[1]}
ADDRESSES = sorted({path for _, path in ENDPOINTS})
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOWHERE = {"code": "404", "description": "HTTP 404 Not Found"}


@pytest.fixture(autouse=True)
def no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask faster than the limit allows."""
    monkeypatch.setattr(limits, "MOST_PER_SECOND", dict.fromkeys(limits.MOST_PER_SECOND, 10_000))


@pytest.fixture
def stranger(other_council: Council) -> PayClient:
    with acting_for(None), acting_for(other_council.id):
        return make_client(other_council)


def ask(method: str, path: str, key: str | None) -> HttpResponse:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    body = {} if method == "GET" else {"data": USUAL, "content_type": "application/json"}
    return getattr(Client(), method.lower())(path, headers=headers, **body)


def filled(path: str, payment: str) -> str:
    return "/" + path.replace("<str:payment>", payment).replace("<str:refund>", payment).replace(
        "<str:agreement>", payment
    )


def served() -> Iterator[str]:
    yield from (str(each.pattern) for each in urls.urlpatterns if str(each.pattern).startswith("v1/"))


def test_the_table_of_these_tests_is_the_table_of_addresses() -> None:
    assert sorted(served()) == sorted([*ADDRESSES, *(f"{path}/" for path in ADDRESSES)])


@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_is_answered_without_a_key_whatever_the_method(path: str, pay_client: PayClient) -> None:
    for method in METHODS:
        for key in (None, "nonsense", pay_client.key[:-1]):
            answer = ask(method, filled(path, "x"), key)
            assert (answer.status_code, answer["Content-Type"]) == (401, "application/json"), method
            assert answer.json() == refusals.UNAUTHORISED.body()


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_method_that_the_address_does_not_know_is_refused_and_told_which_it_knows(
    path: str, pay_client: PayClient
) -> None:
    known = sorted(method for method, each in ENDPOINTS if each == path)
    for method in set(METHODS) - set(known):
        answer = ask(method, filled(path, "x"), pay_client.key)
        assert (answer.status_code, answer.json()) == (
            405,
            {"code": "405", "description": "HTTP 405 Method Not Allowed"},
        )
        assert answer["Allow"] == ", ".join(known)


@pytest.mark.parametrize(("method", "path"), [each for each, code in ENDPOINTS.items() if code])
def test_what_is_not_there_is_not_found_in_the_words_of_its_endpoint(
    method: str, path: str, pay_client: PayClient
) -> None:
    answer = ask(method, filled(path, "hu20sqlact5260q2nanm0q8u93"), pay_client.key)
    code = ENDPOINTS[method, path]
    words = NOWHERE["description"] if code == "404" else written(code)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"code": code, "description": words}


def written(code: str) -> str:
    return next(row["description"] for row in rows("pay/error_codes.csv") if row["code"] == code)


@pytest.mark.parametrize(("method", "path"), ASKED_WITH_AN_ID)
def test_what_another_council_has_does_not_exist(
    method: str, path: str, pay_client: PayClient, stranger: PayClient, council: Council
) -> None:
    theirs = pay_client.create(delayed_capture=True).json()["payment_id"]
    answer = ask(method, filled(path, theirs), stranger.key)
    never_was = ask(method, filled(path, "hu20sqlact5260q2nanm0q8u93"), stranger.key)
    assert (answer.status_code, answer.content) == (404, never_was.content)
    assert answer.json()["code"] == ENDPOINTS[method, path]
    assert pay_client.get(f"/v1/payments/{theirs}").json()["state"]["status"] == "created"


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_slash_at_the_end_changes_nothing(path: str, pay_client: PayClient) -> None:
    for method in METHODS:
        plain, slashed = (ask(method, filled(path, "x") + end, pay_client.key) for end in ("", "/"))
        assert plain.status_code == slashed.status_code
        if plain.status_code >= 400:
            assert plain.content == slashed.content


def test_a_payment_is_made_paid_for_and_cancelled_with_slashes_at_the_end(pay_client: PayClient) -> None:
    created = pay_client.post("/v1/payments/", USUAL)
    assert created.status_code == 201
    path = f"/v1/payments/{created.json()['payment_id']}"
    assert pay_client.get(f"{path}/").json()["state"]["status"] == "created"
    assert pay_client.post(f"{path}/cancel/").status_code == 204
    assert pay_client.post(f"{path}/capture/").json()["code"] == "P1003"


def test_a_head_request_is_a_get_without_its_body(pay_client: PayClient) -> None:
    path = f"/v1/payments/{pay_client.create().json()['payment_id']}"
    answer = Client().head(path, headers={"Authorization": f"Bearer {pay_client.key}"})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        *("/v1", "/v1/", "/v1/payment", "/v1/payments/x/y", "/v1/payments/x/refunds/y/z", "/v1//payments", "/v1/auth"),
        *("/v1/products", "/v1/api/products", "/v1/theme.css", "/v1/logo.png", "/v1/track", "/v1/privacy", "/v1/%00"),
        *("/v1/payments//", "/v1/staff", "/v1/../staff", "/v1/pay%2Fments", "/v1/" + "x" * 5000, "/v1/x/payment"),
    ],
)
@pytest.mark.parametrize("method", [*METHODS, "OPTIONS"])
def test_an_address_that_leads_nowhere_is_not_found_in_json_whoever_asks(
    path: str, method: str, pay_client: PayClient
) -> None:
    strict = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Authorization": f"Bearer {pay_client.key}"}, {"Accept": "text/html"}):
        answer = getattr(strict, method.lower())(path, headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
        assert answer.json() == NOWHERE


# -- keys -------------------------------------------------------------------------------------------------------------


def revoked(client: PayClient, council: Council) -> str:
    [key] = organisation_queries.list_keys_of_service(client.service_id, "pay")
    organisations.revoke_key(key.id, actor=None, now=clock.now())  # type: ignore[arg-type]
    return client.key


def of_a_council_that_was_taken_off(client: PayClient, council: Council) -> str:
    organisations.take_council_off(operator=PersonId(new_id()), now=clock.now())
    return client.key


def without_an_account_of_its_kind(client: PayClient, council: Council) -> str:
    return operations.issue_key(client.service_id, "live", "live", actor=None, now=clock.now())


@pytest.mark.parametrize("make_useless", [revoked, of_a_council_that_was_taken_off, without_an_account_of_its_kind])
def test_a_key_that_was_revoked_or_opens_no_account_opens_nothing(
    pay_client: PayClient, council: Council, make_useless: object
) -> None:
    payment = pay_client.create().json()["payment_id"]
    key = make_useless(pay_client, council)  # type: ignore[operator]
    for method, path in ENDPOINTS:
        assert ask(method, filled(path, payment), key).status_code == 401, (method, path)


def test_an_idempotency_key_is_its_accounts_own(
    pay_client: PayClient, stranger: PayClient, council: Council, other_council: Council
) -> None:
    neighbour = make_client(council, "parking")

    def create_each() -> list[tuple[int, int, str]]:
        answers = [
            client.post("/v1/payments", USUAL | {"amount": amount}, **{"Idempotency-Key": "the-same"})
            for amount, client in enumerate((pay_client, neighbour, stranger), start=100)
        ]
        return [(each.status_code, each.json()["amount"], each.json()["payment_id"]) for each in answers]

    made = create_each()
    assert [(status, amount) for status, amount, _ in made] == [(201, 100), (201, 101), (201, 102)]
    assert create_each() == [(200, amount, payment_id) for _, amount, payment_id in made]


def test_one_council_does_not_use_up_anothers_requests(
    pay_client: PayClient, stranger: PayClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_PER_SECOND", dict.fromkeys(limits.MOST_PER_SECOND, 1))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    assert [client.create().status_code for client in (pay_client, pay_client, stranger)] == [201, 429, 201]


# -- the words --------------------------------------------------------------------------------------------------------


def errors() -> Iterator[refusals.WireError]:
    found = [*refusals.DOWNSTREAM.values(), *refusals.NOT_FOUND.values(), *refusals._ERRORS.values()]
    found += [each for each in vars(refusals).values() if isinstance(each, refusals.WireError)]
    yield from (error for error in found if error.code.startswith("P") and error.code != "P0999")


def test_every_error_has_the_status_and_the_words_of_the_contract() -> None:
    table = {(row["code"], status, row["description"]) for row in rows("pay/error_codes.csv") for status in
             row["http_status"].split(";")}  # fmt: skip
    assert {(error.code, str(error.status), error.description) for error in errors()} - table == set()
