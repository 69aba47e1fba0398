"""``./guildhall`` serves, looks after what it started, and leaves nothing behind, however it ends."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import Guildhall, free_port, fresh_environment, wait_until


@dataclass
class Launched:
    """A running ``./guildhall``."""

    launcher: subprocess.Popen[bytes]
    data: Path
    port: int

    def ask(self, path: str, host: str = "") -> tuple[int, str]:
        """Return the status and words of an answer; 0 when there is none."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": host} if host else {})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self) -> bool:
        return self.ask("/readyz")[0] == 200

    def pids(self) -> dict[str, int]:
        launches = json.loads((self.data / "launched.json").read_text())["launches"]
        return {launch["name"]: launch["pid"] for launch in launches}

    def server(self) -> int:
        """Return the database's process id; 0 while it has none."""
        try:
            return int((self.data / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return 0


READY = "Guildhall is at "


@contextlib.contextmanager
def launched(data: Path, port: int, **environment: str) -> Iterator[Launched]:
    command = [sys.executable, "-m", "guildhall", "up", "--data", str(data), "--port", str(port)]
    with open(data.with_suffix(".log"), "a+b") as log:
        log.seek(0)
        before = log.read().decode().count(READY)
        launcher = subprocess.Popen(
            command, env=fresh_environment() | environment, stdout=log, stderr=log, start_new_session=True
        )
    started, said = Launched(launcher, data, port), data.with_suffix(".log")
    try:
        # Its own word counts: the port may still be answered by what an earlier start left behind.
        wait_until(lambda: said.read_text().count(READY) > before or launcher.poll() is not None, seconds=90)
        assert launcher.poll() is None, said.read_text()[-3000:]
        yield started
    finally:
        if launcher.poll() is None:
            launcher.send_signal(signal.SIGINT)
        launcher.wait(40)


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Launched]:
    with launched(folder / "house", free_port()) as started:
        yield started


def _is_alive(pid: int) -> bool:
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_it_says_that_it_lives_and_is_ready(running: Launched) -> None:
    assert running.ask("/healthz") == (200, "alive\n")
    assert json.loads(running.ask("/readyz")[1]) == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "worker": "ok",
    }


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_process_is_started_again(running: Launched, name: str) -> None:
    before = running.pids()[name]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: running.pids()[name] != before and running.is_ready())


def test_a_killed_database_is_started_again(running: Launched) -> None:
    before = running.server()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: running.server() not in (0, before) and running.is_ready())


def test_a_second_start_with_the_same_folder_is_refused(running: Launched, guildhall: Guildhall) -> None:
    done = guildhall("up", "--data", running.data, "--port", free_port())
    assert done.returncode == 1
    assert f"already runs with the data folder {running.data}, at http://localhost:{running.port}" in done.stderr
    wait_until(running.is_ready)


def test_other_commands_use_the_running_database_and_leave_it_running(running: Launched, guildhall: Guildhall) -> None:
    done = guildhall("doctor", "--data", running.data)
    assert "ok     worker: ok" in done.stdout, done.stdout
    wait_until(running.is_ready)


def test_ctrl_c_leaves_no_process_and_a_killed_launcher_none_that_holds_the_port(running: Launched) -> None:
    """The last of the file, for it ends what the others need."""
    database = running.server()
    left_behind = [*running.pids().values()]
    running.launcher.kill()
    running.launcher.wait(10)
    with launched(running.data, running.port) as second:
        assert not any(map(_is_alive, left_behind))
        assert second.server() == database, "the database is taken over as it is"
        left_behind += [*second.pids().values(), database]
        second.launcher.send_signal(signal.SIGINT)
        assert second.launcher.wait(40) == 0
    assert not any(map(_is_alive, left_behind))
    assert not (running.data / "launched.json").exists()
