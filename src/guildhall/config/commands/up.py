"""``./guildhall``: everything from one command – database, migrations, councils, sandbox, web and worker."""

import contextlib
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from guildhall.config import real_server
from guildhall.config.building import build_what_is_missing
from guildhall.config.commandline import place_of
from guildhall.config.installation import Installation, make_data_folder, open_installation
from guildhall.config.launches import end_leftovers, the_only_launcher, write_down
from guildhall.config.lifeline import launched
from guildhall.config.marks import read_marks
from guildhall.config.metrics_port import WEB, WORKER, find_metrics_place
from guildhall.config.places import choose_data_folder
from guildhall.config.ports import Held, held
from guildhall.config.problems import Problem
from guildhall.config.readiness import reminded, wait_until_ready
from guildhall.config.supervision import Child, Say, end_all, look_after
from guildhall.config.up_to_date import Tables, refuse_other_key, refuse_unfit_database, wanted_marks

SECONDS_BETWEEN_ROUNDS = 0.2


def run(options: Namespace) -> int:
    """Start all, serve until told to stop, and stop all that was started."""
    say = _speaker()
    with _stopped_by_signals():
        try:
            _start(options, say)
        except _Stop:
            say("Stopped")
    return 0


def _start(options: Namespace, say: Say) -> None:
    """Take the data folder and the ports first, and keep them to the end: whoever comes second changes nothing."""
    place = place_of(options)
    watched = [find_metrics_place(process) for process in (WEB, WORKER)]
    data = _data_folder(options)
    make_data_folder(data)
    with the_only_launcher(data):
        for name in end_leftovers(data):
            say(f"Ended the {name} process that an earlier start had left behind")
        with held(filter(None, (place, *watched))) as ports, contextlib.ExitStack() as opened:
            say(_what_is_opened(data))
            opening = open_installation(options.data, place=place, in_public=options.sandbox_in_public)
            with reminded(say, "The database does not answer yet; after a crash it has much to read"):
                installation = opened.enter_context(opening)
            build_what_is_missing(say)
            _serve(installation, ports, say)


def _serve(installation: Installation, ports: list[Held], say: Say) -> None:
    _bring_up_to_date(installation, say)
    place, (served, *watched) = ports[0].place, ports
    where = ["--host", place.address, "--port", str(place.port)]
    children = [
        Child("web", _command("web", *where), installation.environment("web"), [served, *watched[:1]]),
        Child("worker", _command("worker"), installation.environment("dispatcher"), watched[1:]),
    ]
    try:
        say("Starting web and worker")
        for child in children:
            child.start()
        write_down(installation.data, str(installation.base_url), [child.note() for child in children])
        wait_until_ready(children, place, say)
        say(f"Guildhall is at {installation.base_url} (Ctrl-C stops it)")
        _keep_alive(installation, children, say)
    finally:
        say("Stopping")
        end_all(children)


def _bring_up_to_date(installation: Installation, say: Say) -> None:
    """Migrate and load what is new since the last start; nothing new costs one look."""
    found = read_marks(installation.addresses["owner"])
    refuse_other_key(found, installation)
    if wanted_marks(installation).items() <= found.items():
        return
    refuse_unfit_database(installation.addresses["owner"], needs=Tables.ANY)
    say("Bringing the database up to date")
    done = subprocess.run(_command("migrate"), env=launched(installation.environment("owner")), check=False)
    if done.returncode:
        raise Problem("The database could not be brought up to date; the reason is above.")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "guildhall", *words]


def _keep_alive(installation: Installation, children: list[Child], say: Say) -> None:
    while True:
        time.sleep(SECONDS_BETWEEN_ROUNDS)
        if installation.cluster is not None and not installation.cluster.is_running():
            say("The database ended unexpectedly: starting it again")
            installation.cluster.start()
        if any([look_after(child, say) for child in children]):
            write_down(installation.data, str(installation.base_url), [child.note() for child in children])


def _what_is_opened(data: Path) -> str:
    if real_server.is_chosen():
        return f"Using the database of DATABASE_URL; files are in {data}"
    return f"Starting the database in {data}"


def _data_folder(options: Namespace) -> Path:
    return choose_data_folder(options.data, for_embedded_database=not real_server.is_chosen())


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


def _speaker() -> Say:
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {line}", flush=True)

    return say
