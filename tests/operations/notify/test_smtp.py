"""Email by SMTP, against a real server: what arrives, what is kept open, what a refusal means."""

import email
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words
from guildhall.notify.ports import HandedOver, Outgoing, TryLater, Undeliverable
from guildhall.notify.providers.smtp import Server, Smtp, server_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Mailbox:
    """A mail server's memory, which refuses recipients that say so."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.connections: set[int] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        for code in ("550", "451"):
            if address.startswith(f"answer-{code}"):
                return f"{code} not today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = email.message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]
        self.mails.append(mail)  # type: ignore[arg-type]
        self.connections.add(id(server))
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def listening(mailbox: Mailbox) -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def smtp(listening: Controller) -> Smtp:
    return Smtp(server_of(f"smtp://127.0.0.1:{listening.port}"), domain="mail.testford.example")


def outgoing(number: int = 1, **changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "message_id": MessageId(UUID(int=number)),
        "channel": Channel.EMAIL,
        "recipient": "jo@example.com",
        "sender_name": "Testford “Bins” Council",
        "sender": "bins@testford.example",
        "words": Words("Your ((thing)) – ready", "# Hello ((name))\n\nSee https://testford.example/x"),
        "given": Personalisation({"name": "Jo <b>", "thing": "ŵ"}),
        "prefix": None,
        "unsubscribe_url": "https://testford.example/stop",
        "accepted_at": NOW,
        "tries": 1,
    }
    return Outgoing(**facts | changes)


def test_an_email_arrives_as_text_and_html_from_the_service(smtp: Smtp, mailbox: Mailbox) -> None:
    assert smtp.hand_over([outgoing()], now=NOW) == [HandedOver(f"<{UUID(int=1)}@mail.testford.example>")]
    [mail] = mailbox.mails
    assert mail["Subject"] == "Your ŵ – ready"
    assert mail["To"] == "jo@example.com"
    assert mail["From"].addresses[0].display_name == "Testford “Bins” Council"
    assert mail["From"].addresses[0].addr_spec == "testford.bins.council@mail.testford.example"
    assert mail["Reply-To"] == "bins@testford.example"
    assert mail["List-Unsubscribe"] == "<https://testford.example/stop>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert plain.get_content().startswith("Hello Jo <b>\r\n=====")
    assert "Jo &lt;b&gt;</h2>" in html.get_content()
    assert '<html lang="en">' in html.get_content()


def test_a_repeated_email_keeps_its_message_id(smtp: Smtp, mailbox: Mailbox) -> None:
    smtp.hand_over([outgoing(tries=1)], now=NOW)
    smtp.hand_over([outgoing(tries=2)], now=NOW)
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1


def test_the_connection_is_kept(smtp: Smtp, mailbox: Mailbox) -> None:
    smtp.hand_over([outgoing(number) for number in range(5)], now=NOW)
    smtp.hand_over([outgoing(9)], now=NOW)
    assert (len(mailbox.mails), len(mailbox.connections)) == (6, 1)


def test_a_connection_that_was_lost_is_opened_again(listening: Controller, smtp: Smtp, mailbox: Mailbox) -> None:
    smtp.hand_over([outgoing(1)], now=NOW)
    assert smtp._connection is not None
    smtp._connection.sock.close()  # type: ignore[union-attr]
    assert isinstance(smtp.hand_over([outgoing(2)], now=NOW)[0], HandedOver)
    assert len(mailbox.mails) == 2


def test_the_servers_answer_decides_and_one_refusal_holds_nobody_up(smtp: Smtp, mailbox: Mailbox) -> None:
    outcomes = smtp.hand_over(
        [
            outgoing(1, recipient="answer-550@example.com"),
            outgoing(2, recipient="answer-451@example.com"),
            outgoing(3),
        ],
        now=NOW,
    )
    assert outcomes[0] == Undeliverable("550 not today")
    assert outcomes[1] == TryLater("451 not today")
    assert isinstance(outcomes[2], HandedOver)


def test_a_server_that_is_down_is_tried_again_later() -> None:
    [outcome] = Smtp(Server("127.0.0.1", 9, False, "", ""), domain="x.example").hand_over([outgoing()], now=NOW)
    assert isinstance(outcome, TryLater)


def test_an_address_in_another_script_travels_as_ascii(smtp: Smtp, mailbox: Mailbox) -> None:
    assert isinstance(smtp.hand_over([outgoing(recipient="jo@bücher.example")], now=NOW)[0], HandedOver)
    assert mailbox.mails[0]["To"] == "jo@xn--bcher-kva.example"


def test_an_address_of_a_server_is_read() -> None:
    assert server_of("smtps://me:p%40ss@mail.example") == Server("mail.example", 465, True, "me", "p@ss")
    assert server_of("smtp://mail.example:587") == Server("mail.example", 587, False, "", "")
