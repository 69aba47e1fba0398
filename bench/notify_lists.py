"""Checking and sending a list of 100,000 rows: how long every row's check takes, how much memory, and how fast it goes.

A durable database of its own. The check is the worker's: the file is read back from its encrypted parts, every row is
checked, and the rows are kept in encrypted blocks. Memory is what the process holds at most above what it held before,
for a tenth of the rows and for all of them: flat means that the two are alike.

    ./guildhall bench notify_lists [--rows N]
"""

import argparse
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.notify_delivery import installation

TARGET_SECONDS = 10.0
FLAT_MB = 32.0


@dataclass(frozen=True)
class Measured:
    """How long something took, on the clock and of this process's CPU, and how much memory it needed on top."""

    what: str
    rows: int
    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        took = f"{self.seconds:6.2f} s   CPU {self.cpu:5.2f} s   memory +{self.memory:.0f} MB"
        return f"{self.what:24}{self.rows:9,} rows   {took}   {self.rows / self.seconds:10,.0f} rows/s"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./guildhall bench notify_lists", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with installation():
        measured = _measure(rows)
    print()
    for each in measured:
        print(each)
    slowest = max(each.seconds for each in measured if each.what.startswith("check"))
    most = max(each.memory for each in measured if each.what.startswith("check"))
    print(f"\nwanted: checked in under {TARGET_SECONDS:.0f} s, with under {FLAT_MB:.0f} MB however many rows there are")
    reached = slowest < TARGET_SECONDS and most < FLAT_MB
    print("reached" if reached else "not reached")
    return 0 if reached else 1


def _measure(rows: int) -> list[Measured]:
    # Models can be imported only now that Django has found the installation.
    from guildhall.kernel.tenancy import acting_for  # noqa: PLC0415
    from guildhall.notify.testing import make_sender  # noqa: PLC0415
    from guildhall.organisations.testing import make_council  # noqa: PLC0415

    with acting_for(None):
        council = make_council()
    sender = make_sender(council)
    measured = []
    with acting_for(council.id):
        _check(sender, "email", 1_000)  # warm
        for channel in ("email", "text"):
            measured += [_check(sender, channel, count)[0] for count in (rows // 10, rows)]
        measured.append(_send(_check(sender, "text", rows)[1], rows))
    return measured


def _check(sender: Any, channel: str, rows: int) -> tuple[Measured, Any]:
    from guildhall.kernel import clock  # noqa: PLC0415
    from guildhall.kernel.tenancy import current_organisation  # noqa: PLC0415
    from guildhall.notify.operations.lists import check_list, upload_list  # noqa: PLC0415
    from guildhall.notify.operations.lists.uploading import NewList  # noqa: PLC0415
    from guildhall.notify.queries.lists import get_list  # noqa: PLC0415
    from guildhall.organisations.testing import OFFICER  # noqa: PLC0415

    template = sender.email if channel == "email" else sender.text
    wanted = NewList(template, "both", f"{rows}.csv", _people(channel, rows), "Olwen Rhys")
    list_id = upload_list(wanted, of=sender.id, actor=OFFICER, now=clock.now(), clock=clock.now)
    with _measuring() as found:
        check_list(list_id, current_organisation(), now=clock.now(), clock=clock.now)
    assert (get_list(list_id).rows, get_list(list_id).state) == (rows, "ready")
    return Measured(f"check, {channel}s", rows, found["seconds"], found["cpu"], found["memory"]), list_id


def _send(list_id: Any, rows: int) -> Measured:
    from guildhall.kernel import clock  # noqa: PLC0415
    from guildhall.kernel.tenancy import acting_for, current_organisation  # noqa: PLC0415
    from guildhall.notify.operations.lists import confirm_list  # noqa: PLC0415
    from guildhall.notify.operations.lists.sending import _send_a_block  # noqa: PLC0415
    from guildhall.notify.queries.lists import get_list  # noqa: PLC0415
    from guildhall.organisations.testing import OFFICER  # noqa: PLC0415

    confirm_list(list_id, starts_at=None, confirmed_by="Olwen Rhys", actor=OFFICER, now=clock.now())
    council = current_organisation()
    with _measuring() as found, acting_for(council):
        while get_list(list_id).state != "finished":
            assert _send_a_block(list_id, council, clock.now())
    return Measured("accept as messages", rows, found["seconds"], found["cpu"], found["memory"])


def _people(channel: str, rows: int) -> Iterator[bytes]:
    whom = "email address" if channel == "email" else "phone number"
    yield f"{whom},name,thing,day,reference,address\r\n".encode()
    for number in range(rows):
        to = f"resident{number}@example.com" if channel == "email" else f"07{400000000 + number * 397 % 90000000}"
        yield f'{to},Jo {number},sofa,Monday,HDJ{number},"{number} High Street, Testford"\r\n'.encode()


@contextmanager
def _measuring() -> Iterator[dict[str, float]]:
    """Watch the clock, this process's CPU, and by how much its memory grows while it works."""
    found, done = {"memory": 0.0}, threading.Event()
    before, start, cpu = _resident_mb(), time.perf_counter(), _cpu()

    def watch() -> None:
        while not done.wait(0.02):
            found["memory"] = max(found["memory"], _resident_mb() - before)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield found
    finally:
        found["seconds"], found["cpu"] = time.perf_counter() - start, _cpu() - cpu
        done.set()
        watching.join()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    sys.exit(main())
