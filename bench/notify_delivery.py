"""Handing emails over: how many a second go to the sandbox, and to a local mail server beside its bare rate.

A real worker process on a durable database of its own, with messages of many services waiting. The bare rate is that of
the same client code giving mails that are written already to the same server, with as many connections.

    ./guildhall bench notify_delivery [--messages N] [--only sandbox|smtp]
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.accept import _cpu_of
from guildhall.config.installation import Installation, open_installation

SERVICES = 16
WARM_UP = 400
TARGET_SANDBOX, TARGET_SHARE = 8000.0, 80.0

MESSAGES = """
INSERT INTO notify_message (id, accepted_at, organisation_id, notify_service_id, template_id, template_version, channel,
    key_kind, recipient, recipient_as_given, language, personalisation, reference, sender, fragments, rate_multiplier,
    is_abroad, status, tries, next_try_at, provider, provider_reference, problem)
SELECT uuidv7(), clock_timestamp(), sender.council, sender.service, sender.template, 1, 'email', 'live',
    'resident' || n || '@example.com', 'resident' || n || '@example.com', 'en', %(personalisation)s, 'HDJ' || n, '', 0,
    1, false, 'created', 0, clock_timestamp(), '', '', ''
FROM generate_series(1, %(messages)s) AS n
JOIN unnest(%(councils)s::uuid[], %(services)s::uuid[], %(templates)s::uuid[]) WITH ORDINALITY
    AS sender (council, service, template, number) ON sender.number = 1 + n %% %(senders)s
"""
ENGLISH = (
    "Your ((thing)) collection",
    "Dear ((name))\n\n# What happens next\n\nWe will collect your ((thing)) on the day you chose. Please:\n\n"
    "* leave it outside by 7am\n* keep the pavement clear\n\nYour reference is ((reference)). You can follow it at "
    "https://www.testford.example/track/((reference))\n\nTestford Council",
)


@dataclass(frozen=True)
class Measured:
    """How fast a number of messages went, and the milliseconds of CPU that each cost."""

    what: str
    rate: float
    cpu_worker: float = 0.0
    cpu_database: float = 0.0

    def __str__(self) -> str:
        cpu = f"   CPU: worker {self.cpu_worker:.3f} ms, database {self.cpu_database:.3f} ms" if self.cpu_worker else ""
        return f"{self.what:28}{self.rate:10,.0f} /s{cpu}"


def main() -> int:
    options = _options()
    if options.server:
        return _serve_mail(options.server)
    with installation() as (house, data):
        senders = make_senders()
        measured = []
        if options.only != "smtp":
            measured.append(_deliver(house, data, senders, options.messages, "sandbox", ""))
        if options.only != "sandbox":
            with _mail_server() as port:
                number, url = options.messages // 4, f"smtp://127.0.0.1:{port}"
                before = _bare(port, number)
                delivered = _deliver(house, data, senders, number, "local mail server", url)
                after = _bare(port, number)  # before and after, because machines are noisy
                measured += [Measured("bare", (before.rate + after.rate) / 2), delivered]
    return _report({each.what: each for each in measured})


def _report(measured: dict[str, Measured]) -> int:
    print()
    for each in measured.values():
        print(each)
    reached = True
    if "sandbox" in measured:
        reached &= measured["sandbox"].rate >= TARGET_SANDBOX
        print(f"\nsandbox: at least {TARGET_SANDBOX:,.0f} a second wanted")
    if "bare" in measured:
        share = 100 * measured["local mail server"].rate / measured["bare"].rate
        reached &= share >= TARGET_SHARE
        print(f"mail server: {share:.0f} % of the bare rate, {TARGET_SHARE:.0f} % wanted")
    print("reached" if reached else "not reached")
    return 0 if reached else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./guildhall bench notify_delivery", description=__doc__)
    parser.add_argument("--messages", type=int, default=40_000, help="how many go to the sandbox; a fourth by SMTP")
    parser.add_argument("--only", choices=["sandbox", "smtp"], help="leave the other part out")
    parser.add_argument("--server", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def installation() -> Iterator[tuple[Installation, Path]]:
    """A fresh durable installation, thrown away afterwards."""
    os.environ.pop("DATABASE_URL", None)
    data = Path(tempfile.mkdtemp(prefix="guildhall-bench-"))
    data.chmod(0o755)
    try:
        with open_installation(data) as house:
            os.environ.update(house.environment("web"))
            subprocess.run(guildhall("migrate", data), check=True, stdout=subprocess.DEVNULL)
            django.setup()
            yield house, data
    finally:
        shutil.rmtree(data, ignore_errors=True)


def guildhall(command: str, data: Path) -> list[str]:
    return [sys.executable, "-m", "guildhall", command, "--data", str(data)]


def make_senders() -> dict[str, Any]:
    """Make councils with services that send, and return what a message of each says of its sender."""
    # Models can be imported only now that Django has found the installation.
    from guildhall.kernel import clock  # noqa: PLC0415
    from guildhall.kernel.tenancy import acting_for  # noqa: PLC0415
    from guildhall.notify import operations  # noqa: PLC0415
    from guildhall.notify.queries.messages import hide_personalisation  # noqa: PLC0415
    from guildhall.notify.testing import AUTHOR, make_sender  # noqa: PLC0415
    from guildhall.organisations.testing import make_council  # noqa: PLC0415

    councils, services, templates = [], [], []
    for number in range(SERVICES):
        if number % 8 == 0:
            council = make_council()
        with acting_for(council.id):
            sender = make_sender(council, slug=f"service-{number}")
            template = operations.add_template(
                notify_service_id=sender.id,
                channel=operations.Channel.EMAIL,
                name="Collection",
                pair=operations.Pair(operations.Words(*ENGLISH)),
                by=AUTHOR,
                now=clock.now(),
            )
        councils.append(council.id)
        services.append(sender.id)
        templates.append(template.id)
    values = {"name": "Jo Jones", "thing": "sofa", "reference": "HDJ2123F"}
    return {
        "councils": councils,
        "services": services,
        "templates": templates,
        "senders": SERVICES,
        "personalisation": hide_personalisation(values),
    }


# -- measuring ---------------------------------------------------------------------------------------------------------


def _deliver(
    house: Installation, data: Path, senders: dict[str, Any], messages: int, what: str, smtp_url: str
) -> Measured:
    """Let a worker deliver messages that wait."""
    assert house.cluster is not None, "the bench has an embedded database"
    database = int((house.cluster.data / "postmaster.pid").read_text().split()[0])
    environment = os.environ | house.environment("dispatcher") | {"GUILDHALL_SMTP_URL": smtp_url}
    with psycopg.connect(house.cluster.logins_for("guildhall").superuser, autocommit=True) as superuser:
        worker = subprocess.Popen(guildhall("worker", data), env=environment)
        try:
            put(superuser, senders, WARM_UP)
            _wait_until_all_is_done(superuser)
            before = _cpu_of(worker.pid), _cpu_of(database)
            put(superuser, senders, messages)
            superuser.execute("CHECKPOINT")
            put_at = superuser.execute("SELECT max(accepted_at) FROM notify_message").fetchone()
            _wait_until_all_is_done(superuser)
            after = _cpu_of(worker.pid), _cpu_of(database)
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(30)
        first_and_last = superuser.execute(
            "SELECT extract(epoch FROM max(sent_at) - min(sent_at)), count(*) FROM notify_message"
            " WHERE accepted_at <= %s AND sent_at IS NOT NULL AND status = 'delivered' AND accepted_at >"
            " (SELECT max(accepted_at) FROM notify_message) - interval '1 hour'",
            put_at,
        ).fetchone()
    assert first_and_last is not None
    return _rate(what, superuser, first_and_last, messages, before, after)


def _rate(
    what: str,
    superuser: psycopg.Connection,
    first_and_last: tuple[Any, ...],
    messages: int,
    before: tuple[float, float],
    after: tuple[float, float],
) -> Measured:
    seconds = float(first_and_last[0])
    cpu = [1000 * (end - start) / messages for start, end in zip(before, after, strict=True)]
    return Measured(what, messages / seconds, *cpu)


def put(superuser: psycopg.Connection, senders: dict[str, Any], messages: int) -> None:
    superuser.execute("DELETE FROM notify_message")
    superuser.execute("DELETE FROM notify_inboxentry")
    superuser.execute("VACUUM ANALYZE notify_message")
    superuser.execute(MESSAGES, senders | {"messages": messages})


def _wait_until_all_is_done(superuser: psycopg.Connection) -> None:
    deadline = time.monotonic() + 180
    while superuser.execute("SELECT 1 FROM notify_message WHERE next_try_at IS NOT NULL LIMIT 1").fetchone():
        if time.monotonic() > deadline:
            raise SystemExit("the worker does not get done")
        time.sleep(0.2)


def _bare(port: int, messages: int) -> Measured:
    """Give mails that are written already to the server, by the same client code."""
    from guildhall.notify.providers.mail import Mail  # noqa: PLC0415
    from guildhall.notify.providers.smtp import Smtp, read_settings  # noqa: PLC0415

    smtp = Smtp(read_settings({"host": "127.0.0.1", "port": str(port)}, domain="x.example"), names_end="x.example")
    mail = Mail("us@x.example", "jo@example.com", "<1@x.example>", _a_mail_like_those_that_are_delivered())
    _send_bare(smtp, [mail] * WARM_UP)
    began_at = time.monotonic()
    _send_bare(smtp, [mail] * messages)
    return Measured("bare", messages / (time.monotonic() - began_at))


def _send_bare(smtp: Any, mails: Sequence[Any]) -> None:
    for start in range(0, len(mails), smtp.at_once):
        outcomes = smtp.send_all(mails[start : start + smtp.at_once])
        assert all(type(each).__name__ == "HandedOver" for each in outcomes), outcomes


def _a_mail_like_those_that_are_delivered() -> bytes:
    return b"\r\n".join([b"Subject: A mail", b"", *[b"x" * 44] * 73, b""])  # 3.4 kB in 75 lines


# -- a mail server -----------------------------------------------------------------------------------------------------


class Sink:
    """Takes every mail and forgets it."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 OK"


def _serve_mail(port: int) -> int:
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait({signal.SIGTERM})
    return 0


@contextmanager
def _mail_server() -> Iterator[int]:
    """A mail server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "bench.notify_delivery", "--server", str(port)])
    try:
        wait_until_it_listens(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def wait_until_it_listens(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the mail server did not come up")


if __name__ == "__main__":
    sys.exit(main())
