"""Accepting emails through the API: how many a second, how fast, at what cost of CPU, beside PostgreSQL's own rate.

A real web process on a durable database of its own; the load spreads over many services and keys, with every limit on.
PostgreSQL's own rate is pgbench's, in the same minute: one durable INSERT of one row by each client into a table of the
same shape and indexes.

    ./guildhall bench accept [--through-django] [--seconds N] [--clients N ...] [--processes N]

Emails are accepted before Django (decision 9); ``--through-django`` closes that door and measures the other one.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import select
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

import django
import psycopg

from guildhall.config.installation import Installation, open_installation

SERVICES = 64
CLIENTS = (1, 8, 32, 128)
WARM_UP_CLIENTS, WARM_UP_SECONDS = 16, 2.0
WARM_UP_REQUESTS = 20 * SERVICES  # so that every process has met every service: a stranger costs more than a regular
TOKENS_ARE_RENEWED_EVERY = 10.0


@dataclass(frozen=True)
class Target:
    """What 32 connections should reach: percent of pgbench's rate, and milliseconds of CPU for each email."""

    share: float
    cpu: float


TARGET, TARGET_THROUGH_DJANGO = Target(40.0, 0.4), Target(15.0, 0.9)

TABLE = """
DROP TABLE IF EXISTS bench_message;
CREATE TABLE bench_message (LIKE notify_message INCLUDING ALL) PARTITION BY RANGE (accepted_at);
CREATE TABLE bench_message_all PARTITION OF bench_message DEFAULT;
"""
INSERT = """
INSERT INTO bench_message (id, accepted_at, organisation_id, notify_service_id, template_id, template_version, channel,
    key_id, key_kind, recipient, recipient_as_given, language, personalisation, reference, sender, fragments,
    rate_multiplier, is_abroad, status, tries, next_try_at, provider, provider_reference, problem)
VALUES (uuidv7(), now(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 'email', gen_random_uuid(), 'live',
    'resident@example.com', 'resident@example.com', 'en', decode(repeat('ab', 64), 'hex'), 'HDJ2123F', '', 0, 1, false,
    'created', 0, now(), '', '', '');
"""


@dataclass(frozen=True)
class Load:
    """What a load of some seconds came to: answers by status, and how long each took."""

    seconds: float
    accepted: int
    other: dict[str, int]
    latencies: list[float]

    @property
    def rate(self) -> float:
        return self.accepted / self.seconds

    def percentile(self, share: float) -> float:
        """Return the milliseconds within which this share of the answers came."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Measured:
    """One line of the table. CPU is in milliseconds for each accepted email."""

    clients: int
    load: Load
    cpu_web: float
    cpu_database: float
    pgbench: float

    @property
    def share(self) -> float:
        return 100 * self.load.rate / self.pgbench

    @property
    def cpu(self) -> float:
        return self.cpu_web + self.cpu_database


def main() -> int:
    options = _options()
    if options.load:
        return _load_from(Path(options.load), options)
    with _installation() as (installation, data):
        senders = data / "senders.json"
        senders.write_text(json.dumps(_make_senders()))
        senders.chmod(0o600)
        lines = [_measure(installation, data, options, clients) for clients in options.clients]
        is_met = _report(lines, options)
        is_true = _compare_with_the_truth(installation, sum(line.load.accepted for line in lines))
        return 0 if is_met and is_true else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./guildhall bench accept", description=__doc__)
    parser.add_argument("--through-django", action="store_true", help="with the door before Django closed")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each load lasts")
    parser.add_argument("--clients", type=int, nargs="+", default=list(CLIENTS), help="connections at the same time")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="web processes")
    parser.add_argument("--at-least", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--load", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


# -- an installation of its own ----------------------------------------------------------------------------------------


@contextmanager
def _installation() -> Iterator[tuple[Installation, Path]]:
    """A fresh durable installation, thrown away afterwards."""
    os.environ.pop("DATABASE_URL", None)
    data = Path(tempfile.mkdtemp(prefix="guildhall-bench-"))
    data.chmod(0o755)
    try:
        with open_installation(data) as installation:
            os.environ.update(installation.environment("web"))
            _say("migrating")
            subprocess.run(_guildhall("migrate", data), check=True, stdout=subprocess.DEVNULL)
            django.setup()
            yield installation, data
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _web(data: Path, processes: int, *, fast_path: str = "open") -> Iterator[tuple[int, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    web = subprocess.Popen(
        _guildhall("web", data, "--port", str(port)),
        env=os.environ | {"GUILDHALL_WEB_PROCESSES": str(processes), "GUILDHALL_FAST_PATH": fast_path},
    )
    try:
        _wait_until_it_answers(port)
        yield web.pid, port
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(20)


def _guildhall(command: str, data: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "guildhall", command, "--data", str(data), *words]


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if b" 200 " in connection.recv(64):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the web process did not come up")


def _make_senders() -> list[dict[str, str]]:
    """Make councils with live services that send, and return what a program needs to know of each."""
    # Models can be imported only now that Django has found the installation.
    from guildhall.kernel.tenancy import acting_for  # noqa: PLC0415
    from guildhall.notify.testing import make_sender  # noqa: PLC0415
    from guildhall.organisations.testing import make_council  # noqa: PLC0415

    _say(f"making {SERVICES} services with keys")
    senders = []
    for number in range(SERVICES):
        if number % 8 == 0:
            council = make_council()
        with acting_for(council.id):
            sender = make_sender(council, slug=f"service-{number}")
        secret = sender.secret()
        senders.append({"service": str(sender.id), "secret": secret, "template": str(sender.email)})
    return senders


# -- measuring ---------------------------------------------------------------------------------------------------------


def _measure(installation: Installation, data: Path, options: argparse.Namespace, clients: int) -> Measured:
    """Measure one number of connections. The web processes are gone, with their connections, when pgbench begins."""
    _say(f"{clients} connection(s)")
    database = _postmaster(installation)
    fast_path = "closed" if options.through_django else "open"
    with _web(data, options.processes, fast_path=fast_path) as (web, port):
        _run_load(data, port, WARM_UP_CLIENTS, WARM_UP_SECONDS, at_least=WARM_UP_REQUESTS)
        before = _cpu_of(web), _cpu_of(database)
        load = _run_load(data, port, clients, options.seconds)
        after = _cpu_of(web), _cpu_of(database)
    spent = [1000 * (end - start) / max(1, load.accepted) for start, end in zip(before, after, strict=True)]
    return Measured(clients, load, spent[0], spent[1], _pgbench(installation, data, clients, options.seconds))


def _run_load(data: Path, port: int, clients: int, seconds: float, *, at_least: int = 1) -> Load:
    """Load the web process from a process of its own, so that the load's own work is not counted as ours."""
    words = ["--load", str(data / "senders.json"), "--port", str(port), "--clients", str(clients)]
    command = [sys.executable, "-m", "bench.accept", *words, "--seconds", str(seconds), "--at-least", str(at_least)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return Load(**json.loads(done.stdout))


def _pgbench(installation: Installation, data: Path, clients: int, seconds: float) -> float:
    """Return how many single rows a second PostgreSQL commits for this many clients."""
    cluster = installation.cluster
    assert cluster is not None, "the bench has an embedded database"
    script = data / "insert.sql"
    script.write_text(" ".join(INSERT.split()))
    script.chmod(0o644)
    logins = cluster.logins_for("guildhall")
    with psycopg.connect(logins.superuser, autocommit=True) as superuser:
        superuser.execute(TABLE)
    code, said = cluster.run_tool(
        "pgbench", "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1",
        f"--time={max(1, round(seconds))}", f"--file={script}", logins.superuser,
    )  # fmt: skip
    if code:
        raise SystemExit(f"pgbench failed: {said}")
    return next(float(line.split()[2]) for line in said.splitlines() if line.startswith("tps ="))


def _postmaster(installation: Installation) -> int:
    assert installation.cluster is not None, "the bench has an embedded database"
    return int((installation.cluster.data / "postmaster.pid").read_text().split()[0])


def _cpu_of(process: int) -> float:
    """Return the seconds of CPU that a process and all it started have used, those that ended included."""
    running = dict(_processes())
    family, ticks = [process], 0
    for member in family:
        family += [pid for pid, (parent, *_times) in running.items() if parent == member]
        _parent, user, system, ended_user, ended_system = running.get(member, (0, 0, 0, 0, 0))
        ticks += user + system + ended_user + ended_system
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield each process with its parent and its ticks: user, system, and both of its children that ended."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(path.parent.name), (int(fields[1]), *(int(ticks) for ticks in fields[11:15]))


def _report(lines: Sequence[Measured], options: argparse.Namespace) -> bool:
    """Print the table, and return whether the target is met where it was measured."""
    is_met, target = True, TARGET_THROUGH_DJANGO if options.through_django else TARGET
    door = "through Django" if options.through_django else "before Django"
    print(
        f"\nEmails accepted through the API, {door}, {options.processes} web process(es), "
        f"{os.cpu_count()} processors shared by all:\n"
    )
    heading = ("connections", "accepted/s", "p50 ms", "p95 ms", "CPU web", "CPU db", "CPU ms", "pgbench/s", "share")
    print(" ".join(f"{word:>11}" for word in heading))
    for line in lines:
        cells = (
            str(line.clients), f"{line.load.rate:.0f}", f"{line.load.percentile(0.5):.1f}",
            f"{line.load.percentile(0.95):.1f}", f"{line.cpu_web:.2f}", f"{line.cpu_database:.2f}", f"{line.cpu:.2f}",
            f"{line.pgbench:.0f}", f"{line.share:.0f} %",
        )  # fmt: skip
        print(" ".join(f"{cell:>11}" for cell in cells))
        if line.load.other:
            print(f"            other answers: {line.load.other}")
    for line in lines:
        if line.clients == 32:
            is_met = line.share >= target.share and line.cpu <= target.cpu
            print(
                f"\nTarget at 32 connections: {target.share:.0f} % of pgbench or more, {target.cpu} ms of CPU or less: "
                f"{'met' if is_met else 'MISSED'} ({line.share:.0f} %, {line.cpu:.2f} ms)"
            )
    return is_met


def _compare_with_the_truth(installation: Installation, accepted: int) -> bool:
    """Every acceptance must be a row, and every row be counted as used once."""
    assert installation.cluster is not None, "the bench has an embedded database"
    with psycopg.connect(installation.cluster.logins_for("guildhall").superuser) as superuser:
        rows = superuser.execute("SELECT count(*) FROM notify_message WHERE key_kind = 'live'").fetchone()
        used = superuser.execute("SELECT sum(quantity) FROM metering_usageevent").fetchone()
    print(f"\nRows: {rows and rows[0]}; counted as used: {used and used[0]}; accepted while measured: {accepted}")
    return bool(rows and used and rows[0] == used[0] >= accepted)


def _say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)


# -- the load ----------------------------------------------------------------------------------------------------------


class _Requests:
    """Requests as bytes, one after the other from each sender, with tokens that are young enough."""

    def __init__(self, senders: Path) -> None:
        self._senders = json.loads(senders.read_text())
        self._written: list[bytes] = []
        self._written_at = 0.0
        self._turn = 0

    def next(self) -> bytes:
        if time.time() - self._written_at > TOKENS_ARE_RENEWED_EVERY:
            self._written_at = time.time()
            self._written = [_request(sender, int(self._written_at)) for sender in self._senders]
        self._turn += 1
        return self._written[self._turn % len(self._written)]


def _request(sender: dict[str, str], at: int) -> bytes:
    token = _sign({"iss": sender["service"], "iat": at}, sender["secret"])
    body = json.dumps(
        {
            "email_address": "resident@example.com",
            "template_id": sender["template"],
            "personalisation": {"name": "Jo Bloggs", "thing": "collection of a sofa and two chairs"},
            "reference": "HDJ2123F",
        }
    ).encode()
    head = (
        "POST /v2/notifications/email HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _sign(claims: dict[str, object], secret: str) -> str:
    """Return a token as every client of the API makes it."""
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "HS256"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _load_from(senders: Path, options: argparse.Namespace) -> int:
    """Keep so many requests under way for so many seconds and answers, and print what came of them as JSON."""
    port, clients, seconds = options.port, options.clients[0], options.seconds
    requests, waiting = _Requests(senders), select.epoll()  # what the load costs is taken from what it measures
    connections, started, answers, latencies = {}, {}, {}, []
    for _ in range(clients):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections[connection.fileno()] = connection
        waiting.register(connection, select.EPOLLIN)
        started[connection.fileno()] = time.perf_counter()
        connection.sendall(requests.next())
    begun = time.perf_counter()
    ends_at = begun + seconds
    while connections:
        for place, _event in waiting.poll(20):
            connection = connections[place]
            status = _read_answer(connection)
            now = time.perf_counter()
            answers[status] = answers.get(status, 0) + 1
            latencies.append(now - started[place])
            if now < ends_at or len(latencies) < options.at_least:
                started[place] = now
                connection.sendall(requests.next())
            else:
                waiting.unregister(connection)
                connections.pop(place).close()
    took = time.perf_counter() - begun
    accepted = answers.pop("201", 0)
    json.dump({"seconds": took, "accepted": accepted, "other": answers, "latencies": latencies}, sys.stdout)
    return 0


def _read_answer(connection: socket.socket) -> str:
    """Read one whole answer and return its status; the first piece holds the headers."""
    answer = connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    lower = head.lower()
    place = lower.find(b"content-length:")
    missing = int(lower[place + 15 :].split(b"\r\n", 1)[0]) - len(body) if place >= 0 else 0
    while missing > 0:
        missing -= len(connection.recv(65536))
    return answer[9:12].decode()


if __name__ == "__main__":
    sys.exit(main())
