"""Messages that go later: ignored as the reference does, or heeded for services that have switched it on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from guildhall.config import wiring
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council


@pytest.fixture
def heeding(sender: Sender) -> Sender:
    """The service has switched it on."""
    do(sender, "UPDATE notify_notifyservice SET heeds_schedules = true WHERE id = %s")
    forget_services()
    return sender


def do(sender: Sender, statement: str) -> list[Any]:
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute(statement, [sender.id])
        return cursor.fetchall() if cursor.description else []


def later(**span: int) -> str:
    return (clock.now() + timedelta(**span)).isoformat()


def used(sender: Sender) -> int:
    [(quantity,)] = do(sender, "SELECT coalesce(sum(quantity), 0) FROM metering_usageevent WHERE service_id = %s")
    return int(quantity)


def two_hours_pass() -> int:
    """Do what the worker will do in two hours."""
    then = clock.now() + timedelta(hours=2)
    return sum(loop.step(then) for loop in wiring.LOOPS if loop.name.startswith("notify.delivery"))


def test_a_service_that_heeds_schedules_sends_when_it_was_asked_to(api: Any, heeding: Sender, settle: Any) -> None:
    at = later(hours=71)
    sent = api.send_email(scheduled_for=at)
    assert sent.status_code == 201
    told = datetime.fromisoformat(sent.json()["scheduled_for"])
    assert told == datetime.fromisoformat(at)
    settle()
    read = api.get(f"/v2/notifications/{sent.json()['id']}").json()
    assert (read["status"], read["scheduled_for"]) == ("created", sent.json()["scheduled_for"])


def test_seventy_two_hours_are_the_furthest(api: Any, heeding: Sender) -> None:
    refused = api.send_text(scheduled_for=later(hours=73))
    message = "scheduled_for datetime can only be 72 hours in the future"
    assert refused.json()["errors"] == [{"error": "ValidationError", "message": message}]


def test_an_unaware_service_sees_the_references_check_and_null(api: Any, sender: Sender) -> None:
    refused = api.send_email(scheduled_for=later(hours=25))
    assert refused.json()["errors"][0]["message"] == "scheduled_for datetime can only be 24 hours in the future"
    sent = api.send_email(scheduled_for=later(hours=1)).json()
    assert sent["scheduled_for"] is None
    assert do(sender, "SELECT scheduled_for FROM notify_message WHERE notify_service_id = %s") == [(None,)]


def test_what_goes_later_is_counted_once_and_goes(api: Any, heeding: Sender, as_dispatcher: Any) -> None:
    sent = api.send_text(personalisation={"name": "x" * 200}, scheduled_for=later(hours=1)).json()["id"]
    assert used(heeding) == 2
    as_dispatcher(two_hours_pass)
    assert api.get(f"/v2/notifications/{sent}").json()["status"] == "delivered"
    assert used(heeding) == 2
    as_dispatcher(two_hours_pass)
    assert used(heeding) == 2


def test_what_goes_later_can_be_taken_back_for_nothing(api: Any, heeding: Sender, as_dispatcher: Any) -> None:
    sent = api.send_text(scheduled_for=later(hours=1)).json()["id"]
    assert used(heeding) == 1
    cancelled = api.post(f"/guildhall/v1/notifications/{sent}/cancel")
    assert (cancelled.status_code, cancelled.json()) == (200, {"id": sent, "status": "cancelled"})
    as_dispatcher(two_hours_pass)
    assert api.get(f"/v2/notifications/{sent}").json()["status"] == "cancelled"
    assert used(heeding) == 0
    assert api.post(f"/guildhall/v1/notifications/{sent}/cancel").status_code == 409


def test_what_was_not_to_go_later_cannot_be_taken_back(api: Any, sender: Sender, council: Council) -> None:
    sent = api.send_email().json()["id"]
    refused = api.post(f"/guildhall/v1/notifications/{sent}/cancel")
    message = "Only a scheduled notification whose time has not come can be cancelled"
    assert (refused.status_code, refused.json()["errors"]) == (409, [{"error": "ConflictError", "message": message}])
    assert api.post(f"/guildhall/v1/notifications/{uuid4()}/cancel").status_code == 404
    assert api.post("/guildhall/v1/notifications/x/cancel").status_code == 400
    stranger = make_sender(council, slug="parking")
    assert api.post(f"/guildhall/v1/notifications/{sent}/cancel", bearer=stranger.bearer()).status_code == 404


def test_a_batch_goes_later_too(api: Any, heeding: Sender) -> None:
    body = {"template_id": str(heeding.email), "scheduled_for": later(hours=2)}
    body |= {"recipients": [{"email_address": "a@b.example", "personalisation": {"name": "a", "thing": "b"}}]}
    [result] = api.post("/guildhall/v1/notifications/batch", body).json()["results"]
    assert result["scheduled_for"] is not None
    assert api.post(f"/guildhall/v1/notifications/{result['id']}/cancel").status_code == 200
