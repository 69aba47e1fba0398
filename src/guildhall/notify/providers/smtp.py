"""Email by SMTP: a few connections for each account, kept as long as the server lets them live."""

import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from guildhall.notify.operations.outgoing import written
from guildhall.notify.ports import HandedOver, NotReached, NotTaken, Outcome, Outgoing
from guildhall.notify.providers.mail import Mail, write_mail
from guildhall.notify.providers.smtp_line import Line, LineFault, Security, Server

SECONDS_TO_BEGIN_A_MAIL = 10.0
SECONDS_A_LINE_IS_TRUSTED = 5.0
MAILS_FOR_A_LINE = 4
"""Fewer than this are not worth opening another connection."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How an account with a mail server is used.

    ``is_delivered_on_acceptance``: a mail that the server took counts as delivered; otherwise it is on its way until a
    bounce says more, or three days have passed (docs/decisions/0010).
    """

    server: Server
    domain: str
    connections: int = 4
    mails_on_a_connection: int = 1000
    is_delivered_on_acceptance: bool = True


def read_settings(given: Mapping[str, str], *, domain: str) -> SmtpSettings:
    """Read an account's settings; ``domain`` is the installation's own, for senders of an account that names none.

    :raises ValueError: a number or a word is none of those that there are.
    """
    security = Security(given.get("security") or Security.IF_OFFERED)
    port = int(given.get("port") or (465 if security is Security.TLS else 25))
    return SmtpSettings(
        Server(given.get("host") or "localhost", port, security, given.get("user", ""), given.get("password", "")),
        domain=given.get("domain") or domain,
        connections=max(1, int(given.get("connections") or 4)),
        mails_on_a_connection=max(1, int(given.get("mails_on_a_connection") or 1000)),
        is_delivered_on_acceptance=given.get("is_delivered_on_acceptance", "yes") != "no",
    )


def settings_of_url(url: str) -> Mapping[str, str]:
    """Read ``smtp://user:password@host:port`` (``smtps:`` speaks TLS from the first byte) as an account's settings."""
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "localhost",
        "port": str(parts.port or ""),
        "security": str(Security.TLS if parts.scheme == "smtps" else Security.IF_OFFERED),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }


class Smtp:
    """Hands emails to a mail server, over several connections at the same time when there are many.

    ``names_end`` ends every Message-ID: the installation's own domain, whichever account carries the mail.
    """

    name = "smtp"
    at_once = 100  # what is lost with a worker that is killed arrives twice, so they are few

    def __init__(self, settings: SmtpSettings, *, names_end: str) -> None:
        self._settings, self._names_end = settings, names_end
        self._lines: deque[tuple[float, Line]] = deque()
        self._senders = ThreadPoolExecutor(settings.connections, thread_name_prefix="smtp")

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        return self.send_all([_Written(self, message, now) for message in batch])

    def send_all(self, mails: "Sequence[Mail | _Written]") -> Sequence[Outcome]:
        """Send mails and return what became of each, in order."""
        round_ = _Round(mails)
        width = min(self._settings.connections, -(-len(mails) // MAILS_FOR_A_LINE))
        sending = [self._senders.submit(self._send_some, round_) for _ in range(width)]
        for each in sending:
            each.result()
        return round_.outcomes

    def write(self, message: Outgoing, now: datetime) -> Mail:
        return write_mail(message, domain=self._settings.domain, names_end=self._names_end, now=now)

    def _send_some(self, round_: "_Round") -> None:
        """Send what is left of a round over one line, until nothing or no time is left or the server takes no more."""
        line: Line | None = None
        try:
            while (taken := round_.take()) is not None:
                number, mail = taken
                line, outcome = self._write_and_send(line, mail)
                round_.outcomes[number] = self._as_delivered(outcome)
                if isinstance(outcome, NotTaken):
                    round_.stop(outcome)
        finally:
            if line is not None:
                self._put_back(line)

    def _write_and_send(self, line: Line | None, mail: "Mail | _Written") -> tuple[Line | None, Outcome]:
        made = mail if isinstance(mail, Mail) else mail.write()
        return self._send(line, made) if isinstance(made, Mail) else (line, made)

    def _send(self, line: Line | None, mail: Mail) -> tuple[Line | None, Outcome]:
        """Send a mail; if a kept line turns out dead before the mail has begun, over a new one."""
        if line is None or not line.is_open:
            line = self._kept_line()
        if line is not None:
            with suppress(LineFault):
                outcome = line.send(mail)
                return self._unless_worn(line), outcome
        try:
            line = Line(self._settings.server)
            outcome = line.send(mail)
        except LineFault as fault:
            return None, NotTaken(str(fault))
        return self._unless_worn(line), outcome

    def _kept_line(self) -> Line | None:
        """Take a line that was kept and is still alive."""
        while True:
            try:
                kept_at, line = self._lines.pop()
            except IndexError:
                return None
            if time.monotonic() - kept_at < SECONDS_A_LINE_IS_TRUSTED or line.is_alive():
                return line
            line.close()

    def _put_back(self, line: Line) -> None:
        if line.is_open:
            self._lines.append((time.monotonic(), line))

    def _unless_worn(self, line: Line) -> Line | None:
        """Hang up a line that has carried as much as one may."""
        if line.is_open and line.handed_over >= self._settings.mails_on_a_connection:
            line.hang_up()
        return line if line.is_open else None

    def _as_delivered(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, HandedOver) and self._settings.is_delivered_on_acceptance:
            return HandedOver(outcome.reference, is_delivered=True)
        return outcome


@dataclass(frozen=True, slots=True)
class _Written:
    """A message that becomes a mail when its turn comes, in the thread that sends it."""

    smtp: Smtp
    message: Outgoing
    now: datetime

    def write(self) -> Mail | Outcome:
        return written(lambda: self.smtp.write(self.message, self.now), name=str(self.message.message_id))


class _Round:
    """Mails that several threads send together: each takes the next one until none, or no time, is left."""

    def __init__(self, mails: "Sequence[Mail | _Written]") -> None:
        self.outcomes: list[Outcome] = [NotReached()] * len(mails)
        self._left = deque(enumerate(mails))
        self._ends_at = time.monotonic() + SECONDS_TO_BEGIN_A_MAIL
        self._stopping = threading.Lock()

    def take(self) -> "tuple[int, Mail | _Written] | None":
        if time.monotonic() > self._ends_at:
            return None
        try:
            return self._left.popleft()
        except IndexError:
            return None

    def stop(self, outcome: NotTaken) -> None:
        """Leave the rest: the server takes no more."""
        with self._stopping:
            while self._left:
                number, _ = self._left.popleft()
                self.outcomes[number] = outcome
