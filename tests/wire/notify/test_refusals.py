"""What the API refuses, word for word (alphagov/notifications-api:app/v2/, tests/app/v2/notifications/)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.contracts import cases

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import Pair, Words, forget_limits
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.operations import NewOfficer, ensure_member
from guildhall.organisations.queries import Council

TRIAL = (
    "Can’t send to this recipient when service is in trial mode – see "
    "https://www.notifications.service.gov.uk/trial-mode"
)
TEAM = "Can’t send to this recipient using a team-only API key"


def errors(response: Any, status: int = 400) -> list[tuple[str, str]]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body["status_code"] == status
    return [(error["error"], error["message"]) for error in body["errors"]]


def invalid(*messages: str) -> list[tuple[str, str]]:
    return [("ValidationError", message) for message in messages]


def bad(message: str) -> list[tuple[str, str]]:
    return [("BadRequestError", message)]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a": "\\u0000"}', b"[" * 100_000])
def test_what_is_not_json_is_refused(api: Any, body: bytes) -> None:
    assert errors(api.post("/v2/notifications/email", body)) == bad("Invalid JSON supplied in POST data")


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"0", b'""'])
def test_nothing_lacks_what_is_required_in_the_schemas_order(api: Any, body: bytes) -> None:
    required = ("email_address is a required property", "template_id is a required property")
    assert errors(api.post("/v2/notifications/email", body)) == invalid(*required)


NOT_ONE_ADDRESS = [
    "",
    "https://",
    "https://x y",
    "HTTP://x.example",
    "https://a.example,https://b.example",
    "https://a.example/x,https://b.example/y",
    "https://a.example/x,MAILTO:all@example.com",
    "https://a.example/x>,<https://b.example/y",
    "https://a.example/x<",
    'https://a.example/"',
    "https://a.example/x\r\nBcc:all@example.com",
    "https://a.example/\u202e",
    "https://a.example/ŵ",
    "https://a.example/\\",
    "https:///path",
    "https://a..example",
    "https://-a.example",
    "https://a.example:99999",
    "https://a.example:x",
    "https://[::1",
    "https://[nonsense]/",
    "https://a.example/" + "x" * 2_000,
]
ONE_ADDRESS = [
    "https://www.testford.example/stop?of=1,2&key=a%2Cb",
    "https://xn--wyt-c5a.example:8443/~stop/(now)#x",
    "https://[2001:db8::1]/stop",
]


@pytest.mark.parametrize("address", ONE_ADDRESS)
def test_an_address_to_unsubscribe_at_is_told_as_it_was_given(api: Any, address: str) -> None:
    answer = api.send_email(one_click_unsubscribe_url=address)
    assert (answer.status_code, answer.json()["content"]["one_click_unsubscribe_url"]) == (201, address)


def test_a_body_that_is_no_object_is_refused(api: Any) -> None:
    assert errors(api.post("/v2/notifications/sms", b"[1]")) == invalid("[1] is not of type object")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"foo": 1}, "Additional properties are not allowed (foo was unexpected)"),
        ({"foo": 1, "bar": 2}, "Additional properties are not allowed (bar, foo were unexpected)"),
        ({"email_address": 1}, "email_address 1 is not of type string"),
        ({"email_address": None}, "email_address None is not of type string"),
        ({"email_address": "nope"}, "email_address Not a valid email address"),
        ({"template_id": "x"}, "template_id is not a valid UUID"),
        ({"template_id": 1}, "template_id is not a valid UUID"),
        ({"personalisation": "x"}, "personalisation x is not of type object"),
        ({"personalisation": ["a"]}, "personalisation [a] is not of type object"),
        ({"reference": 5}, "reference 5 is not of type string"),
        ({"reference": "r" * 1001}, f"reference {'r' * 1001} is too long"),
        ({"email_reply_to_id": "x"}, "email_reply_to_id is not a valid UUID"),
        ({"one_click_unsubscribe_url": "http://x.example"}, "one_click_unsubscribe_url is not a valid https url"),
        *(
            ({"one_click_unsubscribe_url": address}, "one_click_unsubscribe_url is not a valid https url")
            for address in NOT_ONE_ADDRESS
        ),
        ({"sanitise_content_for": "name"}, "sanitise_content_for name is not of type array, null"),
        ({"scheduled_for": 1}, "scheduled_for 1 is not of type string, null"),
        ({"scheduled_for": "2020-01-01T00:00:00"}, "scheduled_for datetime can not be in the past"),
        ({"scheduled_for": "2099-01-01 00:00"}, "scheduled_for datetime can only be 24 hours in the future"),
        (
            {"scheduled_for": "tomorrow"},
            "scheduled_for datetime format is invalid. It must be a valid ISO8601 date time format, "
            "https://en.wikipedia.org/wiki/ISO_8601",
        ),
    ],
)
def test_an_email_that_breaks_the_schema_is_refused(api: Any, changes: dict[str, object], message: str) -> None:
    assert errors(api.send_email(**changes)) == invalid(message)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "phone_number Not enough digits"),
        ("+999 123456789", "phone_number Too many digits"),
        ("07700x900123", "phone_number Must not contain letters or symbols"),
        ("0690000000", "phone_number Number is not valid – double check the phone number you entered"),
        (None, "phone_number None is not of type string"),
    ],
)
def test_a_number_that_is_none_is_refused(api: Any, typed: str | None, message: str) -> None:
    assert errors(api.send_text(phone_number=typed)) == invalid(message)


def test_several_faults_are_told_together_and_each_once(api: Any) -> None:
    body = {"phone_number": 1, "template_id": 1, "reference": 1, "extra": 1}
    assert errors(api.post("/v2/notifications/sms", body)) == invalid(
        "reference 1 is not of type string",
        "phone_number 1 is not of type string",
        "template_id is not a valid UUID",
        "Additional properties are not allowed (extra was unexpected)",
    )


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            {"retention_period": "80 weeks"},
            "retention_period Unsupported value for retention_period: 80 weeks. "
            "Supported periods are from 1 to 78 weeks.",
        ),
        (
            {"confirm_email_before_download": "yes"},
            "confirm_email_before_download Unsupported value for confirm_email_before_download: yes. "
            "Use a boolean true or false value.",
        ),
        ({"is_csv": "bad"}, "is_csv Unsupported value for is_csv: bad. Use a boolean true or false value."),
        ({"file": False}, "file False is not of type string"),
        ({"other": "a"}, "Additional properties are not allowed (other was unexpected)"),
        ({"filename": 5}, "filename `filename` must end with a file extension. For example, filename.csv"),
        ({"filename": "abc"}, "filename `filename` must end with a file extension. For example, filename.csv"),
        ({"filename": "a.csv", "is_csv": True}, "Do not set a value for `is_csv` if `filename` is set."),
    ],
)
def test_a_file_that_describes_itself_wrongly_is_refused(api: Any, file: dict[str, object], message: str) -> None:
    values = {"name": {"file": "YQ==", **file}, "thing": "x"}
    assert errors(api.send_email(personalisation=values)) == invalid(message)


def test_the_address_in_the_refusal_of_a_file_leads_to_where_files_are_set_up(sender: Sender, client: Client) -> None:
    sign_in(client, make_person().id)
    answer = client.get(f"/services/{sender.id}/service-settings/send-files-by-email")
    assert answer.headers["Location"] == f"/staff/{sender.council.slug}/messages/bulky-waste/settings/files"
    assert client.get(f"/services/{uuid4()}/service-settings/send-files-by-email").status_code == 404


def test_recipients_come_back_without_the_spaces_around_them(api: Any) -> None:
    sent = api.send_email(email_address=" jo@example.com\t", personalisation={"name": "Jo", "thing": "x"})
    assert api.get(f"/v2/notifications/{sent.json()['id']}").json()["email_address"] == "jo@example.com"


def test_files_go_by_email_only_and_only_once_set_up(api: Any, sender: Sender) -> None:
    file = {"file": "YQ==", "retention_period": "1 week"}
    assert errors(api.send_text(personalisation={"name": file})) == bad("Can only send a file by email")
    assert errors(api.send_email(personalisation={"name": file, "thing": "x"})) == bad(
        "Send files by email has not been set up - add contact details for your service at "
        f"{settings.BASE_URL}/services/{sender.id}/service-settings/send-files-by-email"
    )


def test_a_template_must_be_there_of_the_channel_and_in_use(api: Any, sender: Sender, council: Council) -> None:
    assert errors(api.send_email(template_id=str(uuid4()))) == bad("Template not found")
    wrong = bad("sms template is not suitable for email notification")
    assert errors(api.send_email(template_id=str(sender.text))) == wrong
    with acting_for(council.id):
        notify.archive_template(sender.email, actor=PersonId(new_id()), now=clock.now())
    assert errors(api.send_email()) == bad("Template has been deleted")


def test_a_template_of_another_service_is_not_found(api: Any, council: Council) -> None:
    other = make_sender(council, slug="parking")
    assert errors(api.send_email(template_id=str(other.email))) == bad("Template not found")


def test_what_a_template_asks_for_must_be_given(api: Any) -> None:
    assert errors(api.send_email(personalisation={})) == bad("Missing personalisation: thing, name")
    assert errors(api.send_email(personalisation=...)) == bad("Missing personalisation: thing, name")
    assert errors(api.send_email(personalisation={"NAME": "x", "thing": None})) == bad("Missing personalisation: thing")


def test_what_an_officer_changes_is_what_is_sent_next(api: Any, sender: Sender, council: Council) -> None:
    assert api.send_text().json()["content"]["body"] == "Hello Jo"
    with acting_for(council.id):
        pair = Pair(Words("", "Bye ((name))"))
        notify.save_template(sender.text, opened=1, name="A text", pair=pair, by=Author(None, ""), now=clock.now())
    sent = api.send_text().json()
    assert (sent["content"]["body"], sent["template"]["version"]) == ("Bye Jo", 2)
    with acting_for(council.id):
        notify.archive_template(sender.text, actor=PersonId(new_id()), now=clock.now())
    assert errors(api.send_text()) == bad("Template has been deleted")


def test_a_message_that_says_nothing_is_refused(api: Any, sender: Sender, council: Council) -> None:
    with acting_for(council.id):
        empty = notify.add_template(
            notify_service_id=sender.id,
            channel=Channel.EMAIL,
            name="e",
            pair=Pair(Words("s", "((name))")),
            by=Author(None, ""),
            now=clock.now(),
        )
    response = api.send_email(template_id=str(empty.id), personalisation={"name": " "})
    assert errors(response) == bad("Your message is empty.")


def test_a_message_that_is_too_long_is_refused(api: Any) -> None:
    text = api.send_text(personalisation={"name": "x" * 913})
    assert errors(text) == bad(
        "Your message is too long. Text messages cannot be longer than 918 characters. "
        "Your message is 919 characters long."
    )
    email = api.send_email(personalisation={"name": "x" * 2_000_001, "thing": "x"})
    assert errors(email) == bad(
        "Your message is too long. Emails cannot be longer than 2000000 bytes. Your message is 2000021 bytes."
    )
    assert api.send_text(personalisation={"name": "x" * 912}).status_code == 201


def test_a_body_larger_than_three_megabytes_is_refused_unread(api: Any) -> None:
    assert errors(api.send_email(personalisation={"name": "x" * 3_200_000}), 413)


def test_a_sender_must_be_the_services_own(api: Any, sender: Sender, council: Council) -> None:
    stranger = uuid4()
    assert errors(api.send_email(email_reply_to_id=str(stranger))) == bad(
        f"email_reply_to_id {stranger} does not exist in database for service id {sender.id}"
    )
    assert errors(api.send_text(sms_sender_id=str(stranger))) == bad(
        f"sms_sender_id {stranger} does not exist in database for service id {sender.id}"
    )
    mine = notify.SenderAddressId(uuid4())
    with acting_for(council.id), transaction():
        notify.ensure_sender(mine, notify_service_id=sender.id, channel=Channel.SMS, address="07700900500")
    forget_services()
    sent = api.send_text(sms_sender_id=str(mine))
    assert sent.json()["content"]["from_number"] == "447700900500"
    assert errors(api.send_email(email_reply_to_id=str(mine)))[0][1].startswith("email_reply_to_id")


def test_abroad_and_landlines_need_leave(api: Any) -> None:
    assert errors(api.send_text(phone_number="+33 6 12 34 56 78")) == bad("Cannot send to international mobile numbers")
    assert errors(api.send_text(phone_number="01234567890")) == [("InvalidPhoneError", "Not a UK mobile number")]


@pytest.mark.parametrize("kind", list(KeyKind))
def test_in_trial_only_the_team_and_its_guests_are_written_to(
    api: Any, client: Any, council: Council, kind: KeyKind
) -> None:
    trial = make_sender(council, is_live=False, slug="new")
    with acting_for(council.id):
        ensure_member(
            NewOfficer(PersonId(new_id()), "Team@Example.com", "Team"), frozenset({Role.OWNER}), now=clock.now()
        )
        with transaction(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notify_notifyservice SET guest_emails = '{guest@example.com}' WHERE id = %s", [trial.id]
            )
    forget_services()

    def send(to: str) -> Any:
        body = {"email_address": to, "template_id": str(trial.email), "personalisation": {"name": "x", "thing": "y"}}
        return api.post("/v2/notifications/email", body, bearer=trial.bearer(kind))

    assert send("team@example.com").status_code == 201
    assert send("Guest@example.com").status_code == 201
    stranger = send("stranger@example.com")
    if kind is KeyKind.TEST:
        assert stranger.status_code == 201
    else:
        assert errors(stranger) == bad(TEAM if kind is KeyKind.TEAM else TRIAL)


def test_a_team_key_writes_to_the_team_only_in_a_live_service_too(api: Any) -> None:
    assert errors(api.send_email(KeyKind.TEAM)) == bad(TEAM)


def test_an_unknown_address_is_answered_in_json(api: Any) -> None:
    body = {
        "result": "error",
        "message": "The requested URL was not found on the server. "
        "If you entered the URL manually please check your spelling and try again.",
    }
    for response in (api.get("/v2/nope"), api.post("/v2/notifications/fax"), api.get("/v2/template/x/version/y")):
        assert (response.status_code, response.json()) == (404, body)


def test_an_unknown_method_is_answered_in_json(client: Any) -> None:
    body = {"result": "error", "message": "The method is not allowed for the requested URL."}
    for response in (
        client.delete("/v2/templates"),
        client.put("/v2/notifications/email"),
        client.post("/v2/templates"),
    ):
        assert (response.status_code, response.json()) == (405, body)


def test_reading_what_is_not_there(api: Any, sender: Sender) -> None:
    not_found = [("NoResultFound", "No result found")]
    assert errors(api.get(f"/v2/notifications/{uuid4()}"), 404) == not_found
    assert errors(api.get(f"/v2/template/{uuid4()}"), 404) == not_found
    assert errors(api.get(f"/v2/template/{sender.email}/version/99"), 404) == not_found
    assert errors(api.get("/v2/notifications/x")) == invalid("notification_id is not a valid UUID")
    assert errors(api.get("/v2/template/x")) == invalid("id is not a valid UUID")
    assert errors(api.get("/v2/templates?type=fax")) == invalid("type fax is not one of [sms, email, letter]")
    assert api.get("/v2/templates?type=letter").json() == {"templates": []}
    assert api.get(f"/v2/template/{sender.email}/version/0").json()["version"] == 1
    preview = api.post(f"/v2/template/{sender.email}/preview", b"")
    assert errors(preview) == bad("Missing personalisation: thing, name")


def test_a_message_is_read_by_its_own_service_only(api: Any, council: Council, other_council: Council) -> None:
    sent = api.send_email().json()["id"]
    assert api.get(f"/v2/notifications/{sent}", kind=KeyKind.TEST).status_code == 200
    for stranger in (make_sender(council, slug="parking"), make_sender(other_council)):
        assert api.get(f"/v2/notifications/{sent}", bearer=stranger.bearer()).status_code == 404


@pytest.mark.parametrize(
    "recipient",
    ["simulate-delivered-2@notifications.service.gov.uk", "Simulate-Delivered@notifications.service.gov.uk"],
)
def test_recipients_for_smoke_tests_are_checked_answered_and_forgotten(api: Any, recipient: str) -> None:
    accepted = api.send_email(email_address=recipient)
    assert accepted.status_code == 201
    assert api.get(f"/v2/notifications/{accepted.json()['id']}").status_code == 404
    assert errors(api.send_email(email_address=recipient, personalisation={}))


@pytest.mark.parametrize(
    ("recipient", "status"),
    [
        ("temp-fail@simulator.notify", "temporary-failure"),
        ("perm-fail@simulator.notify", "permanent-failure"),
        ("anybody@example.com", "delivered"),
    ],
)
def test_a_test_keys_message_is_never_delivered_and_never_counted(
    api: Any, settle: Any, recipient: str, status: str
) -> None:
    sent = api.send_email(KeyKind.TEST, email_address=recipient).json()["id"]
    settle()
    assert api.get(f"/v2/notifications/{sent}").json()["status"] == status
    assert [entry for entry in queries.list_inbox(to=recipient) if str(entry.id) == sent] == []
    with transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM metering_usageevent WHERE event_id = %s", [sent])
        assert cursor.fetchone()[0] == 0


def test_what_is_accepted_is_counted_once_in_the_same_commit(api: Any, council: Council) -> None:
    sent = {api.send_email().json()["id"], api.send_text(personalisation={"name": "x" * 200}).json()["id"]}
    with acting_for(council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT event_id, meter, quantity FROM metering_usageevent ORDER BY meter")
        counted = cursor.fetchall()
    assert {event for event, _, _ in counted} == sent
    assert [(meter, quantity) for _, meter, quantity in counted] == [("emails", 1), ("sms_fragments", 2)]


def limit(sender: Sender, column: str, value: int) -> None:
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notify_notifyservice SET {column} = %s WHERE id = %s", [value, sender.id])
    forget_services()
    forget_limits()


def test_a_service_may_make_so_many_requests_a_minute_with_a_kind_of_key(api: Any, sender: Sender) -> None:
    limit(sender, "requests_a_minute", 6)
    answers = [api.send_email().status_code for _ in range(4)]
    assert answers == [201, 201, 201, 429]
    assert errors(api.send_email(), 429) == [
        ("RateLimitError", "Exceeded rate limit for key type LIVE of 6 requests per 60 seconds")
    ]
    assert api.send_email(KeyKind.TEST).status_code == 201
    assert api.get("/v2/templates").status_code == 200


def test_a_service_may_send_so_many_messages_a_day(api: Any, sender: Sender) -> None:
    limit(sender, "emails_a_day", 3)
    refused = api.send_email(personalisation={})
    assert refused.status_code == 400  # what is refused does not count
    assert api.send_email(email_address="simulate-delivered@notifications.service.gov.uk").status_code == 201
    assert [api.send_email().status_code for _ in range(4)] == [201, 201, 201, 429]
    assert errors(api.send_email(), 429) == [("TooManyRequestsError", "Exceeded send limits (email: 3) for today")]
    forget_limits()  # another process knows it too
    assert api.send_email().status_code == 429
    assert api.send_text().status_code == 201


def test_texts_abroad_have_a_limit_of_their_own(api: Any, sender: Sender) -> None:
    limit(sender, "texts_abroad_a_day", 1)
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE notify_notifyservice SET may_text_abroad = true WHERE id = %s", [sender.id])
    forget_services()
    assert api.send_text(phone_number="+33 6 12 34 56 78").status_code == 201
    assert errors(api.send_text(phone_number="+33 6 12 34 56 78"), 429) == [
        ("TooManyRequestsError", "Exceeded send limits (international_sms: 1) for today")
    ]
    assert api.send_text().status_code == 201


def test_limits_come_before_the_body_is_read(api: Any, sender: Sender) -> None:
    limit(sender, "emails_a_day", 0)
    assert api.post("/v2/notifications/email", b"not json").status_code == 429


def test_the_contracts_answers(api: Any, sender: Sender, council: Council) -> None:
    """The cases of this slice; ids, times and names differ, statuses and words do not."""
    with acting_for(council.id):
        email = notify.add_template(
            notify_service_id=sender.id,
            channel=Channel.EMAIL,
            name="email",
            pair=Pair(
                Words(
                    "Functional Tests are good",
                    "Hello ((name))\r\n\r\nFunctional test help make our world a better place",
                )
            ),
            by=Author(None, "creator@example.test"),
            now=clock.now(),
        )
        text = notify.add_template(
            notify_service_id=sender.id,
            channel=Channel.SMS,
            name="text",
            pair=Pair(Words("", "Hello ((name))\r\n\r\nFunctional Tests make our world a better place")),
            by=Author(None, "creator@example.test"),
            now=clock.now(),
        )
    ids = {"aa033352-9e26-4a3f-8850-79985f8c14c2": str(email.id), "01af003f-485c-449c-a9c9-41eaf1510c80": str(text.id)}
    for case in cases("notify/api_responses.json"):
        if case["case"] in ABOUT_THE_TOKEN or "letter" in case["case"] or case["case"].startswith(("list", "inbound")):
            continue
        if case["case"] in {
            "iat -29 ok",
            "too long email",
            "sms too long",
            "sms +1 202 555 0123",
            "tmpl v0",
            "tmpl get",
        }:
            continue
        request = case["request"]
        path, body = request["path"], request["body"]
        for theirs, ours in ids.items():
            path = path.replace(theirs, ours)
            if isinstance(body, dict) and body.get("template_id") == theirs:
                body = body | {"template_id": ours}
        response = (
            api.get(path)
            if request["method"] == "GET"
            else api.post(path, body.encode() if isinstance(body, str) else body)
        )
        if case["case"] == "post fax":
            assert response.status_code == 404
            continue
        assert response.status_code == case["status"], case
        _compare(response.json(), case["response"], case["case"])


ABOUT_THE_TOKEN = {
    "no auth", "old iat", "future iat", "iat -32", "HS512", "no iss", "iss not uuid", "unknown service", "wrong secret",
    "exp expired",
}  # fmt: skip
VARIES = {"id", "uri", "from_email", "from_number", "version", "created_at", "updated_at", "created_by", "name"}


def _compare(ours: Any, theirs: Any, where: str) -> None:
    if not isinstance(theirs, dict) or not isinstance(ours, dict):
        assert ours == theirs, where
        return
    assert set(ours) == set(theirs), where
    for name, value in theirs.items():
        if name not in VARIES or isinstance(value, dict):
            _compare(ours[name], value, f"{where}.{name}")


def test_a_schedule_within_a_day_is_checked_and_otherwise_ignored(api: Any) -> None:
    tomorrow = (clock.now() + timedelta(hours=23)).isoformat()
    accepted = api.send_email(scheduled_for=tomorrow)
    assert (accepted.status_code, accepted.json()["scheduled_for"]) == (201, None)
