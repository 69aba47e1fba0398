"""The official Python client, unmodified, against a running server (alphagov/notifications-python-client)."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError

from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council


@pytest.fixture
def client_of(server: str, sender: Sender) -> Callable[..., NotificationsAPIClient]:
    def connect(kind: KeyKind = KeyKind.LIVE) -> NotificationsAPIClient:
        return NotificationsAPIClient(sender.api_key(kind), base_url=server)

    return connect


def test_an_email_is_sent_and_read_back(
    client_of: Callable[..., NotificationsAPIClient], sender: Sender, settle: Callable[[], None]
) -> None:
    client = client_of()
    sent = client.send_email_notification(
        "jo@example.com",
        str(sender.email),
        personalisation={"name": "Jo", "thing": "sofa"},
        reference="my ref",
        one_click_unsubscribe_url="https://www.testford.example/stop",
    )
    assert sent["content"]["subject"] == "About sofa"
    assert sent["content"]["body"] == "Hello Jo\n\nIt is ready."
    assert sent["content"]["from_email"].startswith("bulky.waste@")
    assert client.get_notification_by_id(sent["id"])["status"] == "created"
    settle()
    read = client.get_notification_by_id(sent["id"])
    assert (read["status"], read["reference"], read["email_address"]) == ("delivered", "my ref", "jo@example.com")
    assert read["completed_at"] > read["created_at"]
    assert read["cost_in_pounds"] == 0


def test_a_text_is_sent_and_read_back(
    client_of: Callable[..., NotificationsAPIClient], sender: Sender, settle: Callable[[], None]
) -> None:
    client = client_of()
    sent = client.send_sms_notification("07700 900 123", str(sender.text), personalisation={"name": "ŵ"})
    assert sent["content"] == {"body": "Hello ŵ", "from_number": "GUILDHALL"}
    settle()
    read = client.get_notification_by_id(sent["id"])
    assert (read["status"], read["phone_number"], read["type"]) == ("delivered", "07700 900 123", "sms")
    assert read["cost_details"] == {
        "billable_sms_fragments": 1,
        "international_rate_multiplier": 1.0,
        "sms_rate": 0.024,
    }


def test_templates_are_read(client_of: Callable[..., NotificationsAPIClient], sender: Sender) -> None:
    client = client_of()
    template = client.get_template(str(sender.with_templates().email))
    assert (template["version"], template["updated_at"], template["type"]) == (1, None, "email")
    assert template["personalisation"] == {"thing": {"required": True}, "name": {"required": True}}
    assert client.get_template_version(str(sender.email), 1) == template
    assert [each["id"] for each in client.get_all_templates()["templates"]] == [str(sender.text), str(sender.email)]
    assert [each["id"] for each in client.get_all_templates("email")["templates"]] == [str(sender.email)]
    preview = client.post_template_preview(str(sender.email), {"name": "Jo", "thing": "x"})
    assert preview["html"].startswith("<p style=")


def test_a_wrong_key_is_refused(server: str, sender: Sender) -> None:
    client = NotificationsAPIClient(f"key-{sender.id}-{uuid4()}", base_url=server)
    with pytest.raises(HTTPError) as refusal:
        client.get_all_templates()
    assert refusal.value.status_code == 403
    assert refusal.value.message == [{"error": "AuthError", "message": "Invalid token: API key not found"}]


def test_a_missing_value_is_refused(client_of: Callable[..., NotificationsAPIClient], sender: Sender) -> None:
    with pytest.raises(HTTPError) as refusal:
        client_of().send_email_notification("jo@example.com", str(sender.email), personalisation={"name": "Jo"})
    assert refusal.value.status_code == 400
    assert refusal.value.message == [{"error": "BadRequestError", "message": "Missing personalisation: thing"}]


def test_an_unknown_template_is_refused(client_of: Callable[..., NotificationsAPIClient]) -> None:
    with pytest.raises(HTTPError) as refusal:
        client_of().send_sms_notification("07700900123", str(uuid4()))
    assert refusal.value.message == [{"error": "BadRequestError", "message": "Template not found"}]


def test_the_ids_and_secrets_of_services_are_what_the_php_client_takes(council: Council) -> None:
    """alphagov/notifications-php-client:src/Authentication/JsonWebToken.php cuts them from the key and checks both."""
    version_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    key = make_sender(council).api_key()
    assert version_4.fullmatch(key[-73:-37])
    assert version_4.fullmatch(key[-36:])


def test_the_database_takes_no_service_with_another_kind_of_id(council: Council) -> None:
    with pytest.raises(IntegrityError, match="service_id_is_random"), transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisations_service (id, slug, name, name_cy, summary, summary_cy, created_at)"
            " VALUES (%s, 'x', 'x', '', '', '', now())",
            [new_id()],
        )
