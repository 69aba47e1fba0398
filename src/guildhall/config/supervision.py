"""Keeping a few processes alive: they are started, watched, started again when they die, and all ended together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guildhall.config.launches import Launch, note_of, work_of_group
from guildhall.config.lifeline import launched
from guildhall.config.ports import Held, handed_down
from guildhall.config.problems import Problem

SECONDS_TO_FINISH = 10
SECONDS_OF_GOOD_LIFE = 20
EARLY_DEATHS_ALLOWED = 5

Say = Callable[[str], None]


@dataclass
class Child:
    """A process of ours, in a process group of its own, so that Ctrl-C reaches only the launcher."""

    name: str
    command: list[str]
    environment: dict[str, str]
    ports: Sequence[Held] = ()
    running: subprocess.Popen[bytes] | None = None
    born_at: float = 0.0
    early_deaths: int = 0
    start_again_at: float | None = None

    def start(self) -> None:
        self.running = subprocess.Popen(  # noqa: S603
            self.command,
            env=launched(self.environment | handed_down(self.ports)),
            pass_fds=[number for port in self.ports for number in port.descriptors],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.born_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def end(self, message: signal.Signals) -> None:
        """Send a signal to the child and to everything it started."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, message)

    def seconds_of_work(self) -> float:
        """Return how long processors have worked for the child and all it started."""
        return work_of_group(self.running.pid) if self.running is not None else 0.0

    def note(self) -> Launch:
        assert self.running is not None
        return note_of(self.name, self.running.pid)


def look_after(child: Child, say: Say) -> bool:
    """Start a child again if it has died, waiting longer each time it dies young; tell whether it was started.

    :raises Problem: it keeps dying as soon as it is started.
    """
    if child.is_alive():
        return False
    now = time.monotonic()
    if child.start_again_at is None:
        _mourn(child, now, say)
        return False
    if now < child.start_again_at:
        return False
    child.start_again_at = None
    child.start()
    return True


def _mourn(child: Child, now: float, say: Say) -> None:
    code = child.running.returncode if child.running else 0
    child.end(signal.SIGKILL)  # what it started must not hold the port
    child.early_deaths = 0 if now - child.born_at > SECONDS_OF_GOOD_LIFE else child.early_deaths + 1
    if child.early_deaths > EARLY_DEATHS_ALLOWED:
        raise Problem(f"{child.name} keeps ending as soon as it starts (exit code {code}); what it said is above.")
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    say(f"{child.name} ended unexpectedly ({how}): starting it again")
    child.start_again_at = now + 0.2 * 2**child.early_deaths


def end_all(children: list[Child]) -> None:
    """End all children: politely, and after a while by force."""
    for child in children:
        child.end(signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_FINISH
    for child in children:
        if child.running is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.running.wait(max(0.1, deadline - time.monotonic()))
            child.end(signal.SIGKILL)
            child.running.wait()
