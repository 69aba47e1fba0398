"""The refusals of a token, in order (alphagov/notifications-api:tests/app/authentication/test_authentication.py)."""

import base64
import json
import time
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify.operations import ensure_notify_service
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import Sender, make_sender, sign
from guildhall.notify.wire.notify_v2.auth import authenticate
from guildhall.notify.wire.notify_v2.refusals import Unauthorised
from guildhall.organisations import operations as organisations
from guildhall.organisations import queries as organisations_asked
from guildhall.organisations.domain.keys import KeyKind, Platform
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_service

UNREADABLE = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
CLOCK = "Error: Your system clock must be accurate to within 30 seconds"


def refusal(api: Any, bearer: str) -> tuple[int, str]:
    response = api.get("/v2/templates", bearer=bearer)
    body = response.json()
    [error] = body["errors"]
    assert (error["error"], body["status_code"]) == ("AuthError", response.status_code)
    assert set(body) == {"status_code", "errors"}
    return response.status_code, error["message"]


def claims(sender: Sender, **changes: object) -> dict[str, object]:
    wanted = {"iss": str(sender.id), "iat": int(time.time())} | changes
    return {name: value for name, value in wanted.items() if value is not None}


@pytest.mark.parametrize(
    ("bearer", "status", "message"),
    [
        ("", 401, "Unauthorized: authentication token must be provided"),
        ("Basic abc", 401, "Unauthorized: authentication bearer scheme must be used"),
        ("Bearer", 401, "Unauthorized: authentication bearer scheme must be used"),
        ("Bearer abc", 403, UNREADABLE),
        ("Bearer a.b.c", 403, UNREADABLE),
        ("Bearer é.b.c", 403, UNREADABLE),
    ],
)
def test_what_is_no_token_is_refused(api: Any, bearer: str, status: int, message: str) -> None:
    assert refusal(api, bearer) == (status, message)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER "])
def test_the_scheme_may_be_written_in_any_case(api: Any, sender: Sender, scheme: str) -> None:
    token = sender.bearer().removeprefix("Bearer ")
    assert api.get("/v2/templates", bearer=scheme + token).status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"iss": None}, "Invalid token: iss field not provided"),
        ({"iss": "me"}, "Invalid token: service id is not the right data type"),
        ({"iss": 7}, "Invalid token: service id is not the right data type"),
        ({"iss": str(uuid4())}, "Invalid token: service not found"),
        ({"exp": 1}, UNREADABLE),
        ({"nbf": 4_000_000_000}, UNREADABLE),
        ({"iat": None}, "Invalid token: API key not found"),
        ({"iat": 1}, CLOCK),
    ],
)
def test_a_token_that_says_the_wrong_thing_is_refused(
    api: Any, sender: Sender, changes: dict[str, object], message: str
) -> None:
    bearer = sign(claims(sender, **changes), sender.secret())
    assert refusal(api, bearer) == (403, message)


@pytest.mark.parametrize("payload", [["iss"], "iss", 7, None])
def test_a_token_that_says_nothing_by_name_is_refused(api: Any, sender: Sender, payload: Any) -> None:
    assert refusal(api, sign(payload, sender.secret())) == (403, UNREADABLE)


@pytest.mark.parametrize("seconds", [-30, -29.2, 0, 29, 30.9])
def test_the_callers_clock_may_be_half_a_minute_out(sender: Sender, seconds: float) -> None:
    bearer = sender.bearer(at=1_800_000_000)
    assert authenticate(bearer, at=1_800_000_000 + seconds).service.id == sender.id


@pytest.mark.parametrize("seconds", [-32, -31, 31, 32])
def test_a_clock_that_is_further_out_is_refused(sender: Sender, seconds: float) -> None:
    bearer = sender.bearer(at=1_800_000_000)
    with pytest.raises(Unauthorised, match=f"^{CLOCK}$"):
        authenticate(bearer, at=1_800_000_000 + seconds)


def test_another_algorithm_is_refused_before_any_key_is_tried(api: Any, sender: Sender) -> None:
    bearer = sign(claims(sender), sender.secret(), algorithm="HS512")
    assert refusal(api, bearer) == (403, "Invalid token: algorithm used is not HS256")


def test_a_token_without_a_signature_is_refused(api: Any, sender: Sender) -> None:
    parts = ({"typ": "JWT", "alg": "none"}, claims(sender))
    segments = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    assert refusal(api, f"Bearer {'.'.join(segments)}.") == (403, UNREADABLE)


def test_a_wrong_secret_is_refused_whatever_the_clock_says(api: Any, sender: Sender) -> None:
    bearer = sign(claims(sender, iat=1), str(uuid4()))
    assert refusal(api, bearer) == (403, "Invalid token: API key not found")


def test_a_revoked_key_stops_at_once_and_says_so(api: Any, sender: Sender, council: Council) -> None:
    assert api.get("/v2/templates").status_code == 200
    with acting_for(council.id):
        keys = organisations_asked.list_keys_of_service(sender.id, Platform.NOTIFY)  # type: ignore[arg-type]
        live = next(key.id for key in keys if key.kind is KeyKind.LIVE)
        organisations.revoke_key(live, actor=PersonId(new_id()), now=clock.now())
    assert refusal(api, sender.bearer()) == (403, "Invalid token: API key revoked")
    assert api.get("/v2/templates", kind=KeyKind.TEAM).status_code == 200


def test_the_keys_of_a_council_that_was_taken_off_stop_at_once_until_it_is_put_back(
    api: Any, sender: Sender, council: Council
) -> None:
    assert api.get("/v2/templates").status_code == 200
    with acting_for(council.id):
        organisations.take_council_off(operator=PersonId(new_id()), now=clock.now())
    assert refusal(api, sender.bearer()) == (403, "Invalid token: service is archived")
    assert {api.send_email(kind).status_code for kind in KeyKind} == {api.send_text().status_code} == {403}
    with acting_for(council.id):
        organisations.put_council_back(operator=PersonId(new_id()), now=clock.now())
    assert api.get("/v2/templates").status_code == 200


def test_when_a_key_was_last_used_is_known(api: Any, sender: Sender, council: Council) -> None:
    api.get("/v2/templates", kind=KeyKind.TEST)
    with acting_for(council.id):
        used = {key.kind: key.last_used_at for key in organisations_asked.list_keys().rows}
    assert used[KeyKind.TEST] is not None
    assert used[KeyKind.LIVE] is None


def test_a_service_without_keys_says_so(api: Any, council: Council) -> None:
    service = make_service(council, slug="silent")
    with acting_for(council.id), transaction():
        ensure_notify_service(service.id, "Silent")
    bearer = sign({"iss": str(service.id), "iat": int(time.time())}, "x")
    assert refusal(api, bearer) == (403, "Invalid token: service has no API keys")


def test_an_archived_service_says_so(api: Any, sender: Sender, council: Council) -> None:
    with acting_for(council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE notify_notifyservice SET is_active = false WHERE id = %s", [sender.id])
    forget_services()
    assert refusal(api, sender.bearer()) == (403, "Invalid token: service is archived")


def test_a_key_of_another_platform_opens_nothing(api: Any, sender: Sender, council: Council) -> None:
    with acting_for(council.id):
        wanted = organisations.WantedKey(sender.id, Platform.PAY, KeyKind.LIVE, "pay", secret="x" * 40)  # type: ignore[arg-type]
        organisations.create_key(wanted, actor=None, now=clock.now())
    assert refusal(api, sign(claims(sender), "x" * 40)) == (403, "Invalid token: API key not found")


def test_a_key_of_another_council_opens_nothing_here(api: Any, sender: Sender, other_council: Council) -> None:
    other = make_sender(other_council)
    assert refusal(api, sign(claims(sender), other.secret())) == (403, "Invalid token: API key not found")
    theirs = api.get(f"/v2/template/{sender.email}", bearer=other.bearer())
    assert theirs.status_code == 404
