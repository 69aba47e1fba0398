"""Letters by the official Python client, unmodified (alphagov/notifications-python-client)."""

import io
from collections.abc import Callable

import pytest
import typst
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations.letters.examining import examine_waiting
from guildhall.notify.testing import AUTHOR, Sender

ADDRESS = {"address_line_1": "Mx One", "address_line_2": "1 High Street", "postcode": "SW1A 1AA"}
GOOD = b'#page(paper: "a4", margin: 0mm)[#place(dx: 25mm, dy: 41mm)[Mx One\\ 1 High Street\\ SW1A 1AA]]'


@pytest.fixture
def client(server: str, sender: Sender) -> NotificationsAPIClient:
    return NotificationsAPIClient(sender.api_key(), base_url=server)


def test_a_letter_is_written_read_back_and_fetched(client: NotificationsAPIClient, sender: Sender) -> None:
    with acting_for(sender.council.id):
        template = operations.add_template(
            notify_service_id=sender.id,
            channel=Channel.LETTER,
            name="A letter",
            pair=Pair(Words("About ((thing))", "Dear ((name))")),
            by=AUTHOR,
            now=clock.now(),
        )
    given = {"name": "Jo", "thing": "tax", **ADDRESS}
    sent = client.send_letter_notification(str(template.id), given, reference="mine")
    assert sent["content"] == {"subject": "About tax", "body": "Dear Jo"}
    read = client.get_notification_by_id(sent["id"])
    assert (read["type"], read["status"], read["line_1"], read["postcode"]) == (
        "letter",
        "accepted",
        "Mx One",
        "SW1A 1AA",
    )
    assert client.get_pdf_for_letter(sent["id"]).read().startswith(b"%PDF-")
    listed = client.get_all_notifications(template_type="letter", reference="mine")["notifications"]
    assert [each["id"] for each in listed] == [sent["id"]]
    [shown] = client.get_all_templates(template_type="letter")["templates"]
    assert (shown["subject"], shown["postage"], shown["letter_contact_block"]) == ("About ((thing))", "second", None)
    assert client.post_template_preview(str(template.id), {"thing": "x", "name": "y"})["subject"] == "About x"
    with pytest.raises(HTTPError) as refused:
        client.send_letter_notification(str(template.id), given | {"postcode": "nowhere"})
    assert refused.value.message == [{"error": "ValidationError", "message": "Must be a real UK postcode"}]


def test_a_letter_that_is_ready_to_print_is_sent_and_its_pdf_polled_for(
    client: NotificationsAPIClient, as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    pdf = typst.compile(GOOD)
    assert isinstance(pdf, bytes)
    sent = client.send_precompiled_letter_notification("mine", io.BytesIO(pdf), postage="first")
    assert (sent["reference"], sent["postage"]) == ("mine", "first")
    with pytest.raises(HTTPError) as early:
        client.get_pdf_for_letter(sent["id"])
    assert early.value.message[0]["error"] == "PDFNotReadyError"
    assert as_dispatcher(lambda: examine_waiting(now=clock.now())) >= 1
    assert client.get_pdf_for_letter(sent["id"]).read().startswith(b"%PDF-")
    assert client.get_notification_by_id(sent["id"])["status"] == "accepted"
