"""Email by SMTP: one connection, kept as long as the server lets it live.

A message that is handed over again keeps its Message-ID, so that a mailbox that has it already can tell.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import unquote, urlsplit

import idna

from guildhall.notify.domain.email_document import email_page
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.sender import email_local_part
from guildhall.notify.ports import HandedOver, Outcome, Outgoing, TryLater, Undeliverable

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    is_tls_from_the_start: bool
    user: str
    password: str


def server_of(url: str) -> Server:
    """Read ``smtp://user:password@host:port`` (``smtps:`` speaks TLS from the first byte)."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname or "localhost", parts.port or (465 if is_tls else 25), is_tls, user, password)


class Smtp:
    """Hands emails to a mail server. What the server answers decides: 5xx is final, everything else is tried again."""

    name = "smtp"
    at_once = 1

    def __init__(self, server: Server, *, domain: str) -> None:
        self._server, self._domain = server, domain
        self._connection: smtplib.SMTP | None = None

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        return [self._hand_over(message, now) for message in batch]

    def _hand_over(self, message: Outgoing, now: datetime) -> Outcome:
        try:
            return self._send(write_mail(message, domain=self._domain, now=now))
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            return _refused(code, words)
        except smtplib.SMTPResponseException as refusal:
            self._hang_up()
            return _refused(refusal.smtp_code, refusal.smtp_error)
        except (OSError, smtplib.SMTPException) as fault:
            self._hang_up()
            return TryLater(f"{type(fault).__name__}: {fault}")

    def _send(self, mail: EmailMessage) -> Outcome:
        """Send a mail. A connection that the server closed since the last one is opened once more, before any data."""
        try:
            self._connected().rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()
        self._connected().send_message(mail)
        return HandedOver(reference=mail["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.is_tls_from_the_start:
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
        return connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None


def write_mail(message: Outgoing, *, domain: str, now: datetime) -> EmailMessage:
    """Return an email as it travels: plain text and HTML, and who may be answered."""
    email = write_email(message.words.subject, message.words.body, message.given)
    mail = EmailMessage()
    mail["Subject"] = email.subject
    mail["From"] = formataddr((message.sender_name, f"{email_local_part(message.sender_name)}@{domain}"))
    mail["To"] = _in_ascii(message.recipient)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.message_id}@{domain}>"
    if message.sender:
        mail["Reply-To"] = message.sender
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(email.plain_text, cte="quoted-printable")
    mail.add_alternative(email_page(email, language="en"), subtype="html", cte="quoted-printable")
    return mail


def _in_ascii(address: str) -> str:
    local, _, host = address.rpartition("@")
    return address if host.isascii() else f"{local}@{idna.encode(host, uts46=True).decode('ascii')}"


def _refused(code: int, words: bytes | str) -> Outcome:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Undeliverable(f"{code} {said}") if 500 <= code < 600 else TryLater(f"{code} {said}")
