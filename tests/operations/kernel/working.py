"""A worker of its own process for the tests, with one event wired: run as ``python working.py FOLDER``.

Its reaction leaves a file for each time it is begun and, unless the folder says ``slow``, one when it is done.
"""

import os
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import django

django.setup()

from guildhall.kernel import events, worker  # noqa: E402
from guildhall.kernel.loops import Loop  # noqa: E402
from guildhall.kernel.tenancy import acting_for  # noqa: E402
from guildhall.kernel.transactions import transaction  # noqa: E402

FOLDER = Path(sys.argv[1])


@dataclass(frozen=True)
class BellRang(events.Event):
    bell_id: UUID


def hear(event: BellRang, *, now: datetime) -> None:
    (FOLDER / f"begun-{os.getpid()}").touch()
    while (FOLDER / "slow").exists():
        time.sleep(0.05)
    (FOLDER / f"done-{event.bell_id}").touch()


def ring(now: datetime) -> int:
    """Announce the event that each file ``ring-…`` names; again, if its transaction ended and nobody was told."""
    rung = 0
    for wish in FOLDER.glob("ring-*"):
        with acting_for(None), transaction():
            events.announce(BellRang(UUID(wish.name.removeprefix("ring-"))))
        wish.unlink()
        rung += 1
    return rung


if __name__ == "__main__":
    events.pin_up({BellRang: (hear,)})
    worker.work([Loop("ringing", ring, rest_seconds=0.1)])
