"""Remembering what programs asked, for whoever wonders why theirs does not work. Never in a request's way.

A request leaves a note in a small ring and goes on; a thread writes the notes down in batches. When too much is asked,
notes are lost, those of accepted requests first: those stand in the list of messages anyway.
"""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import psycopg
import structlog
from django.conf import settings
from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.ids import KeyId, NotifyServiceId

SECONDS_BETWEEN_WRITES = 1.0
ACCEPTED_AT_ONCE = 20
REFUSED_AT_ONCE = 50
"""How many of one service are written down at once; further ones are lost."""

ENOUGH = 100
"""Accepted requests of all services that are looked at between two writes."""

ROOM = 2000
KEPT_FOR = timedelta(days=7)
KEPT_OF_A_SERVICE = 1000
LONGEST_MESSAGE = 1000

log = structlog.get_logger(__name__)

_WRITE = """
INSERT INTO notify_programrequest (id, organisation_id, notify_service_id, at, method, path, key_id, status, error,
    message)
SELECT id, organisation_id, notify_service_id, at, method, path, key_id, status, error, message
FROM json_to_recordset(%s) AS asked (id uuid, organisation_id uuid, notify_service_id uuid, at timestamptz,
    method text, path text, key_id uuid, status smallint, error text, message text)
"""
_CLEAR = """
DELETE FROM notify_programrequest USING (
    SELECT id, at, row_number() OVER (PARTITION BY notify_service_id ORDER BY id DESC) AS place
    FROM notify_programrequest
) AS kept
WHERE notify_programrequest.id = kept.id AND (kept.at < %s OR kept.place > %s)
"""


@dataclass(frozen=True, slots=True)
class ProgramAsked:
    """A request of a program and how it was answered. Without a key, it only said whose it was."""

    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    key_id: KeyId | None
    at: datetime
    method: str
    path: str
    status: int
    error: str = ""
    message: str = ""


class ProgramLog:
    """The notes of one process. ``note`` never waits and never fails."""

    def __init__(self) -> None:
        self._waiting: deque[ProgramAsked] = deque(maxlen=ROOM)
        self._counted: Counter[tuple[UUID, bool]] = Counter()
        self._looked_at = 0
        self._wake, self._starting = threading.Event(), threading.Lock()
        self._writer: threading.Thread | None = None
        self._session: psycopg.Connection | None = None

    def has_room(self, service_id: UUID, *, is_accepted: bool) -> bool:
        """Decide whether another request of a service would be written down now."""
        return self._counted[service_id, is_accepted] < (ACCEPTED_AT_ONCE if is_accepted else REFUSED_AT_ONCE)

    def wants_accepted(self) -> bool:
        """Decide whether to look at one more accepted request before the next write: cheap, asked for each."""
        self._looked_at += 1
        return self._looked_at <= ENOUGH

    def note(self, asked: ProgramAsked) -> None:
        """Leave a note."""
        is_accepted = asked.status < 400
        if not self.has_room(asked.notify_service_id, is_accepted=is_accepted):
            return
        self._counted[asked.notify_service_id, is_accepted] += 1
        self._waiting.append(asked)
        if self._writer is None:
            self._start()
        self._wake.set()

    def write(self) -> None:
        """Write down what waits. What cannot be written is lost."""
        asked = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._counted.clear()
        self._looked_at = 0
        if not asked:
            return
        try:
            self._insert(asked)
        except psycopg.Error:
            log.warning("program_log_not_written", requests=len(asked))
            self._session = None

    def _insert(self, asked: Sequence[ProgramAsked]) -> None:
        if self._session is None:
            self._session = psycopg.connect(settings.LOGIN_URLS["writer"], autocommit=True)
            self._session.execute("SET synchronous_commit = off")
        rows = [msgspec.to_builtins(each) | {"id": new_id(), "message": _kept(each.message)} for each in asked]
        self._session.execute(_WRITE, [msgspec.json.encode(rows).decode()])

    def _start(self) -> None:
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._run, name="program-log", daemon=True)
                self._writer.start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._wake.wait()
            pause.wait(SECONDS_BETWEEN_WRITES)
            self._wake.clear()
            self.write()


def _kept(message: str) -> str:
    return message[:LONGEST_MESSAGE].replace("\0", "")


PROGRAM_LOG = ProgramLog()


@transaction
def forget_requests(*, now: datetime) -> int:
    """Clear away what is older than a week, or further back than a service's last thousand; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [now - KEPT_FOR, KEPT_OF_A_SERVICE])
        return cursor.rowcount
