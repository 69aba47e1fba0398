"""One connection to a mail server, and what its answers mean.

5xx to a recipient is final for that message. To its sender it is that sender's: the server may take other people's. To
us (to the connection, the login) it is the account's fault and no message's. An answer that never comes after the
content was sent means that nobody knows.
"""

import contextlib
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from guildhall.kernel.outgoing import Answer, trust
from guildhall.notify.ports import HandedOver, NotTaken, Outcome, SenderRefused, TryLater, Undeliverable, Unknown
from guildhall.notify.providers.mail import Mail

SECONDS_TO_CONNECT = 5.0
SECONDS_FOR_AN_ANSWER = 10.0
SECONDS_FOR_A_VERDICT = 25.0
"""After the content: servers look at it before they answer."""

LONGEST_REPLY = 64 * 1024

Judge = Callable[[int, bytes], Outcome]
"""Says what a server's refusal of a command means."""

_TRY_AGAIN_LATER_AND_GOODBYE = 421
_WANTS_A_LOGIN = frozenset({530, 535, 538})


class Security(StrEnum):
    """How a connection is kept from being read."""

    TLS = "tls"
    STARTTLS = "starttls"
    IF_OFFERED = "if-offered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    security: Security = Security.IF_OFFERED
    user: str = ""
    password: str = ""


class LineFault(Exception):
    """The connection cannot be had, or is of no use any more, before anything was handed over on it."""


class Line:
    """A connection that mail is handed over on, one after the other. Opened when made.

    :raises LineFault: it cannot be opened, secured or logged in on.
    """

    def __init__(self, server: Server) -> None:
        self.handed_over = 0
        try:
            self._smtp = _connect(server)
        except (OSError, smtplib.SMTPException) as fault:
            raise LineFault(_said(fault)) from fault
        self._is_pipelined = self._smtp.has_extn("pipelining")

    def send(self, mail: Mail) -> Outcome:
        """Hand one mail over and return what the server said. After ``Unknown`` or ``NotTaken`` the line is closed.

        :raises LineFault: the line was dead before the mail had begun, and another may be tried.
        """
        try:
            begun = self._begin(mail)
        except TimeoutError as fault:
            self.close()
            return NotTaken(_said(fault))
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            raise LineFault(_said(fault)) from fault
        if begun is not None:
            return self._after_refusal(begun)
        return self._give_content(mail)

    def is_alive(self) -> bool:
        """Ask the server whether the line, unused for a while, is still there."""
        try:
            return self._smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.close()

    def hang_up(self) -> None:
        """Close the line with a goodbye, as servers like it."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self.close()

    def _begin(self, mail: Mail) -> Outcome | None:
        """Name sender and recipient and announce the content; return the refusal if there is one."""
        commands = (f"MAIL FROM:<{mail.sender}>", f"RCPT TO:<{mail.recipient}>", "DATA")
        self._smtp.sock.settimeout(SECONDS_FOR_AN_ANSWER)  # type: ignore[union-attr]
        if self._is_pipelined:
            self._smtp.send("\r\n".join((*commands, "")))
        refusal: Outcome | None = None
        judges: tuple[Judge, ...] = (partial(_of_sender, mail.sender), _of_recipient, _of_content)
        for command, judge in zip(commands, judges, strict=True):
            if not self._is_pipelined:
                self._smtp.putcmd(command)
            code, words = self._smtp.getreply()
            if code == 354 and refusal is not None:  # a server that wants content for nobody
                self._smtp.send(b".\r\n")
                self._smtp.getreply()
            elif code not in (250, 251, 252, 354):
                refusal = refusal or judge(code, words)
                if not self._is_pipelined:
                    return refusal
        return refusal

    def _give_content(self, mail: Mail) -> Outcome:
        content = mail.content.replace(b"\r\n.", b"\r\n..")
        try:
            self._smtp.send(content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"))
        except (OSError, smtplib.SMTPException) as fault:  # the end of it has not left this machine
            self.close()
            return NotTaken(_said(fault))
        try:
            self._smtp.sock.settimeout(SECONDS_FOR_A_VERDICT)  # type: ignore[union-attr]
            code, words = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            return Unknown(f"no answer after the content: {_said(fault)}")
        if 200 <= code < 300:
            self.handed_over += 1
            return HandedOver(reference=mail.name)
        return self._after_refusal(_of_content(code, words))

    def _after_refusal(self, refusal: Outcome) -> Outcome:
        """Make the line fit for the next mail, or close it."""
        if isinstance(refusal, NotTaken) or not self.is_alive():
            self.close()
        return refusal

    @property
    def is_open(self) -> bool:
        return self._smtp.sock is not None


class _Reply:
    """A server's reply as a file of lines, which ends in good time and at a length, however slowly it comes."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._read = sock, b""
        self.begin()

    def begin(self) -> None:
        """Expect the next reply from now on, within the seconds that the socket waits for anything."""
        seconds = self._sock.gettimeout() or SECONDS_FOR_AN_ANSWER
        self._answer = Answer(self._sock, seconds=seconds, longest=LONGEST_REPLY)

    def readline(self, at_most: int) -> bytes:
        while b"\n" not in self._read and len(self._read) < at_most:
            if not (more := self._answer.read(4096)):
                break
            self._read += more
        end = self._read.find(b"\n", 0, at_most) + 1 or at_most
        line, self._read = self._read[:end], self._read[end:]
        return line

    def close(self) -> None:
        """The socket is closed by whoever has it."""


class _Impatient:
    """Reads a server's replies within bounds, which the standard library leaves to the server."""

    sock: socket.socket | None
    file: Any

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Reply(self.sock)
        elif self.file is not None:
            self.file.begin()
        return super().getreply()  # type: ignore[misc]


class _Plain(_Impatient, smtplib.SMTP):
    """A connection that may become a secure one."""


class _Secure(_Impatient, smtplib.SMTP_SSL):
    """A connection that is secure from its first byte."""


def _connect(server: Server) -> smtplib.SMTP:
    if server.security is Security.TLS:
        smtp: smtplib.SMTP = _Secure(server.host, server.port, timeout=SECONDS_TO_CONNECT, context=trust())
    else:
        smtp = _Plain(server.host, server.port, timeout=SECONDS_TO_CONNECT)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security is Security.STARTTLS or (
            server.security is Security.IF_OFFERED and smtp.has_extn("starttls")
        ):
            smtp.starttls(context=trust())
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _of_sender(sender: str, code: int, words: bytes) -> Outcome:
    if code >= 500 and code not in _WANTS_A_LOGIN:
        return SenderRefused(f"the sender {sender} is refused: {_reply(code, words)}", sender)
    return NotTaken(_reply(code, words))


def _of_recipient(code: int, words: bytes) -> Outcome:
    if code == _TRY_AGAIN_LATER_AND_GOODBYE or code in _WANTS_A_LOGIN:
        return NotTaken(_reply(code, words))
    return Undeliverable(_reply(code, words)) if code >= 500 else TryLater(_reply(code, words))


def _of_content(code: int, words: bytes) -> Outcome:
    return _of_recipient(code, words)


def _reply(code: int, words: bytes) -> str:
    return f"{code} {words.decode(errors='replace')}"


def _said(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPResponseException):
        words = fault.smtp_error
        return f"{fault.smtp_code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return f"{type(fault).__name__}: {fault}"
