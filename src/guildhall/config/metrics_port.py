"""Where processes tell Prometheus how they are: web on the port GUILDHALL_METRICS_PORT, the worker on the next one.

On this machine only, unless GUILDHALL_METRICS_ADDRESS says otherwise; nowhere, unless a port is given.
"""

import os
from dataclasses import dataclass

from guildhall.config.problems import Problem


@dataclass(frozen=True)
class Place:
    """Where one process tells its numbers."""

    address: str
    port: int


def find_place(*, after: int = 0) -> Place | None:
    """Return where the process ``after`` so many others tells its numbers; None where nobody asked for any.

    :raises Problem: what GUILDHALL_METRICS_PORT says is no port.
    """
    port = os.environ.get("GUILDHALL_METRICS_PORT", "")
    if not port:
        return None
    if not port.isdecimal() or not 0 < int(port) < 65_535:
        raise Problem(f"GUILDHALL_METRICS_PORT is {port!r}: it should be the number of a free port, such as 9100.")
    return Place(os.environ.get("GUILDHALL_METRICS_ADDRESS") or "127.0.0.1", int(port) + after)
