"""Work that is done as another login than the test's own, as the worker and the commands do theirs."""

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TypeVar

from django.db import connections

from guildhall.config.database_urls import django_database
from tests.threads import wait_while_it_gets_on

Result = TypeVar("Result")


class OtherLogin:
    """Threads whose connections are another login's than the test's, kept from one piece of work to the next."""

    def __init__(self, url: str) -> None:
        self._executor = ThreadPoolExecutor(16, "other-login", self._connect, (url,))

    def do(self, work: Callable[[], Result]) -> Result:
        """Do it there, for no council; return what it returned, or raise what it raised."""
        taken_by: SimpleQueue[threading.Thread] = SimpleQueue()
        doing = self._executor.submit(contextvars.Context().run, self._do, work, taken_by)
        thread = taken_by.get()
        wait_while_it_gets_on(thread, lambda: not wait([doing], 1.0).not_done)
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
