"""Email by SMTP, against a real server: what arrives, what is kept open, what a refusal means."""

import email
import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.outgoing import trust
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words
from guildhall.notify.ports import (
    SECONDS_FOR_A_HAND_OVER,
    HandedOver,
    NotTaken,
    Outgoing,
    SenderRefused,
    TryLater,
    Undeliverable,
    Unknown,
    Unwritable,
)
from guildhall.notify.providers.smtp import Smtp, read_settings, settings_of_url
from guildhall.notify.providers.smtp_line import Security, Server

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Mailbox:
    """A mail server's memory. Recipients say what they are answered; ``script`` says what becomes of the next mails."""

    def __init__(self, *, offers: Sequence[str] = ()) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.connections: set[int] = set()
        self.script: list[str] = []
        self.sender_answers: dict[str, str] = {}
        self.offers = offers

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{offer}" for offer in self.offers), responses[-1]]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.senders.append(address)
        return self.sender_answers.get(address.partition("@")[0], "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        for code in ("550", "451", "421", "530"):
            if address.startswith(f"answer-{code}"):
                return f"{code} not today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.script.pop(0) if self.script else "250 OK"
        if answer in ("250 OK", "take and vanish"):
            mail = email.message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]
            self.mails.append(mail)
            self.connections.add(id(server))
        if answer.endswith("vanish"):
            server.transport.abort()  # type: ignore[union-attr]
        return answer


@pytest.fixture(params=[(), ("PIPELINING",)], ids=["plain", "pipelining"])
def mailbox(request: pytest.FixtureRequest) -> Mailbox:
    return Mailbox(offers=request.param)


@contextmanager
def a_server(mailbox: Mailbox, **settings: Any) -> Iterator[int]:
    """Run a mail server, and yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **settings)
    controller.start()
    yield port
    controller.stop()


def smtp_at(port: int, **settings: str) -> Smtp:
    given = {"host": "127.0.0.1", "port": str(port), "domain": "mail.testford.example"} | settings
    return Smtp(read_settings(given, domain="guildhall.example"), names_end="guildhall.example")


@pytest.fixture
def listening(mailbox: Mailbox) -> Iterator[int]:
    with a_server(mailbox) as port:
        yield port


@pytest.fixture
def smtp(listening: int) -> Smtp:
    return smtp_at(listening)


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def outgoing(number: int = 1, **changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "message_id": MessageId(UUID(int=number)),
        "organisation_id": OrganisationId(UUID(int=1)),
        "notify_service_id": NotifyServiceId(UUID(int=2)),
        "template_id": UUID(int=3),
        "template_version": 1,
        "channel": Channel.EMAIL,
        "recipient": "jo@example.com",
        "sender_name": "Testford “Bins” Council",
        "sender": "bins@testford.example",
        "words": Words("Your ((thing)) – ready", "# Hello ((name))\n\nSee https://testford.example/x"),
        "language": "en",
        "given": Personalisation({"name": "Jo <b>", "thing": "ŵ"}),
        "prefix": None,
        "unsubscribe_url": "https://testford.example/stop?of=1,2",
        "postage": "",
        "accepted_at": NOW,
        "tries": 1,
        "may_be_repeated": False,
    }
    return Outgoing(**facts | changes)


def test_an_email_arrives_as_text_and_html_from_the_service(smtp: Smtp, mailbox: Mailbox) -> None:
    taken = HandedOver(f"<{UUID(int=1)}@guildhall.example>", is_delivered=True)
    assert smtp.hand_over([outgoing()], now=NOW) == [taken]
    [mail] = mailbox.mails
    assert mail["Subject"] == "Your ŵ – ready"
    assert mail["To"] == "jo@example.com"
    assert mail["From"].addresses[0].display_name == "Testford “Bins” Council"
    assert mail["From"].addresses[0].addr_spec == "testford.bins.council@mail.testford.example"
    assert mailbox.senders == ["testford.bins.council@mail.testford.example"]
    assert mail["Reply-To"] == "bins@testford.example"
    assert mail["Message-ID"] == taken.reference
    assert mail["Date"].datetime == NOW
    assert mail["List-Unsubscribe"] == "<https://testford.example/stop?of=1%2C2>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["MIME-Version"], mail.get_content_type()) == ("1.0", "multipart/alternative")
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().startswith("Hello Jo <b>\r\n=====")
    assert "Jo &lt;b&gt;</h2>" in html.get_content()
    assert '<html lang="en">' in html.get_content()
    assert not mail.defects


def test_no_value_can_add_a_header(smtp: Smtp, mailbox: Mailbox) -> None:
    smtp.hand_over(
        [
            outgoing(
                sender_name="Bins\r\nBcc: everybody@example.com",
                sender="bins@example.com\r\nX-Evil: 1",
                given=Personalisation({"name": "Jo", "thing": "sofa\r\nBcc: all@example.com\x0bX: y"}),
                unsubscribe_url="https://example.com/\r\nX-Evil: 2>",
            )
        ],
        now=NOW,
    )
    [mail] = mailbox.mails
    assert set(mail.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"),
        *("MIME-Version", "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo"),
    } & set(mail.keys())
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None


@pytest.mark.parametrize("subject", ["A" * 300, "Ŵ" * 200, "Many words " * 30, "=?utf-8?q?not_ours?="])
def test_a_subject_of_any_length_and_letters_arrives_whole(smtp: Smtp, mailbox: Mailbox, subject: str) -> None:
    smtp.hand_over([outgoing(words=Words(subject, "Hello"))], now=NOW)
    assert mailbox.mails[0]["Subject"] == subject.strip()


def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(smtp: Smtp, mailbox: Mailbox) -> None:
    smtp.hand_over([outgoing(words=Words("Dots", ".\n\n.hidden\n\n..")), outgoing(2)], now=NOW)
    plain, _ = mailbox.mails[0].iter_parts()
    assert plain.get_content().split() == [".", ".hidden", ".."]
    assert len(mailbox.mails) == 2


def test_a_welsh_email_says_that_it_is_welsh(smtp: Smtp, mailbox: Mailbox) -> None:
    smtp.hand_over([outgoing(language="cy")], now=NOW)
    _, html = mailbox.mails[0].iter_parts()
    assert '<html lang="cy">' in html.get_content()


def test_a_repeated_email_keeps_its_message_id_whichever_account_carries_it(listening: int, mailbox: Mailbox) -> None:
    smtp_at(listening).hand_over([outgoing(tries=1)], now=NOW)
    smtp_at(listening, domain="another.example").hand_over([outgoing(tries=2)], now=NOW)
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1
    assert len({mail["From"].addresses[0].domain for mail in mailbox.mails}) == 2


def test_connections_are_kept_and_are_no_more_than_allowed(listening: int, mailbox: Mailbox) -> None:
    smtp = smtp_at(listening, connections="2")
    for _ in range(5):
        smtp.hand_over([outgoing(number) for number in range(40)], now=NOW)
    assert len(mailbox.mails) == 200
    assert len(mailbox.connections) <= 2


def test_a_connection_is_given_up_when_it_has_carried_its_share(listening: int, mailbox: Mailbox) -> None:
    smtp = smtp_at(listening, connections="1", mails_on_a_connection="3")
    smtp.hand_over([outgoing(number) for number in range(7)], now=NOW)
    assert (len(mailbox.mails), len(mailbox.connections)) == (7, 3)


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again(mailbox: Mailbox, unused_port: int) -> None:
    smtp = smtp_at(unused_port)
    outcomes: list[object] = []
    for number in (1, 2):
        controller = Controller(mailbox, hostname="127.0.0.1", port=unused_port)
        controller.start()
        outcomes += smtp.hand_over([outgoing(number)], now=NOW)
        controller.stop()
    assert [type(each) for each in outcomes] == [HandedOver, HandedOver]
    assert len(mailbox.mails) == 2


def test_what_the_server_says_to_a_recipient_decides_and_holds_nobody_else_up(smtp: Smtp, mailbox: Mailbox) -> None:
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
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("554 looks like spam", Undeliverable("554 looks like spam")), ("452 disk full", TryLater("452 disk full"))],
)
def test_what_the_server_says_to_the_content_decides(
    smtp: Smtp, mailbox: Mailbox, answer: str, outcome: object
) -> None:
    mailbox.script = [answer]
    outcomes = smtp.hand_over([outgoing(1), outgoing(2)], now=NOW)
    assert outcomes[0] == outcome
    assert isinstance(outcomes[1], HandedOver)


@pytest.mark.parametrize("code", ["421", "530"])
def test_a_server_that_wants_nothing_from_us_has_taken_nothing(smtp: Smtp, mailbox: Mailbox, code: str) -> None:
    outcomes = smtp.hand_over([outgoing(1, recipient=f"answer-{code}@example.com"), outgoing(2)], now=NOW)
    assert outcomes == [NotTaken(f"{code} not today")] * 2
    assert not mailbox.mails


def test_a_refused_sender_is_that_senders_fault_and_the_next_one_is_asked_for(smtp: Smtp, mailbox: Mailbox) -> None:
    mailbox.sender_answers = {"refused": "553 not yours"}
    refused, taken = smtp.hand_over([outgoing(1, local_part="refused"), outgoing(2)], now=NOW)
    address = "refused@mail.testford.example"
    assert refused == SenderRefused(f"the sender {address} is refused: 553 not yours", address)
    assert isinstance(taken, HandedOver)


@pytest.mark.parametrize("code", ["421", "451", "530", "535"])
def test_what_a_server_says_to_a_sender_for_the_time_being_or_of_a_login_is_the_accounts(
    smtp: Smtp, mailbox: Mailbox, code: str
) -> None:
    mailbox.sender_answers = {"council": f"{code} not now"}
    assert smtp.hand_over([outgoing(1, local_part="council")], now=NOW) == [NotTaken(f"{code} not now")]


@pytest.mark.parametrize("name", ["x" * 91, "Gwasanaeth " * 30, "市役所", "---", "\u0301" * 200, "a." * 80, "É" * 400])
def test_the_address_of_every_sender_is_one_that_any_server_reads(smtp: Smtp, mailbox: Mailbox, name: str) -> None:
    [outcome] = smtp.hand_over([outgoing(1, sender_name=name)], now=NOW)
    assert isinstance(outcome, HandedOver)
    [sender] = mailbox.senders
    local_part = sender.partition("@")[0]
    assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)*", local_part)
    assert 1 <= len(local_part) <= 64


def test_a_mail_that_cannot_be_written_fails_for_good_and_alone(smtp: Smtp, mailbox: Mailbox) -> None:
    unwritable = outgoing(1, recipient="jo@exa\u00admple\u0300..example")
    outcomes = smtp.hand_over([unwritable, outgoing(2)], now=NOW)
    assert isinstance(outcomes[0], Unwritable)
    assert isinstance(outcomes[1], HandedOver)


def test_a_server_that_is_down_has_taken_nothing(unused_port: int) -> None:
    outcomes = smtp_at(unused_port).hand_over([outgoing(number) for number in range(9)], now=NOW)
    assert {type(each) for each in outcomes} == {NotTaken}


@pytest.mark.parametrize(("end", "arrived"), [("take and vanish", 1), ("vanish", 0)])
def test_what_became_of_a_mail_that_was_never_answered_is_unknown(
    smtp: Smtp, mailbox: Mailbox, end: str, arrived: int
) -> None:
    mailbox.script = [end]
    [outcome] = smtp.hand_over([outgoing(1)], now=NOW)
    assert isinstance(outcome, Unknown)
    assert len(mailbox.mails) == arrived


def test_a_lost_connection_leaves_one_mail_unknown_and_the_others_are_sent(smtp: Smtp, mailbox: Mailbox) -> None:
    mailbox.script = ["vanish"]
    outcomes = smtp.hand_over([outgoing(number) for number in range(4)], now=NOW)
    assert [type(each) for each in outcomes] == [Unknown, HandedOver, HandedOver, HandedOver]
    assert len(mailbox.mails) == 3


def test_a_server_that_says_nothing_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began_at = time.monotonic()
        outcomes = smtp_at(silent.getsockname()[1]).hand_over([outgoing(number) for number in range(9)], now=NOW)
        assert time.monotonic() - began_at < SECONDS_FOR_A_HAND_OVER
    assert {type(each) for each in outcomes} == {NotTaken}


def test_an_account_may_wait_for_news_instead_of_taking_a_mail_as_delivered(listening: int) -> None:
    smtp = smtp_at(listening, is_delivered_on_acceptance="no")
    assert smtp.hand_over([outgoing()], now=NOW) == [HandedOver(f"<{UUID(int=1)}@guildhall.example>")]


def test_an_address_in_another_script_travels_as_ascii(smtp: Smtp, mailbox: Mailbox) -> None:
    assert isinstance(smtp.hand_over([outgoing(recipient="jo@bücher.example")], now=NOW)[0], HandedOver)
    assert mailbox.mails[0]["To"] == "jo@xn--bcher-kva.example"


# -- secrets -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """A server's side of TLS, whose certificate this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(made.public_bytes(Encoding.PEM) + private)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    trust.cache_clear()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    yield context
    trust.cache_clear()


def test_mail_goes_over_tls_with_a_login(certificate: ssl.SSLContext) -> None:
    mailbox = Mailbox()
    login = {"tls_context": certificate, "require_starttls": True, "auth_required": True, "authenticator": _knows_us}
    with a_server(mailbox, **login) as port:
        known = {"host": "localhost", "security": "starttls", "user": "us", "password": "secret"}
        assert isinstance(smtp_at(port, **known).hand_over([outgoing()], now=NOW)[0], HandedOver)
        stranger = known | {"password": "wrong"}
        assert isinstance(smtp_at(port, **stranger).hand_over([outgoing()], now=NOW)[0], NotTaken)
    assert len(mailbox.mails) == 1


def test_mail_does_not_go_to_a_server_whose_certificate_is_not_its_own(certificate: ssl.SSLContext) -> None:
    mailbox = Mailbox()
    with a_server(mailbox, tls_context=certificate) as port:
        [outcome] = smtp_at(port, host="127.0.0.1", security="starttls").hand_over([outgoing()], now=NOW)
    assert isinstance(outcome, NotTaken)
    assert not mailbox.mails


def test_where_tls_is_demanded_nothing_is_said_without_it(listening: int, mailbox: Mailbox) -> None:
    [outcome] = smtp_at(listening, security="starttls").hand_over([outgoing()], now=NOW)
    assert isinstance(outcome, NotTaken)
    assert not mailbox.mails


def _knows_us(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"us", b"secret"), handled=False)


def test_the_address_of_a_server_is_read() -> None:
    secure = read_settings(settings_of_url("smtps://me:p%40ss@mail.example"), domain="x.example")
    assert secure.server == Server("mail.example", 465, Security.TLS, "me", "p@ss")
    plain = read_settings(settings_of_url("smtp://mail.example:587"), domain="x.example")
    assert plain.server == Server("mail.example", 587, Security.IF_OFFERED, "", "")
