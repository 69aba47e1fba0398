"""The worker as a process: it delivers, it survives being killed, it stops when told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from guildhall.kernel.ids import new_id


@pytest.fixture
def start_worker(database: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    environment = os.environ | {
        "DATABASE_DISPATCHER_URL": database["dispatcher"],
        "DATABASE_URL": database["web"],
        "GUILDHALL_LOGIN": "dispatcher",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    program = Path(__file__).with_name("working.py")
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, str(program), str(tmp_path)], env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def ring(folder: Path) -> Path:
    """Have an event announced, and return the file that is there when it was delivered.

    It is the event's own: what an earlier test's worker left behind is delivered as well.
    """
    bell = new_id()
    (folder / f"ring-{bell}").touch()
    return folder / f"done-{bell}"


def wait_for(what: Callable[[], object], seconds: float = 40) -> None:
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.05)


def test_a_worker_turns_its_loops_and_delivers_what_they_announce_and_stops_when_told(start_worker, tmp_path):
    worker = start_worker()
    wait_for(ring(tmp_path).exists)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0


def test_what_a_killed_worker_was_delivering_is_delivered_by_another(start_worker, tmp_path):
    (tmp_path / "slow").touch()
    first = start_worker()
    done = ring(tmp_path)
    wait_for(lambda: (tmp_path / f"begun-{first.pid}").exists())
    first.kill()
    first.wait()
    (tmp_path / "slow").unlink()
    start_worker()
    wait_for(done.exists)


def test_a_worker_whose_connections_are_cut_at_any_moment_goes_on(start_worker, database, tmp_path):
    worker = start_worker()
    for _cut in range(6):
        wait_for(ring(tmp_path).exists)
        with psycopg.connect(database["superuser"], autocommit=True) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guildhall_dispatcher' "
                "AND datname = current_database()"
            )
    assert worker.poll() is None
