"""Whatever is sent, the API answers with one of its own answers and never breaks."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.notify.operations import forget_limits
from guildhall.notify.testing import Sender, sign
from guildhall.notify.wire.notify_v2.auth import authenticate
from guildhall.notify.wire.notify_v2.refusals import Unauthorised

TRIES = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "email_address",
        "phone_number",
        "template_id",
        "personalisation",
        "reference",
        "email_reply_to_id",
        "sms_sender_id",
        "scheduled_for",
        "one_click_unsubscribe_url",
        "sanitise_content_for",
    ]
)


@TRIES
@given(channel=st.sampled_from(["email", "sms"]), changes=st.dictionaries(FIELDS, JSON, max_size=3))
def test_any_value_of_any_field_is_answered(api: Any, channel: str, changes: dict[str, object]) -> None:
    forget_limits()
    send = api.send_email if channel == "email" else api.send_text
    _is_an_answer(send(**changes))


@TRIES
@given(values=st.dictionaries(st.text(max_size=8), JSON, max_size=4), name=JSON, thing=JSON)
def test_any_personalisation_is_answered(api: Any, values: dict[str, object], name: object, thing: object) -> None:
    given_values = values | {"name": name, "thing": thing}
    untrusted = list(given_values)
    _is_an_answer(api.send_email(personalisation=given_values, sanitise_content_for=untrusted))
    _is_an_answer(api.send_text(personalisation=given_values))


@TRIES
@given(body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_answered(api: Any, body: bytes) -> None:
    _is_an_answer(api.post("/v2/notifications/email", body))
    _is_an_answer(api.post("/v2/notifications/sms", body))


@TRIES
@given(header=st.text(max_size=300).map(lambda text: f"Bearer {text}") | st.text(max_size=40))
def test_any_header_is_answered(sender: Sender, header: str) -> None:
    try:
        authenticate(header, at=0.0)
    except Unauthorised as refusal:
        assert refusal.status in (401, 403)


@TRIES
@given(claims=st.dictionaries(st.sampled_from(["iss", "iat", "exp", "nbf", "aud"]), JSON), keep=st.booleans())
def test_any_claims_are_answered(sender: Sender, claims: dict[str, object], keep: bool) -> None:
    wanted = claims | ({"iss": str(sender.id)} if keep else {})
    try:
        authenticate(sign(wanted, sender.secret()), at=0.0)
    except Unauthorised as refusal:
        assert refusal.status in (401, 403)


def _is_an_answer(response: Any) -> None:
    assert response.status_code in (201, 400, 429), (response.status_code, response.content)
    body = response.json()
    if response.status_code != 201:
        assert body["status_code"] == response.status_code
        assert body["errors"]
