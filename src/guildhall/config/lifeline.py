"""A process that was launched does not outlive its launcher, however the launcher ends."""

import ctypes
import os
import signal
import sys

LAUNCHER = "GUILDHALL_LAUNCHER"
_PR_SET_PDEATHSIG = 1


def die_with_launcher() -> None:
    """Ask the kernel to end this process when its launcher ends; call it in the main thread, first thing.

    Does nothing where nobody launched us, or where the kernel cannot (then the next start ends what is left).
    """
    launcher = os.environ.get(LAUNCHER)
    if launcher is None:
        return
    die_with_parent()
    if os.getppid() != int(launcher):
        sys.exit(1)  # it ended before we asked


def launched(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment of a process that we launch: ours, what it is told, and whom it must not outlive."""
    return os.environ | environment | {LAUNCHER: str(os.getpid())}


def die_with_parent() -> None:
    """Ask the kernel to end this process when the thread that made it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
