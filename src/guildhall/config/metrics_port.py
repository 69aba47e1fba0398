"""Where processes tell Prometheus how they are: web on the port GUILDHALL_METRICS_PORT, the worker on the next one.

On this machine only, unless GUILDHALL_METRICS_ADDRESS says otherwise; nowhere, unless a port is given.
"""

import os

from guildhall.config.ports import Place, find_place
from guildhall.config.problems import Problem

PORT, ADDRESS = "GUILDHALL_METRICS_PORT", "GUILDHALL_METRICS_ADDRESS"
WEB, WORKER = 0, 1


def find_metrics_place(process: int) -> Place | None:
    """Return where a process tells its numbers (``WEB`` or ``WORKER``); None where nobody asked for any.

    :raises Problem: the port is no port, or the address none of this machine.
    """
    port = os.environ.get(PORT, "")
    if not port:
        return None
    if not port.isascii() or not port.isdecimal() or len(port) > 5 or not 0 < int(port) < 65_535:
        raise Problem(f"{PORT} is {port!r}: it must be a number from 1 to 65534, such as 9100.")
    return find_place(os.environ.get(ADDRESS) or "127.0.0.1", int(port) + process, chosen_with=PORT)
