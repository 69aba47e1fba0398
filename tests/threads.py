"""Waiting for a thread as long as it gets on: a slow machine fails no test, and a thread that stands still is named."""

import contextvars
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from queue import SimpleQueue
from types import FrameType
from typing import TypeVar

from django.db import connections

from guildhall.config.database_urls import django_database

Result = TypeVar("Result")

STANDS_STILL = 90.0
"""Seconds at one and the same instruction: no statement of a test takes so long, however busy the machine is."""


def join(thread: threading.Thread) -> None:
    """Wait until a thread has ended."""

    def has_ended() -> bool:
        thread.join(1.0)
        return not thread.is_alive()

    _wait_while_it_gets_on(thread, has_ended)


class OtherLogin:
    """Threads whose connections are another login's than the test's, kept from one piece of work to the next."""

    def __init__(self, url: str) -> None:
        self._executor = ThreadPoolExecutor(16, "other-login", self._connect, (url,))

    def do(self, work: Callable[[], Result]) -> Result:
        """Do it there, for no council; return what it returned, or raise what it raised."""
        taken_by: SimpleQueue[threading.Thread] = SimpleQueue()
        doing = self._executor.submit(contextvars.Context().run, self._do, work, taken_by)
        thread = taken_by.get()
        _wait_while_it_gets_on(thread, lambda: not wait([doing], 1.0).not_done)
        return doing.result()

    def end(self) -> None:
        """Let the threads end, and their connections with them."""
        self._executor.shutdown()

    @staticmethod
    def _connect(url: str) -> None:
        connections["default"].settings_dict = connections["default"].settings_dict | django_database(url, pooled=False)

    @staticmethod
    def _do(work: Callable[[], Result], taken_by: "SimpleQueue[threading.Thread]") -> Result:
        taken_by.put(threading.current_thread())
        connection = connections["default"]
        if connection.connection is not None and not connection.is_usable():
            connection.close()  # a test cut it
        try:
            return work()
        except BaseException:
            connection.close()
            raise


def _wait_while_it_gets_on(thread: threading.Thread, has_ended: Callable[[], bool]) -> None:
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
