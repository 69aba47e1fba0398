"""Group commit: rows that queued while the previous INSERT was committing go together in the next one.

One writer thread per process owns one connection as the INSERT-only login. A caller hands over its row, already
encoded as JSON, and is answered only after the commit that contains it. The statement takes one parameter, a JSON array
of rows, and must be safe to repeat (``ON CONFLICT DO NOTHING``): after a lost connection the batch is sent again,
because nobody can know whether it had been committed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import structlog
from psycopg import OperationalError, pq
from psycopg.pq.abc import PGconn

from guildhall.kernel.refusals import Refused, Unavailable

log = structlog.get_logger(__name__)

LARGEST_BATCH = 500
LARGEST_BATCH_BYTES = 8 * 1024 * 1024
"""A batch ends with the row that reaches this: a parameter has room for a hundred times as much, memory has not."""

Connect = Callable[[], PGconn]


class QueueFull(Unavailable):
    """More rows are waiting than the writer can hold; try again shortly."""


class RowRefused(Refused):
    """The database refused this row; the others of its batch were written."""


class WriterDown(Unavailable):
    """The database could not be reached for as long as a caller should wait."""


class GroupCommit:
    """A writer of one kind of row. ``submit`` returns once the row is durable.

    >>> accepts = GroupCommit("messages", connect, b"INSERT INTO … SELECT … FROM json_to_recordset($1::json) …")
    >>> accepts.submit(b'{"id": "…"}')
    """

    def __init__(
        self, name: str, connect: Connect, statement: bytes, *, room: int = 20_000, patience: float = 20
    ) -> None:
        self._name, self._connect, self._statement = name, connect, statement
        self._room, self._patience = room, patience
        self._waiting: deque[_Row] = deque()
        self._bell = threading.Lock()
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()
        self._connection: PGconn | None = None

    def submit(self, row: bytes) -> None:
        """Write one row durably.

        :raises QueueFull: too many rows are waiting.
        :raises RowRefused: the database refused this very row.
        :raises WriterDown: the database could not be reached; the row may or may not be written.
        """
        if len(self._waiting) >= self._room:
            raise QueueFull("too many requests are waiting to be written: try again in a moment")
        if self._writer is None:
            self._start()
        waiting = _Row(row)
        self._waiting.append(waiting)
        self._ring()
        waiting.done.acquire()
        if waiting.refusal is not None:
            raise waiting.refusal

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name=f"group-commit-{self._name}", daemon=True)
                self._writer.start()

    def _ring(self) -> None:
        """Tell the writer that a row is waiting. The bell is a lock that only the writer takes: free means rung."""
        if self._bell.locked():
            with suppress(RuntimeError):  # somebody else has rung
                self._bell.release()

    def _run(self) -> None:
        while True:
            self._bell.acquire()
            while batch := self._take():
                self._write_or_excuse(batch)

    def _write_or_excuse(self, batch: "list[_Row]") -> None:
        try:
            self._write(batch)
        except Exception:
            log.exception("group_commit_failed", writer=self._name)
            _answer(batch, WriterDown("the request could not be written: try again in a moment"))

    def _take(self) -> "list[_Row]":
        batch: list[_Row] = []
        size = 0
        while self._waiting and len(batch) < LARGEST_BATCH and size < LARGEST_BATCH_BYTES:
            row = self._waiting.popleft()
            batch.append(row)
            size += len(row.json)
        return batch

    def _write(self, batch: "list[_Row]") -> None:
        error = self._send(batch)
        if error is None:
            _answer(batch, None)
        elif len(batch) == 1:
            _answer(batch, RowRefused(error))
        else:
            for row in batch:
                self._write([row])

    def _send(self, batch: "list[_Row]") -> str | None:
        """Insert the batch; return the database's error, or None. Waits out a database that is restarting."""
        rows = b"[" + b",".join(row.json for row in batch) + b"]"
        give_up_at = time.monotonic() + self._patience
        while True:
            try:
                connection = self._connected()
                result = connection.exec_prepared(b"batch", [rows])
            except OperationalError:
                result = None
            if result is not None and result.status == pq.ExecStatus.COMMAND_OK:
                return None
            if result is not None and connection.status == pq.ConnStatus.OK:
                return result.error_message.decode(errors="replace")
            self._forget_connection()
            if time.monotonic() > give_up_at:
                raise WriterDown("the database cannot be reached")
            time.sleep(0.1)

    def _connected(self) -> PGconn:
        if self._connection is None:
            connection = self._connect()
            prepared = connection.prepare(b"batch", self._statement)
            if prepared.status != pq.ExecStatus.COMMAND_OK:
                raise OperationalError(prepared.error_message.decode(errors="replace"))
            self._connection = connection
        return self._connection

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.finish()
            self._connection = None


class _Row:
    __slots__ = ("done", "json", "refusal")

    def __init__(self, json: bytes) -> None:
        self.json = json
        self.refusal: Refused | None = None
        self.done = threading.Lock()
        self.done.acquire()


def _answer(batch: list[_Row], refusal: Refused | None) -> None:
    for row in batch:
        row.refusal = refusal
        if row.done.locked():
            row.done.release()
