"""What ``up`` writes down about the processes it launches: others find them, the next start can end leftovers."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from guildhall.config.problems import Problem

SECONDS_TO_LEAVE = 5


@dataclass(frozen=True)
class Launch:
    """One launched process, leading a process group of its own; ``born`` tells it from a later one of its number."""

    name: str
    pid: int
    born: str


def note_of(name: str, pid: int) -> Launch:
    return Launch(name, pid, _birth_of(pid) or "")


@contextlib.contextmanager
def the_only_launcher(data: Path) -> Iterator[None]:
    """Make sure that nobody else serves from this data folder while we do.

    :raises Problem: somebody does, or the folder cannot be written to.
    """
    try:
        descriptor = os.open(data / "serving", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as refusal:
        raise Problem(
            f"The data folder {data} cannot be used: {refusal.strerror}. Choose another with --data."
        ) from refusal
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = _read(data).get("base_url", "another port")
            raise Problem(
                f"Guildhall already runs with the data folder {data}, at {where}: stop that one, or give --data DIR."
            ) from None
        try:
            yield
        finally:
            (data / "launched.json").unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def write_down(data: Path, base_url: str, launches: list[Launch]) -> None:
    """Record what is running now; the record is replaced whole."""
    unfinished = data / "launched.json.unfinished"
    unfinished.write_text(json.dumps({"base_url": base_url, "launches": [asdict(launch) for launch in launches]}))
    unfinished.replace(data / "launched.json")


def find_running_base_url(data: Path) -> str | None:
    """Return where ``up`` serves from this data folder, or None when it does not."""
    is_running = any(_birth_of(launch.pid) == launch.born for launch in _launches(data))
    return _read(data)["base_url"] if is_running else None


def end_leftovers(data: Path) -> list[str]:
    """End what a killed launcher left behind, and return the names of what had to be ended."""
    left = [launch for launch in _launches(data) if _is_ours(launch)]
    for message in (signal.SIGTERM, signal.SIGKILL):
        for launch in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(launch.pid, message)
        deadline = time.monotonic() + SECONDS_TO_LEAVE
        while any(map(_is_ours, left)) and time.monotonic() < deadline:
            time.sleep(0.05)
    return [launch.name for launch in left]


def work_of_group(group: int) -> float:
    """Return the seconds that processors have worked for a process group, ended children of its members included."""
    ticks = [sum(map(int, fields[11:15])) for fields in _members(group)]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def _is_ours(launch: Launch) -> bool:
    """A group outlives its leader: as long as it has members, the kernel gives its number to nobody else."""
    try:
        os.killpg(launch.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return _birth_of(launch.pid) in {launch.born, None} and not _is_all_dead(launch.pid)


def _is_all_dead(group: int) -> bool:
    """A group of zombies, where nothing reaps them, can hold no port."""
    return all(fields[0] in "ZX" for fields in _members(group))


def _members(group: int) -> list[list[str]]:
    found = map(_status, Path("/proc").glob("[0-9]*/stat"))
    return [fields for fields in found if fields and fields[2] == str(group)]


def _birth_of(pid: int) -> str | None:
    fields = _status(Path("/proc", str(pid), "stat"))
    return fields[19] if fields and fields[0] not in "ZX" else None


def _status(path: Path) -> list[str]:
    """Return the fields of /proc/N/stat after the command's name: state, parent, group, …, start time in the 20th."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _launches(data: Path) -> list[Launch]:
    return [Launch(**launch) for launch in _read(data).get("launches", [])]


def _read(data: Path) -> dict:
    """Return what is written down, or nothing: it is written whole, and nobody else's to write."""
    try:
        return json.loads((data / "launched.json").read_text())
    except (OSError, ValueError):
        return {}
