"""A mail server hands in what came back (contract: notify 4, Email receipts)."""

import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client
from tests.domain.notify.test_bounces import complaint, report

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations as notify
from guildhall.notify import ports as notify_ports
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations.callbacks import NewEndpoint, set_callback
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.operations.provider_accounts import WantedAccount, add_provider_account
from guildhall.notify.operations.receipts import apply_receipts
from guildhall.notify.ports import Providers
from guildhall.notify.queries.callbacks import list_callbacks
from guildhall.notify.queries.unsubscribed import list_unsubscribed
from guildhall.notify.testing import Sender
from guildhall.organisations.queries import Council


class MailServer:
    """Takes every mail and remembers what it is called; delivers it later, or not."""

    def __init__(self) -> None:
        self.names: list[str] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.names.append(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        return "250 OK"


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def secret(council: Council, server: MailServer) -> str:
    """What the council's mail server shows when it hands in reports; a mail it takes is not delivered yet."""
    settings = {"host": "127.0.0.1", "port": str(server.port), "is_delivered_on_acceptance": "no"}
    wanted = WantedAccount(Channel.EMAIL, "smtp", "Our server", settings)
    return add_provider_account(wanted, actor=None, now=clock.now()).receipts_secret


@pytest.fixture
def work(database: dict[str, str], as_dispatcher: Callable[[Callable[[], int]], int]) -> Callable[[], None]:
    """Do what the worker does with emails and receipts, leaving alone what other tests left."""
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
    carriers = Carriers(Providers(notify_ports.provider_kinds()))

    def once() -> None:
        as_dispatcher(
            lambda: (
                notify.deliver_waiting(Channel.EMAIL, carriers, now=clock.now(), clock=clock.now)
                + apply_receipts(now=clock.now())
            )
        )

    return once


def hand_in(client: Client, mail: bytes, secret: str | None) -> Any:
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    return client.post("/guildhall/v1/receipts/email", mail, content_type="message/rfc822", headers=headers)


def test_an_email_that_comes_back_has_failed(
    api: Any, client: Client, secret: str, server: MailServer, work: Callable[[], None]
) -> None:
    sent = api.send_email().json()["id"]
    work()
    assert api.get(f"/v2/notifications/{sent}").json()["status"] == "sending"
    answer = hand_in(client, report(name=server.names[0]), secret)
    assert (answer.status_code, answer.json()) == (200, {"result": "success", "receipts": 1})
    work()
    told = api.get(f"/v2/notifications/{sent}").json()
    assert told["status"] == "permanent-failure"
    assert told["completed_at"] is not None


def test_a_reader_who_complains_gets_no_more_and_the_service_is_told_once(
    api: Any, client: Client, sender: Sender, secret: str, server: MailServer, work: Callable[[], None]
) -> None:
    told = NewEndpoint(Kind.COMPLAINT, "http://127.0.0.1:9/told", "a-token-of-theirs")
    set_callback(sender.id, told, may_be_loopback=True, actor=PersonId(new_id()), now=clock.now())
    sent = api.send_email(reference="HDJ2123F").json()["id"]
    work()
    mail = complaint(id=UUID(sent))
    assert [hand_in(client, mail, secret).json()["receipts"] for _ in range(2)] == [1, 1]
    work()
    assert api.get(f"/v2/notifications/{sent}").json()["status"] == "delivered"
    assert [each.email for each in list_unsubscribed(of=sender.id).rows] == ["jo@example.com"]
    [callback] = list_callbacks(sender.id).rows
    assert (callback.kind, callback.about_id) == (Kind.COMPLAINT, UUID(sent))


def test_a_complaint_counts_after_the_email_was_delivered_and_not_from_another_council(
    api: Any,
    client: Client,
    sender: Sender,
    secret: str,
    other_council: Council,
    server: MailServer,
    work: Callable[[], None],
) -> None:
    sent = api.send_email().json()["id"]
    work()
    hand_in(client, report(action="delivered", name=server.names[0]), secret)
    work()
    with acting_for(other_council.id):
        wanted = WantedAccount(Channel.EMAIL, "smtp", "Theirs", {"host": "mail.example"})
        theirs = add_provider_account(wanted, actor=None, now=clock.now()).receipts_secret
    hand_in(client, complaint(id=UUID(sent)), theirs)
    work()
    assert list_unsubscribed(of=sender.id).total == 0
    hand_in(client, complaint(id=UUID(sent)), secret)
    work()
    assert list_unsubscribed(of=sender.id).total == 1


def test_another_councils_server_cannot_say_that_an_email_failed(
    api: Any, client: Client, secret: str, other_council: Council, server: MailServer, work: Callable[[], None]
) -> None:
    sent = api.send_email().json()["id"]
    work()
    with acting_for(other_council.id):
        wanted = WantedAccount(Channel.EMAIL, "smtp", "Theirs", {"host": "mail.example"})
        theirs = add_provider_account(wanted, actor=None, now=clock.now()).receipts_secret
    assert hand_in(client, report(name=server.names[0]), theirs).status_code == 200
    work()
    assert api.get(f"/v2/notifications/{sent}").json()["status"] == "sending"


def test_without_the_accounts_secret_nothing_is_taken(client: Client, secret: str) -> None:
    assert hand_in(client, report(), None).status_code == 401
    assert hand_in(client, report(), f"not {secret}").status_code == 403


def test_a_mail_that_is_no_report_is_taken_and_means_nothing(client: Client, secret: str) -> None:
    answer = hand_in(client, b"Subject: I am away\r\n\r\nBack on Monday.", secret)
    assert (answer.status_code, answer.json()) == (200, {"result": "success", "receipts": 0})
