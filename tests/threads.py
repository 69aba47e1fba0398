"""Waiting for a thread as long as it gets on: a slow machine fails no test, and a thread that stands still is named."""

import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType

STANDS_STILL = 90.0
"""Seconds at one and the same instruction: no statement of a test takes so long, however busy the machine is."""


def join(thread: threading.Thread) -> None:
    """Wait until a thread has ended."""

    def has_ended() -> bool:
        thread.join(1.0)
        return not thread.is_alive()

    wait_while_it_gets_on(thread, has_ended)


def wait_while_it_gets_on(thread: threading.Thread, has_ended: Callable[[], bool]) -> None:
    """Wait until something has ended that a thread does; ``has_ended`` waits for it a moment."""
    place, since = _place_of(thread), time.monotonic()
    while not has_ended():
        if (now_at := _place_of(thread)) != place:
            place, since = now_at, time.monotonic()
        elif time.monotonic() - since > STANDS_STILL:
            raise AssertionError(f"{thread.name} stands still:\n{''.join(traceback.format_stack(_frame_of(thread)))}")


def _place_of(thread: threading.Thread) -> tuple[tuple[int, int], ...]:
    """Return where a thread is: each function that it is in, and the instruction there."""
    place, frame = [], _frame_of(thread)
    while frame is not None:
        place.append((id(frame.f_code), frame.f_lasti))
        frame = frame.f_back
    return tuple(place)


def _frame_of(thread: threading.Thread) -> FrameType | None:
    return sys._current_frames().get(thread.ident or 0)
