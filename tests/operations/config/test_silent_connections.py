"""Whoever connects and is silent, slow, or deaf keeps the web server's threads from nobody, and is given up.

Against the server as it is, with a short patience: nothing here waits for a moment, only for what the server does.
"""

import base64
import select
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from django.conf import settings

from guildhall.design.assets.manifest import hashed_names
from guildhall.design.build_assets import build_assets

from .conftest import ROOT, VARIABLES, fresh_environment, wait_until

THREADS = 2
MANY = 3 * THREADS
SECONDS_BEFORE_GIVING_UP = 25  # shorter than any patience of the server's that we do not set
MORE_THAN_ARE_GIVEN_UP_MEANWHILE = 2 * THREADS * SECONDS_BEFORE_GIVING_UP
"""Each would keep a thread for a second: whoever comes after them all would wait too long."""

ASKS = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

Connect = Callable[..., socket.socket]


@pytest.fixture(scope="module")
def port(database: dict[str, str]) -> Iterator[int]:
    build_assets()
    own = {variable: database[login] for login, variable in VARIABLES.items()}
    own |= {"GUILDHALL_WEB_THREADS": str(THREADS), "GUILDHALL_WEB_PROCESSES": "1", "GUILDHALL_SANDBOX": "1"}
    own |= {
        "GUILDHALL_KEY": base64.b64encode(settings.INSTALLATION_KEY).decode(),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    own |= {"DJANGO_SETTINGS_MODULE": "guildhall.config.settings"}
    command = [sys.executable, "-m", "tests.operations.config.serve_impatiently"]
    with subprocess.Popen(
        command, env=fresh_environment() | own, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        with socket.create_connection(("127.0.0.1", port)) as first:
            first.sendall(ASKS)
            assert first.recv(1)  # it waits in the queue until the server is there
        yield port
        server.terminate()


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    """Connect to the server and say something, and hang up after the test."""
    with ExitStack() as until_the_end:

        def connect(said: bytes = b"", *, room: int | None = None) -> socket.socket:
            line = until_the_end.enter_context(socket.socket())
            if room is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
            line.settimeout(SECONDS_BEFORE_GIVING_UP)
            line.connect(("127.0.0.1", port))
            line.sendall(said)
            return line

        yield connect


def is_served(connect: Connect) -> bool:
    """Whether somebody else gets an answer. Where a slow machine made them silent, they ask again."""
    answer = b""
    for _ in range(5):
        answer = answer or connect(ASKS).recv(12)
    return answer == b"HTTP/1.1 200"


def test_whoever_does_not_say_what_they_want_is_given_up_and_keeps_nobody_waiting(connect: Connect) -> None:
    silent = [
        connect(said) for said in (b"", b"GET /hea", ASKS[:-2], b"POST /healthz HTTP/1.1\r\nX: ") for _ in range(MANY)
    ]
    assert is_served(connect)
    assert {line.recv(1) for line in silent} == {b""}


def test_a_head_that_drips_is_given_up(connect: Connect) -> None:
    line = connect(b"GET /healthz HTTP/1.1\r\nX: ")
    with suppress(ConnectionError):
        for _ in range(1_000):
            if select.select([line], [], [], 0.02)[0]:
                break
            line.sendall(b"x")
        assert line.recv(1) == b""


def test_whoever_was_answered_and_says_nothing_more_is_given_up(connect: Connect) -> None:
    line, answer = connect(ASKS), b""
    while more := line.recv(4096):
        answer += more
    assert answer.endswith(b"alive\n")


def test_bodies_that_never_come_keep_nobody_waiting(connect: Connect) -> None:
    """Half of the threads wait for them, and the others are told at once that there is no room."""
    head = b"POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n"
    head += b"Cookie: csrftoken=%b\r\n\r\n" % (b"a" * 32)  # without it nobody looks at the form
    half = [connect(head + b"half") for _ in range(MANY)]
    told, _, _ = select.select(half, [], [], SECONDS_BEFORE_GIVING_UP)
    assert {line.recv(12) for line in told} == {b"HTTP/1.1 503"}
    assert is_served(connect)


def test_answers_that_nobody_reads_keep_nobody_waiting_and_are_given_up(connect: Connect) -> None:
    wanted = f"GET /assets/{hashed_names()['guildhall.css']} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    deaf = [connect(wanted, room=4096) for _ in range(MORE_THAN_ARE_GIVEN_UP_MEANWHILE)]
    assert is_served(connect)
    assert {line.recv(12, socket.MSG_PEEK) for line in deaf} == {b"HTTP/1.1 200"}
    wait_until(lambda: not any(is_kept(line) for line in deaf))


def is_kept(line: socket.socket) -> bool:
    """Whether the kernel keeps the server's end of a connection."""
    ends = [f"0100007F:{port:04X}" for _, port in (line.getpeername(), line.getsockname())]
    return any(each.split()[1:3] == ends for each in Path("/proc/net/tcp").read_text().splitlines())
