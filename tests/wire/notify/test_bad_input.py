"""Whatever a program sends by mistake or on purpose: a clear refusal or a correct reading, and never a 500."""

import io
import json
from typing import Any

import pytest

from guildhall.notify.testing import Sender

EMAIL, TEXT, BATCH = "/v2/notifications/email", "/v2/notifications/sms", "/guildhall/v1/notifications/batch"
NOT_JSON = [{"error": "BadRequestError", "message": "Invalid JSON supplied in POST data"}]


def nested(depth: int, opened: str = "[", closed: str = "]") -> str:
    return opened * depth + ("1" if opened != "[" else "") + closed * depth


@pytest.mark.parametrize("path", [EMAIL, TEXT, BATCH])
@pytest.mark.parametrize(
    "value",
    [
        r'"\u0000"',
        r'"\ud800"',
        r'"a\udc00b"',
        '"\x01"',
        "1" * 30,
        "-" + "9" * 5000,
        "1e999",
        "NaN",
        nested(40),
        nested(900),
        nested(100_000),
        nested(500, '{"a":', "}"),
    ],
)
def test_what_cannot_be_kept_is_refused_as_no_json(api: Any, path: str, value: str) -> None:
    for field in ("personalisation", "reference", "template_id", "recipients"):
        refused = api.post(path, f'{{"{field}": {{"name": {value}}}}}'.encode())
        assert (refused.status_code, refused.json()["errors"]) == (400, NOT_JSON)


@pytest.mark.parametrize(
    "value", ["\x01\x07\x1b[31m", "a\r\nBcc: x@example.com", "\u202e\ufeff", "x\u2028y", "\\u0000"]
)
def test_odd_characters_are_sent_as_they_are(api: Any, value: str) -> None:
    sent = api.send_email(personalisation={"name": value, "thing": value}, reference=value)
    assert sent.status_code == 201
    read = api.get(f"/v2/notifications/{sent.json()['id']}").json()
    assert read["reference"] == value
    assert "\n" not in read["subject"]


def test_a_long_value_is_sent_by_email_and_refused_by_text(api: Any) -> None:
    long = "x" * 1_000_000
    assert api.send_email(personalisation={"name": long, "thing": "x"}).status_code == 201
    refused = api.send_text(personalisation={"name": long})
    assert (refused.status_code, refused.json()["errors"][0]["error"]) == (400, "BadRequestError")


@pytest.mark.parametrize("path", [EMAIL, TEXT])
def test_twenty_megabytes_are_refused_unread(api: Any, path: str) -> None:
    refused = api.post(path, b'"' + b"x" * 20_000_000 + b'"')
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (413, "Request entity too large")


@pytest.mark.parametrize("value", [None, True, 0, -1, 1.5, "", "x", [], [1], {}, {"a": []}])
@pytest.mark.parametrize("field", ["template_id", "recipients", "scheduled_for", "email_reply_to_id", "sms_sender_id"])
def test_a_batch_of_wrong_types_is_refused_in_words(api: Any, sender: Sender, field: str, value: object) -> None:
    row = {"email_address": "a@example.com", "personalisation": {"name": "a", "thing": "b"}}
    answer = api.post(BATCH, {"template_id": str(sender.email), "recipients": [row]} | {field: value})
    assert answer.status_code in (201, 400)
    if answer.status_code == 400:
        assert answer.json()["errors"]


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "", [], {}, {"file": "x"}, [None], "\x01"])
@pytest.mark.parametrize("field", ["email_address", "personalisation", "reference", "language", "nonsense"])
def test_a_row_of_wrong_types_is_refused_by_itself(api: Any, sender: Sender, field: str, value: object) -> None:
    good = {"email_address": "a@example.com", "personalisation": {"name": "a", "thing": "b"}}
    answer = api.post(BATCH, {"template_id": str(sender.email), "recipients": [good | {field: value}, good]})
    assert answer.status_code == 201
    first, second = answer.json()["results"]
    assert "id" in second
    assert "id" in first or first["errors"][0]["message"]


def test_a_moment_at_the_end_of_all_time_is_refused(api: Any) -> None:
    for moment in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"):
        assert api.send_email(scheduled_for=moment).status_code == 400


def test_a_body_whose_length_is_not_told_is_an_empty_one(client: Any, sender: Sender) -> None:
    headers = {"Authorization": sender.bearer()}
    for length in ("", "x", "-1"):
        refused = client.post(EMAIL, b"{}", content_type="application/json", headers=headers, CONTENT_LENGTH=length)
        assert (refused.status_code, refused.json()["errors"]) == (400, NOT_JSON)


def test_a_body_that_comes_in_pieces_is_read_to_its_end(client: Any, sender: Sender) -> None:
    body = {"email_address": "jo@example.com", "template_id": str(sender.email)}
    body |= {"personalisation": {"name": "Jo", "thing": "x"}}  # type: ignore[dict-item]
    in_pieces = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    headers = {"Authorization": sender.bearer()}

    def post(content: bytes) -> Any:
        pieces = in_pieces | {"wsgi.input": io.BytesIO(content)}
        return client.post(EMAIL, b"", content_type="application/json", headers=headers, **pieces)

    assert post(json.dumps(body).encode()).status_code == 201
    assert post(b"x" * (3 * 1024 * 1024 + 1)).status_code == 413


def test_leaves_answer_a_post_and_django_the_rest(client: Any, sender: Sender) -> None:
    headers = {"Authorization": sender.bearer()}
    for method in (client.put, client.delete, client.patch):
        assert method(EMAIL).status_code == 405
    assert client.get(EMAIL, headers=headers).json()["errors"][0]["message"] == "notification_id is not a valid UUID"
    assert client.post(f"{EMAIL}/", b"{}", content_type="application/json", headers=headers).status_code == 404


def test_an_answer_before_django_carries_the_same_safety_headers(client: Any) -> None:
    fast, django = client.post(EMAIL), client.get("/v2/templates")
    kept = {name: value for name, value in django.headers.items() if name not in ("Content-Length", "Vary")}
    assert kept.items() <= dict(fast.headers.items()).items()
