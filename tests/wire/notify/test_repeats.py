"""A request that names itself is done once, however often it is sent. Ours: no national API has it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify.operations import forget_repeats
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind


def count(sender: Sender) -> tuple[int, int]:
    """How many messages the service has sent, and how many uses that was."""
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notify_message WHERE notify_service_id = %s", [sender.id])
        messages = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM metering_usageevent WHERE service_id = %s", [sender.id])
        return messages, cursor.fetchone()[0]


def test_the_same_request_again_gets_the_first_answer_and_sends_nothing(api: Any, sender: Sender) -> None:
    first = api.named("a-1").send_email()
    again = api.named("a-1").send_email()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert count(sender) == (1, 1)
    assert api.named("a-2").send_email().json()["id"] != first.json()["id"]


def test_another_request_under_the_same_name_is_refused(api: Any, sender: Sender) -> None:
    api.named("a").send_text()
    other = api.named("a").send_text(reference="other")
    error = {"error": "ConflictError", "message": "Idempotency-Key has been used for another request"}
    assert (other.status_code, other.json()) == (409, {"status_code": 409, "errors": [error]})
    assert api.named("a").send_email().status_code == 409
    assert api.named("a").post("/v2/notifications/sms", {}).status_code == 409
    assert count(sender) == (1, 1)


def test_a_refused_request_may_be_mended_under_its_name(api: Any, sender: Sender) -> None:
    assert api.named("a").send_email(personalisation={}).status_code == 400
    assert api.named("a").send_email().status_code == 201
    assert count(sender) == (1, 1)


def test_requests_at_the_same_moment_send_one_message(api: Any, sender: Sender) -> None:
    together = threading.Barrier(8)

    def send(_: int) -> bytes:
        together.wait()
        try:
            answer: bytes = api.named("race").send_email().content
        finally:
            connections.close_all()
        return answer

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(send, range(8)))
    assert len(answers) == 1
    assert count(sender) == (1, 1)


def test_a_name_belongs_to_its_service(api: Any, sender: Sender, other_council: Any) -> None:
    other = make_sender(other_council)
    mine = api.named("a").send_email().json()["id"]
    body = {"email_address": "jo@example.com", "template_id": str(other.email)}
    body |= {"personalisation": {"name": "Jo", "thing": "x"}}  # type: ignore[dict-item]
    theirs = api.named("a").post("/v2/notifications/email", body, bearer=other.bearer())
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine


def test_after_a_day_a_name_is_free_again_and_its_answer_is_forgotten(
    api: Any, sender: Sender, as_dispatcher: Any
) -> None:
    first = api.named("old").send_email().json()["id"]
    api.named("young").send_email()
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_repeatkey SET answered_at = answered_at - %s WHERE key = 'old'", [timedelta(hours=25)]
        )
    assert api.named("old").send_email().json()["id"] != first
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_repeatkey SET answered_at = answered_at - %s WHERE key = 'old'", [timedelta(hours=25)]
        )
    assert as_dispatcher(lambda: forget_repeats(now=clock.now())) >= 1
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT key FROM notify_repeatkey")
        assert cursor.fetchall() == [("young",)]


def test_what_is_kept_of_an_answer_cannot_be_read_in_the_database(api: Any, sender: Sender) -> None:
    api.named("a").send_email(personalisation={"name": "Rumpelstilt", "thing": "x"})
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM notify_repeatkey")
        assert b"Rumpelstilt" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("name", ["", "x" * 256, "né"])
def test_a_name_must_be_one(api: Any, name: str) -> None:
    refused = api.named(name).send_email()
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["message"] == "Idempotency-Key must be 1 to 255 plain characters"


def test_smoke_tests_and_test_keys_have_names_too(api: Any, sender: Sender) -> None:
    to = "simulate-delivered@notifications.service.gov.uk"
    first = api.named("a").send_email(email_address=to)
    assert api.named("a").send_email(email_address=to).content == first.content
    assert count(sender) == (0, 0)
    assert api.named("b").send_email(KeyKind.TEST).status_code == 201
    assert count(sender) == (1, 0)
