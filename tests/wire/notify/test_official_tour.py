"""Every public method of the official Python client, unmodified, against a running server.

Source: alphagov/notifications-python-client:notifications_python_client/notifications.py. A method that a later version
of the client adds makes the first test fail.
"""

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from notifications_python_client import NotificationsAPIClient, prepare_upload
from notifications_python_client.base import BaseAPIClient
from notifications_python_client.errors import HTTPError

from guildhall.kernel import clock
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import NO_WORDS, Pair, Words
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import AUTHOR, Sender
from guildhall.organisations.domain.keys import KeyKind

ADDRESS = {"address_line_1": "Jo Bloggs", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}
Settle = Callable[[], None]


@pytest.fixture
def letter(sender: Sender) -> str:
    """A letter's template of the service, which may send letters and files."""
    with transaction():
        models.NotifyService.objects.filter(id=sender.id).update(
            may_send_letters=True, files_contact="waste@testford.example"
        )
    forget_services()
    added = operations.add_template(
        notify_service_id=sender.id,
        channel=Channel.LETTER,
        name="A letter",
        pair=Pair(Words("About ((thing))", "Dear ((address_line_1))"), NO_WORDS),
        by=AUTHOR,
        now=clock.now(),
    )
    return str(added.id)


@pytest.fixture
def client(server: str, sender: Sender, letter: str) -> NotificationsAPIClient:
    return NotificationsAPIClient(sender.api_key(KeyKind.LIVE), base_url=server)


VISITED: set[str] = {
    *("send_email_notification", "send_sms_notification", "send_letter_notification"),
    *("send_precompiled_letter_notification", "get_pdf_for_letter", "get_notification_by_id"),
    *("get_all_notifications", "get_all_notifications_iterator", "get_received_texts", "get_received_texts_iterator"),
    *("post_template_preview", "get_template", "get_template_version", "get_all_template_versions"),
    "get_all_templates",
}


def test_the_tour_visits_every_method_of_the_client() -> None:
    own = {name for name in vars(NotificationsAPIClient) if not name.startswith("_")}
    assert own - set(vars(BaseAPIClient)) == VISITED


def test_an_email_with_everything_a_client_can_say(client: NotificationsAPIClient, sender: Sender) -> None:
    sent = client.send_email_notification(
        email_address="jo@example.com",
        template_id=str(sender.email),
        personalisation={"name": "Jo", "thing": prepare_upload(io.BytesIO(b"a,b\n1,2\n"), filename="table.csv")},
        reference="mine",
        one_click_unsubscribe_url="https://www.testford.example/stop",
        sanitise_content_for=["name"],
    )
    assert sent["reference"] == "mine"
    assert "/d/" in sent["content"]["subject"]
    read = client.get_notification_by_id(sent["id"])
    assert (read["type"], read["status"], read["line_1"], read["postage"]) == ("email", "created", None, None)
    assert read["one_click_unsubscribe_url"] == "https://www.testford.example/stop"


def test_a_reply_to_address_and_a_texts_sender_are_chosen(client: NotificationsAPIClient, sender: Sender) -> None:
    with transaction():
        reply_to = models.SenderAddress.objects.create(
            notify_service_id=sender.id, channel="email", address="waste@testford.example"
        )
        name = models.SenderAddress.objects.create(notify_service_id=sender.id, channel="sms", address="TESTFORD")
    forget_services()
    values = {"name": "Jo", "thing": "sofa"}
    email = client.send_email_notification(
        "jo@example.com", str(sender.email), personalisation=values, email_reply_to_id=str(reply_to.id)
    )
    assert email["content"]["from_email"]
    text = client.send_sms_notification(
        "07700900123", str(sender.text), personalisation=values, reference="r", sms_sender_id=str(name.id)
    )
    assert text["content"] == {"body": "Hello Jo", "from_number": "TESTFORD"}


def test_a_letter_is_sent_read_and_fetched_as_pdf(client: NotificationsAPIClient, letter: str, settle: Settle) -> None:
    sent = client.send_letter_notification(letter, ADDRESS | {"thing": "sofa"}, reference="mine")
    assert sent["content"] == {"body": "Dear Jo Bloggs", "subject": "About sofa"}
    read = client.get_notification_by_id(sent["id"])
    assert (read["status"], read["line_1"], read["postcode"] or read["line_3"]) == ("accepted", "Jo Bloggs", "SW1A 1AA")
    assert read["estimated_delivery"]
    assert _poll(client, sent["id"]).read(5) == b"%PDF-"


def test_a_letter_that_is_ready_to_print_is_sent_and_fetched(
    client: NotificationsAPIClient, letter: str, settle: Settle
) -> None:
    made = client.send_letter_notification(letter, ADDRESS | {"thing": "sofa"})
    paper = _poll(client, made["id"])
    sent = client.send_precompiled_letter_notification("my letter", paper, postage="first")
    assert (sent["reference"], sent["postage"]) == ("my letter", "first")
    settle()
    assert client.get_notification_by_id(sent["id"])["status"] in {"accepted", "received", "validation-failed"}


def _poll(client: NotificationsAPIClient, message_id: str) -> io.BytesIO:
    """Fetch a letter as clients do: again while it is not ready."""
    for _ in range(50):
        try:
            return client.get_pdf_for_letter(message_id)
        except HTTPError as refusal:
            if not any(error["error"] == "PDFNotReadyError" for error in refusal.message):
                raise
            time.sleep(0.1)
    raise AssertionError("the letter was never ready")


def test_messages_are_listed_whole_and_narrowed(client: NotificationsAPIClient, sender: Sender, settle: Settle) -> None:
    values = {"name": "Jo", "thing": "sofa"}
    sent = [
        client.send_email_notification("jo@example.com", str(sender.email), values, reference=f"ref {number}")["id"]
        for number in range(3)
    ]
    settle()
    text = client.send_sms_notification("07700900123", str(sender.text), values)["id"]

    def ids(told: Any) -> list[str]:
        return [each["id"] for each in told]

    assert ids(client.get_all_notifications()["notifications"]) == [text, *sent[::-1]]
    assert ids(client.get_all_notifications(include_jobs=True)["notifications"]) == [text, *sent[::-1]]
    assert ids(client.get_all_notifications_iterator()) == [text, *sent[::-1]]
    assert ids(client.get_all_notifications_iterator(status="delivered", older_than=sent[2])) == sent[1::-1]
    assert ids(client.get_all_notifications(template_type="sms")["notifications"]) == [text]
    assert ids(client.get_all_notifications(reference="ref 1")["notifications"]) == [sent[1]]


def test_received_texts_are_listed(client: NotificationsAPIClient) -> None:
    assert client.get_received_texts()["received_text_messages"] == []
    assert list(client.get_received_texts_iterator()) == []


def test_templates_are_listed_read_in_every_version_and_previewed(
    client: NotificationsAPIClient, sender: Sender, letter: str
) -> None:
    pair = Pair(Words("About ((thing))", "Dear ((name))"), NO_WORDS)
    operations.save_template(
        sender.with_templates().email, opened=1, name="An email", pair=pair, by=AUTHOR, now=clock.now()
    )
    email = str(sender.email)
    assert [each["version"] for each in client.get_all_template_versions(email)["data"]] == [2, 1]
    assert client.get_template(email)["body"] == "Dear ((name))"
    assert client.get_template_version(email, 1)["body"].startswith("Hello")
    assert {each["type"] for each in client.get_all_templates()["templates"]} == {"email", "sms", "letter"}
    assert [each["id"] for each in client.get_all_templates("letter")["templates"]] == [letter]
    preview = client.post_template_preview(email, {"name": "Jo", "thing": "sofa"})
    assert (preview["body"], preview["subject"], preview["version"]) == ("Dear Jo", "About sofa", 2)
    assert "Dear Jo" in preview["html"]
