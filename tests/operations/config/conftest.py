"""Commands run as an operator runs them, in folders of their own that are taken away afterwards."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .warm import Warm

ROOT = Path(__file__).parents[3]
OURS = ("DATABASE_", "GUILDHALL_", "DJANGO_")

VARIABLES = {
    "web": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "writer": "DATABASE_WRITER_URL",
    "dispatcher": "DATABASE_DISPATCHER_URL",
}

Guildhall = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm(fresh_environment()) as warm:
        yield warm


@pytest.fixture(scope="session")
def guildhall(warm: Warm) -> Guildhall:
    """Run ``./guildhall WORDS`` to its end, in the environment of a fresh shell."""

    def run(*words: object, **environment: str) -> "subprocess.CompletedProcess[str]":
        done = warm.run(*words, environment=environment)
        return subprocess.CompletedProcess(words, done.code, done.stdout, done.stderr)

    return run


def start_guildhall(*words: object, **environment: str) -> "subprocess.Popen[str]":
    """Start ``./guildhall WORDS`` in the environment of a fresh shell, and go on."""
    return subprocess.Popen(
        [sys.executable, "-m", "guildhall", *map(str, words)],
        env=fresh_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A short folder that the database's user can pass through; pytest's own is closed to it."""
    with passable_folder() as made:
        yield made


@contextlib.contextmanager
def passable_folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="gh"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        end_all_servers_under(made)
        shutil.rmtree(made, ignore_errors=True)


def end_all_servers_under(folder: Path) -> None:
    for pidfile in folder.rglob("postmaster.pid"):
        with contextlib.suppress(ProcessLookupError, ValueError, OSError):
            pid = int(pidfile.read_text().split()[0])
            if Path("/proc", str(pid), "cwd").readlink() == pidfile.parent:
                os.kill(pid, signal.SIGQUIT)


def fresh_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"PYTHONPATH": str(ROOT / "src")}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_until(is_so: Callable[[], bool], *, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
