"""Mail servers and workers killed midway: does every email arrive, and is every one that arrives twice marked?

Three rounds of a real worker with two mail servers, which write down every mail before they answer:

- nobody is killed: every email arrives once, and none is marked;
- the first server is killed midway: the second takes over;
- the worker is killed at random moments, and another is started: what it held is claimed again when its lease ends.

    ./guildhall bench failover [--messages N] [--kills N]
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.notify_delivery import guildhall, installation, make_senders, put, wait_until_it_listens
from guildhall.config.installation import Installation

SECONDS_FOR_A_ROUND = 300


@dataclass(frozen=True)
class Found:
    """What a round came to: how many messages there were, which mails arrived how often, which messages are marked."""

    messages: int
    delivered: int
    arrived: Counter[UUID]
    marked: frozenset[UUID]
    seconds: float

    @property
    def lost(self) -> int:
        return self.messages - len(self.arrived)

    @property
    def twice(self) -> set[UUID]:
        return {each for each, times in self.arrived.items() if times > 1}

    @property
    def is_well(self) -> bool:
        return self.lost == 0 and self.delivered == self.messages and self.twice <= self.marked


def main() -> int:
    options = _options()
    if options.server:
        return _serve_mail(options.server, Path(options.diary))
    with installation() as (house, data):
        trial = Trial(house, data, make_senders(), options.messages)
        calm = trial.run("nobody is killed", _nobody)
        without_a_server = trial.run("the first server is killed", _kill_first_server)
        without_workers = trial.run(f"the worker is killed {options.kills} times", _kill_workers(options.kills))
    is_calm = not calm.marked and not calm.twice
    well = calm.is_well and is_calm and without_a_server.is_well and without_workers.is_well
    print("well: none lost, and what came twice is marked" if well else "NOT WELL")
    return 0 if well else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./guildhall bench failover", description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=3, help="how often the worker is killed in its round")
    parser.add_argument("--server", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--diary", help=argparse.SUPPRESS)
    return parser.parse_args()


# -- a round -----------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A mail server in a process of its own, with the file in which it notes the mails."""

    port: int
    diary: Path
    process: "subprocess.Popen[bytes]"

    def noted(self) -> list[str]:
        return self.diary.read_text().split() if self.diary.exists() else []


@dataclass
class Round:
    """What the trouble-maker of a round may touch."""

    servers: list[Server]
    start_worker: Callable[[], "subprocess.Popen[bytes]"]
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    messages: int = 0

    def noted(self) -> int:
        return sum(len(server.noted()) for server in self.servers)

    def wait_for(self, noted: int) -> None:
        deadline = time.monotonic() + SECONDS_FOR_A_ROUND
        while self.noted() < noted and time.monotonic() < deadline:
            time.sleep(0.02)


Trouble = Callable[[Round], None]


@dataclass
class Trial:
    """The same installation for every round, each with messages and mail servers of its own."""

    house: Installation
    data: Path
    senders: dict[str, Any]
    messages: int

    def run(self, what: str, trouble: Trouble) -> Found:
        assert self.house.cluster is not None, "the bench has an embedded database"
        url = self.house.cluster.logins_for("guildhall").superuser
        with psycopg.connect(url, autocommit=True) as superuser, _mail_servers(self.data) as servers:
            superuser.execute("DELETE FROM notify_provideraccount")
            _open_accounts(servers)
            round_ = Round(servers, self._start_worker, messages=self.messages)
            put(superuser, self.senders, self.messages)
            began_at = time.monotonic()
            round_.workers.append(self._start_worker())
            try:
                trouble(round_)
                _wait_until_all_is_done(superuser)
            finally:
                for worker in round_.workers:
                    worker.terminate()
                    worker.wait(30)
            found = _look(superuser, servers, time.monotonic() - began_at)
        print(_told(what, found), flush=True)
        return found

    def _start_worker(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            guildhall("worker", self.data),
            env=os.environ | self.house.environment("dispatcher"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _nobody(round_: Round) -> None:
    pass


def _kill_first_server(round_: Round) -> None:
    round_.wait_for(round_.messages * 2 // 5)
    round_.servers[0].process.kill()


def _kill_workers(kills: int) -> Trouble:
    def trouble(round_: Round) -> None:
        chance = random.Random(7)
        for _ in range(kills):
            round_.wait_for(round_.noted() + chance.randrange(round_.messages // (2 * kills + 2)) + 50)
            round_.workers[-1].send_signal(signal.SIGKILL)
            round_.workers[-1].wait()
            round_.workers.append(round_.start_worker())

    return trouble


def _open_accounts(servers: list[Server]) -> None:
    """Let the installation's emails go through the first server, and through the second when that fails."""
    # Models can be imported only now that Django has found the installation.
    from guildhall.kernel.tenancy import acting_for  # noqa: PLC0415
    from guildhall.notify.domain.delivery import Channel  # noqa: PLC0415
    from guildhall.notify.operations.provider_accounts import WantedAccount, add_provider_account  # noqa: PLC0415
    from guildhall.organisations.queries import get_platform  # noqa: PLC0415

    with acting_for(get_platform().id):
        for priority, server in enumerate(servers, start=1):
            settings = {"host": "127.0.0.1", "port": str(server.port)}
            wanted = WantedAccount(Channel.EMAIL, "smtp", f"server {priority}", settings, priority=priority)
            add_provider_account(wanted, actor=None, now=datetime.now(UTC))


def _wait_until_all_is_done(superuser: psycopg.Connection) -> None:
    deadline = time.monotonic() + SECONDS_FOR_A_ROUND
    while superuser.execute("SELECT 1 FROM notify_message WHERE next_try_at IS NOT NULL LIMIT 1").fetchone():
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)


def _look(superuser: psycopg.Connection, servers: list[Server], seconds: float) -> Found:
    row = superuser.execute(
        "SELECT count(*), count(*) FILTER (WHERE status = 'delivered'), array_agg(id) FILTER (WHERE may_be_repeated)"
        " FROM notify_message"
    ).fetchone()
    assert row is not None
    arrived = Counter(UUID(name) for server in servers for name in server.noted())
    return Found(row[0], row[1], arrived, frozenset(row[2] or ()), seconds)


def _told(what: str, found: Found) -> str:
    return (
        f"{what:34}{found.messages} emails, {len(found.arrived)} arrived, {found.lost} lost; "
        f"{len(found.twice)} came twice, {len(found.twice - found.marked)} of them unmarked; "
        f"{len(found.marked)} marked; {found.seconds:.0f} s"
    )


# -- mail servers ------------------------------------------------------------------------------------------------------


class Sink:
    """Notes the Message-ID of every mail in a file, and only then answers: what it noted has arrived."""

    def __init__(self, diary: Path) -> None:
        self._diary = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        begins = content.index(b"Message-ID: <") + len(b"Message-ID: <")
        os.write(self._diary, content[begins : begins + 36] + b"\n")
        return "250 OK"


def _serve_mail(port: int, diary: Path) -> int:
    controller = Controller(Sink(diary), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait({signal.SIGTERM})
    return 0


@contextmanager
def _mail_servers(data: Path) -> Iterator[list[Server]]:
    servers = [_start_server(data / f"mails-{time.monotonic_ns()}-{number}") for number in (1, 2)]
    try:
        yield servers
    finally:
        for server in servers:
            server.process.terminate()
            server.process.wait(10)


def _start_server(diary: Path) -> Server:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.failover", "--server", str(port), "--diary", str(diary)]
    server = Server(port, diary, subprocess.Popen(command))
    wait_until_it_listens(port)
    return server


if __name__ == "__main__":
    sys.exit(main())
