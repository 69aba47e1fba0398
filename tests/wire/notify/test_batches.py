"""Many recipients in one request, each answered by itself. Ours: no national API has it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import queries
from guildhall.notify.operations import forget_limits
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import Sender
from guildhall.organisations.domain.keys import KeyKind

BATCH = "/guildhall/v1/notifications/batch"


def recipient(name: str, **more: object) -> dict[str, object]:
    return {"email_address": f"{name}@example.com", "personalisation": {"name": name, "thing": "sofa"}} | more


def send(api: Any, sender: Sender, *recipients: object, kind: KeyKind = KeyKind.LIVE, **more: object) -> Any:
    body = {"template_id": str(sender.email), "recipients": list(recipients)} | more
    return api.post(BATCH, body, kind=kind)


def rows(sender: Sender, query: str) -> list[Any]:
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute(query, [sender.id])
        return cursor.fetchall()


def test_each_recipient_is_accepted_or_refused_by_itself_and_in_order(api: Any, sender: Sender) -> None:
    answer = send(
        api,
        sender,
        recipient("ann", reference="r1"),
        {"email_address": "nobody", "personalisation": {}},
        recipient("bob", personalisation={"name": "Bob"}),
        "not even an object",
        recipient("cy", reference="r5", language="cy"),
    )
    assert answer.status_code == 201
    told = answer.json()
    assert (told["accepted"], told["refused"]) == (2, 3)
    first, bad_address, no_thing, no_object, last = told["results"]
    assert (first["reference"], last["reference"]) == ("r1", "r5")
    assert bad_address["errors"] == [{"error": "ValidationError", "message": "email_address Not a valid email address"}]
    assert no_thing == {
        "status_code": 400,
        "errors": [{"error": "BadRequestError", "message": "Missing personalisation: thing"}],
    }
    assert no_object["errors"][0]["message"] == "not even an object is not of type object"
    assert api.get(f"/v2/notifications/{first['id']}").json()["body"] == "Hello ann\n\nIt is ready."
    assert api.get(f"/v2/notifications/{last['id']}").json()["body"] == "Helo cy"
    assert {first["id"], last["id"]} == {
        str(id) for (id,) in rows(sender, "SELECT id FROM notify_message WHERE notify_service_id = %s")
    }
    assert rows(sender, "SELECT sum(quantity) FROM metering_usageevent WHERE service_id = %s") == [(2,)]


def test_a_batch_is_delivered_like_any_message(api: Any, sender: Sender, settle: Any) -> None:
    ids = [each["id"] for each in send(api, sender, *(recipient(f"p{n}") for n in range(5))).json()["results"]]
    settle()
    assert {api.get(f"/v2/notifications/{each}").json()["status"] for each in ids} == {"delivered"}
    assert len(queries.list_inbox(to="p3@example.com")) >= 1


def test_texts_go_in_batches_too(api: Any, sender: Sender) -> None:
    people = [
        {"phone_number": "07700 900123", "personalisation": {"name": "Jo"}},
        {"phone_number": "01234567890", "personalisation": {"name": "Jo"}},
    ]
    told = api.post(BATCH, {"template_id": str(sender.text), "recipients": people}).json()
    assert told["results"][0]["id"]
    assert told["results"][1]["errors"] == [{"error": "InvalidPhoneError", "message": "Not a UK mobile number"}]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipients": []}, "recipients must be 1 to 10000; there are 0"),
        ({"recipients": {"a": 1}}, "recipients {a: 1} is not of type array"),
        ({"recipients": [1] * 10_001}, "recipients must be 1 to 10000; there are 10001"),
        ({"template_id": "x"}, "template_id is not a valid UUID"),
        ({"foo": 1}, "Additional properties are not allowed (foo was unexpected)"),
    ],
)
def test_a_batch_that_breaks_the_schema_is_refused_whole(
    api: Any, sender: Sender, changes: dict[str, object], message: str
) -> None:
    refused = api.post(BATCH, {"template_id": str(sender.email), "recipients": [recipient("a")]} | changes)
    assert refused.status_code == 400
    assert refused.json()["errors"] == [{"error": "ValidationError", "message": message}]


def test_a_batch_needs_a_key_a_template_and_its_limits(api: Any, sender: Sender) -> None:
    assert api.post(BATCH, {}, bearer="").status_code == 401
    assert api.post(BATCH, b"{").status_code == 400
    unknown = send(api, sender, recipient("a"), template_id=str(uuid4()))
    assert unknown.json()["errors"][0]["message"] == "Template not found"
    assert api.get(BATCH).status_code == 405


def test_a_batch_is_sent_whole_or_not_at_all_when_the_day_ends(api: Any, sender: Sender) -> None:
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE notify_notifyservice SET emails_a_day = 3 WHERE id = %s", [sender.id])
    forget_services()
    forget_limits()
    four = send(api, sender, *(recipient(f"p{n}") for n in range(4)))
    assert (four.status_code, four.json()["errors"][0]["message"]) == (429, "Exceeded send limits (email: 3) for today")
    assert rows(sender, "SELECT count(*) FROM notify_message WHERE notify_service_id = %s") == [(0,)]
    assert send(api, sender, *(recipient(f"p{n}") for n in range(3))).json()["accepted"] == 3
    assert send(api, sender, recipient("one more")).status_code == 201  # refused by itself: no address has a space
    assert send(api, sender, recipient("p")).status_code == 429


def test_the_same_batch_again_sends_nothing(api: Any, sender: Sender) -> None:
    first = send(api.named("b"), sender, recipient("a"), recipient("b"))
    assert send(api.named("b"), sender, recipient("a"), recipient("b")).content == first.content
    assert send(api.named("b"), sender, recipient("a")).status_code == 409
    assert rows(sender, "SELECT count(*) FROM notify_message WHERE notify_service_id = %s") == [(2,)]


def test_a_test_keys_batch_is_counted_nowhere(api: Any, sender: Sender) -> None:
    assert send(api, sender, recipient("a"), kind=KeyKind.TEST).json()["accepted"] == 1
    assert rows(sender, "SELECT count(*) FROM metering_usageevent WHERE service_id = %s") == [(0,)]


def test_a_team_keys_batch_reaches_the_team_only(api: Any, sender: Sender) -> None:
    told = send(api, sender, recipient("a"), kind=KeyKind.TEAM).json()
    assert told["results"][0]["errors"][0]["message"] == "Can’t send to this recipient using a team-only API key"


def test_a_language_is_one_of_ours(api: Any, sender: Sender) -> None:
    told = send(api, sender, recipient("a", language="fr"), recipient("b", language="both")).json()
    assert told["results"][0]["errors"][0]["message"] == "language fr is not one of [en, cy, both]"
    both = api.get(f"/v2/notifications/{told['results'][1]['id']}").json()["body"]
    assert both == "Hello b\n\nIt is ready.\n\n---\n\nHelo b"


def test_a_batch_larger_than_twenty_megabytes_is_refused_unread(api: Any) -> None:
    assert api.post(BATCH, b" " * (20 * 1024 * 1024 + 1)).status_code == 413
