"""``./guildhall``: everything from one command – database, migrations, councils, sandbox, web and worker."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from guildhall.config import real_server
from guildhall.config.building import build_what_is_missing
from guildhall.config.installation import DEFAULT_PORT, Installation, open_installation
from guildhall.config.launches import end_leftovers, the_only_launcher, write_down
from guildhall.config.lifeline import launched
from guildhall.config.marks import read_marks, refuse_other_key, wanted_marks
from guildhall.config.places import choose_data_folder
from guildhall.config.problems import Problem
from guildhall.config.supervision import Child, end_all, look_after

SECONDS_TO_BE_READY = 60
SECONDS_BETWEEN_ROUNDS = 0.2


def run(options: Namespace) -> int:
    """Start all, serve until told to stop, and stop all that was started."""
    port = options.port or DEFAULT_PORT
    say = _speaker()
    with _stopped_by_signals():
        try:
            _end_leftovers(options, say)
            _refuse_port_in_use(options.host, port)
            build_what_is_missing(say)
            say(_what_is_opened(_data_folder(options)))
            with open_installation(options.data, port=port) as installation, the_only_launcher(installation.data):
                _serve(installation, options.host, port, say)
        except _Stop:
            say("Stopped")
    return 0


def _serve(installation: Installation, host: str, port: int, say: Callable[[str], None]) -> None:
    _bring_up_to_date(installation, say)
    children = [
        Child("web", ["web", "--host", host, "--port", str(port)], installation.environment("web")),
        Child("worker", ["worker"], installation.environment("dispatcher")),
    ]
    try:
        say("Starting web and worker")
        for child in children:
            child.start()
        write_down(installation.data, installation.base_url, [child.note() for child in children])
        _wait_until_ready(children, host, port)
        say(f"Guildhall is at {installation.base_url} (Ctrl-C stops it)")
        _keep_alive(installation, children, say)
    finally:
        say("Stopping")
        end_all(children)


def _bring_up_to_date(installation: Installation, say: Callable[[str], None]) -> None:
    """Migrate and load what is new since the last start; nothing new costs one look."""
    found = read_marks(installation.addresses["owner"])
    refuse_other_key(found, installation)
    if wanted_marks(installation).items() <= found.items():
        return
    say("Bringing the database up to date")
    command = [sys.executable, "-m", "guildhall", "migrate"]
    done = subprocess.run(command, env=launched(installation.environment("owner")), check=False)
    if done.returncode:
        raise Problem("The database could not be brought up to date; the reason is above.")


def _keep_alive(installation: Installation, children: list[Child], say: Callable[[str], None]) -> None:
    while True:
        time.sleep(SECONDS_BETWEEN_ROUNDS)
        if installation.cluster is not None and not installation.cluster.is_running():
            say("The database ended unexpectedly: starting it again")
            installation.cluster.start()
        if any([look_after(child, say) for child in children]):
            write_down(installation.data, installation.base_url, [child.note() for child in children])


def _wait_until_ready(children: list[Child], host: str, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    while time.monotonic() < deadline:
        for child in children:
            if not child.is_alive():
                raise Problem(f"The {child.name} process could not start; the reason is above.")
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://{here}:{port}/readyz", timeout=2).close()
            return
        time.sleep(0.05)
    raise Problem(f"Web and worker were not ready within {SECONDS_TO_BE_READY} seconds.")


def _end_leftovers(options: Namespace, say: Callable[[str], None]) -> None:
    """End what a killed launcher may have left running.

    :raises Problem: the launcher was not killed but runs.
    """
    data = _data_folder(options)
    if data.is_dir():
        with the_only_launcher(data):
            for name in end_leftovers(data):
                say(f"Ended the {name} process that an earlier start had left behind")


def _what_is_opened(data: Path) -> str:
    if real_server.is_chosen():
        return f"Using the database of DATABASE_URL; files are in {data}"
    return f"Starting the database in {data}"


def _data_folder(options: Namespace) -> Path:
    return choose_data_folder(options.data, for_embedded_database=not real_server.is_chosen())


def _refuse_port_in_use(host: str, port: int) -> None:
    if not _is_free(host, port):
        raise Problem(f"Port {port} is in use by another program: stop it, or choose another with --port.")


def _is_free(host: str, port: int) -> bool:
    """Without SO_REUSEPORT, unlike the web server's own sockets, so that any listener counts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as refusal:
            if isinstance(refusal, socket.gaierror):
                raise Problem(f"{host} is not an address of this machine.") from refusal
            return False
    return True


class _Stop(BaseException):
    """We were asked to stop. Not an Exception: nothing on the way may take it for a failure."""


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        for asked in _SIGNALS:
            signal.signal(asked, signal.SIG_IGN)  # once is enough: what follows is an orderly end
        raise _Stop

    for asked in _SIGNALS:
        signal.signal(asked, stop)
    yield


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _speaker() -> Callable[[str], None]:
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {line}", flush=True)

    return say
