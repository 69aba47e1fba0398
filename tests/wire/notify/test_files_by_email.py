"""A file in a personalisation value becomes a link (alphagov/document-download-api, notifications-api:app/v2)."""

import base64
import re
import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.limits import Against, Counted
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.kernel.tries import take_tries
from guildhall.notify import models
from guildhall.notify import ports as notify_ports
from guildhall.notify.operations.documents import (
    ON_A_FILE,
    ON_A_NETWORK,
    WRONG_ADDRESSES,
    say_whom_to_ask,
    throw_away_old_documents,
)
from guildhall.notify.providers.clamd import Clamd
from guildhall.notify.testing import Sender
from guildhall.organisations.queries import Council

PDF = b"%PDF-1.7 a small file"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def files(sender: Sender) -> Sender:
    with acting_for(sender.council.id):
        say_whom_to_ask(sender.id, "https://testford.example/help", actor=None, now=clock.now())
    return sender


def a_file(content: bytes = PDF, **words: object) -> dict[str, object]:
    return {"name": {"file": base64.b64encode(content).decode(), **words}, "thing": "your bill"}


def link_in(answer: Any) -> str:
    assert answer.status_code == 201, answer.json()
    found = re.search(
        rf"{settings.BASE_URL}/d/[\w-]{{22}}/[\w-]{{22}}\?key=[\w-]{{43}}", answer.json()["content"]["body"]
    )
    assert found, answer.json()["content"]["body"]
    return found[0].removeprefix(settings.BASE_URL)


def message_of(answer: Any) -> str:
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["error"] == "BadRequestError"
    return str(answer.json()["errors"][0]["message"])


def test_a_file_becomes_a_link_that_gives_it_to_whom_it_was_sent(api: Any, files: Sender, client: Client) -> None:
    link = link_in(api.send_email(personalisation=a_file(filename="Your bill – January.pdf")))
    asked = client.get(link)
    assert "Confirm your email address" in asked.content.decode()
    assert asked.headers["Referrer-Policy"] == "same-origin"
    refused = client.post(link, {"email": "somebody@else.example"}).content.decode()
    assert "Enter the email address that the file was sent to" in refused
    ready = client.post(link, {"email": " Jo@Example.com "}).content.decode()
    assert "Your bill – January.pdf" in ready
    download = re.search(r'href="(/d/[^"]+/download\?[^"]+)"', ready)
    assert download
    file = client.get(download[1].replace("&amp;", "&"))
    assert (file.content, file.headers["Content-Type"]) == (PDF, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")


def test_without_proof_of_the_email_address_the_file_is_not_given(api: Any, files: Sender, client: Client) -> None:
    link = link_in(api.send_email(personalisation=a_file()))
    straight = client.get(link.replace("?", "/download?") + "&proof=made-up")
    assert PDF not in straight.content
    assert "Confirm your email address" in straight.content.decode()


def test_a_sender_may_ask_for_no_email_address(api: Any, files: Sender, client: Client) -> None:
    link = link_in(api.send_email(personalisation=a_file(confirm_email_before_download=False)))
    assert "You have a file to download" in client.get(link).content.decode()
    assert client.get(link.replace("?", "/download?")).content == PDF


def test_after_ten_wrong_email_addresses_nobody_gets_the_file_for_an_hour(
    api: Any, files: Sender, client: Client
) -> None:
    link = link_in(api.send_email(personalisation=a_file()))
    for number in range(ON_A_FILE.tries):
        assert client.post(link, {"email": f"guess{number}@else.example"}).status_code == 200
    assert client.post(link, {"email": "jo@example.com"}).status_code == 429


def test_whoever_goes_through_links_runs_out_of_email_addresses(api: Any, files: Sender, client: Client) -> None:
    network = Counted(WRONG_ADDRESSES, Against.NETWORK, "127.0.0.1", ON_A_NETWORK)
    links = [link_in(api.send_email(personalisation=a_file())) for _ in range(2)]
    for _ in range(ON_A_NETWORK.tries - 1):
        take_tries(network, now=clock.now())
    for _ in range(3):
        assert client.post(links[0], {"email": "jo@example.com"}).status_code == 200, "a right one uses up nothing"
    assert [client.post(link, {"email": "x@else.example"}).status_code for link in links] == [200, 429]


def test_another_key_opens_nothing(api: Any, files: Sender, client: Client) -> None:
    link = link_in(api.send_email(personalisation=a_file(confirm_email_before_download=False)))
    other = link_in(api.send_email(personalisation=a_file(b"%PDF- other", confirm_email_before_download=False)))
    crossed = link.partition("key=")[0] + "key=" + other.partition("key=")[2]
    assert client.get(crossed).status_code == 404
    assert client.get(crossed.replace("?", "/download?")).status_code == 404
    for broken in ("/d/x/y?key=z", link.partition("?")[0], link[:-1]):
        assert client.get(broken).status_code == 404


def test_what_is_kept_of_a_file_cannot_be_read_without_its_link(api: Any, files: Sender) -> None:
    link_in(api.send_email(personalisation=a_file()))
    with acting_for(files.council.id), transaction():
        kept = bytes(models.Document.objects.get(notify_service_id=files.id).locked)
    assert PDF not in kept


def test_a_file_ends_when_its_weeks_are_over(api: Any, files: Sender, client: Client, as_dispatcher: Any) -> None:
    link = link_in(
        api.send_email(personalisation=a_file(retention_period="1 week", confirm_email_before_download=False))
    )
    later = clock.now() + timedelta(weeks=1, seconds=1)
    assert as_dispatcher(lambda: throw_away_old_documents(now=later)) >= 1
    gone = client.get(link)
    assert gone.status_code == 404
    assert "https://testford.example/help" in gone.content.decode()


def test_a_file_for_a_pretended_recipient_is_a_test_document_and_not_kept(api: Any, files: Sender) -> None:
    answer = api.send_email(personalisation=a_file(), email_address="simulate-delivered@notifications.service.gov.uk")
    assert f"/services/{files.id}/documents/test-document" in answer.json()["content"]["body"]
    with acting_for(files.council.id), transaction():
        assert not models.Document.objects.filter(notify_service_id=files.id).exists()


def test_files_that_may_not_be_sent_are_refused_by_name(api: Any, files: Sender) -> None:
    supported = "csv, doc, docx, jpeg, jpg, json, odt, pdf, png, rtf, txt, xlsx"
    assert message_of(api.send_email(personalisation=a_file(b"MZ\x90\0"))) == (
        f"Unsupported file type 'application/octet-stream'. Supported types are: '{supported}'"
    )
    assert message_of(api.send_email(personalisation=a_file(filename="x" * 97 + ".pdf"))) == (
        "filename cannot be longer than 100 characters"
    )
    assert message_of(api.send_email(personalisation={"name": {"file": "!!!"}, "thing": "x"})) == (
        "Uploaded file is not base64 encoded"
    )
    too_large = a_file(PDF.ljust(2 * 1024 * 1024 + 1025, b"x"))
    assert message_of(api.send_email(personalisation=too_large)) == "Uploaded file is larger than 2MB"


def test_another_councils_file_is_not_kept_under_ours(api: Any, files: Sender, other_council: Council) -> None:
    link_in(api.send_email(personalisation=a_file()))
    with acting_for(other_council.id), transaction():
        assert not models.Document.objects.filter(notify_service_id=files.id).exists()


class _PretendedDaemon(socketserver.StreamRequestHandler):
    """Speaks clamd's INSTREAM, and knows one virus."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _PretendedDaemon) as daemon:
        threading.Thread(target=daemon.serve_forever, args=(0.02,), daemon=True).start()
        clamd = Clamd("127.0.0.1", daemon.server_address[1])
        notify_ports.connect_virus_scanner(clamd)
        yield clamd
        notify_ports.connect_virus_scanner(None)
        daemon.shutdown()


def test_a_file_with_a_virus_is_refused_and_nothing_of_it_is_kept(api: Any, files: Sender, scanner: Clamd) -> None:
    link_in(api.send_email(personalisation=a_file(b"Clean words")))
    assert message_of(api.send_email(personalisation=a_file(EICAR))) == "File did not pass the virus scan"
    with acting_for(files.council.id), transaction():
        assert models.Document.objects.filter(notify_service_id=files.id).count() == 1


def test_while_nobody_can_look_no_file_is_let_through(api: Any, files: Sender) -> None:
    notify_ports.connect_virus_scanner(Clamd("127.0.0.1", 1))
    try:
        assert api.send_email(personalisation=a_file()).status_code == 503
    finally:
        notify_ports.connect_virus_scanner(None)
