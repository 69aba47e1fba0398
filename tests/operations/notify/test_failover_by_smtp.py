"""A mail server that goes away midway through a mailing: the second takes over, and nobody is written to twice."""

import email
import socket
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from guildhall.kernel.transactions import reading, transaction
from guildhall.notify import operations as notify
from guildhall.notify import ports as notify_ports
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import NotifyServiceId, OwnMessage
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.operations.provider_accounts import WantedAccount, add_provider_account
from guildhall.notify.ports import Providers

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MESSAGES = 120


class MailServer:
    """Notes the name of every mail. After ``lasts_for`` mails it breaks every line, also those in the middle of one."""

    def __init__(self, lasts_for: int = 1_000_000) -> None:
        self.names: list[str] = []
        self._lasts_for = lasts_for
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = email.message_from_bytes(envelope.original_content or b"")
        self.names.append(mail["Message-ID"])
        if len(self.names) > self._lasts_for:
            server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        if len(self.names) > self._lasts_for:
            server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"


def test_when_the_first_server_dies_midway_all_arrive_and_what_comes_twice_is_marked(
    sender: NotifyServiceId, database: dict[str, str], as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
    first, second = MailServer(lasts_for=50), MailServer()
    controllers = [Controller(each, hostname="127.0.0.1", port=each.port) for each in (first, second)]
    for controller in controllers:
        controller.start()
    for priority, server in enumerate((first, second)):
        settings = {"host": "127.0.0.1", "port": str(server.port)}
        wanted = WantedAccount(Channel.EMAIL, "smtp", f"server {priority}", settings, priority=priority)
        add_provider_account(wanted, actor=None, now=NOW)
    sent = {f"<{send(sender, number)}@" for number in range(MESSAGES)}
    carriers = Carriers(Providers(notify_ports.provider_kinds()))
    as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=NOW, clock=lambda: NOW))
    for controller in controllers:
        controller.stop()

    arrived = Counter(name.partition("@")[0] + "@" for name in (*first.names, *second.names))
    assert set(arrived) == sent
    assert len(first.names) > 50
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT status, may_be_repeated, id FROM notify_message WHERE notify_service_id = %s", [sender])
        rows = cursor.fetchall()
    assert {status for status, _, _ in rows} == {"delivered"}
    marked = {f"<{message_id}@" for _, is_marked, message_id in rows if is_marked}
    assert {name for name, times in arrived.items() if times > 1} == marked
    assert 1 <= len(marked) <= 4


def send(sender: NotifyServiceId, number: int) -> object:
    wanted = OwnMessage(
        sender, "receipt", "email", "jo@example.com", "en", {"name": "Jo", "thing": "sofa"}, "", f"{sender}{number}"
    )
    with transaction():
        return notify.send(wanted, now=NOW)
