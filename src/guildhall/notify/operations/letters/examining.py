"""Looking through letters that came ready to print: which of them may be printed, and where they go.

Strangers' PDFs are opened in a child process, which may take only so much memory and time: what it dies of is
unreadable to us, and the next letter gets a child of its own.
"""

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import UUID

import msgspec
import structlog
from django.db import DataError, connection

from guildhall.contact.countries import Zone
from guildhall.contact.postal_address import PostalAddress
from guildhall.contact.postcode import accepts_invented_postcodes
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import transaction
from guildhall.kernel.turns import in_turns
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.letter_timing import class_of, pick_up_of
from guildhall.notify.domain.paper.__main__ import Question
from guildhall.notify.domain.paper.examining import UNREADABLE, Examined
from guildhall.notify.domain.paper.problems import Problem
from guildhall.notify.domain.template import Postage
from guildhall.notify.operations.outcomes import StatusChange, note_changes
from guildhall.notify.ports import ScannerUnreachable, find_virus_scanner

log = structlog.get_logger(__name__)

AT_ONCE = 10
SECONDS_FOR_A_LETTER = 20.0
LEASE = timedelta(minutes=10)
UNTIL_THE_SCANNER_IS_BACK = timedelta(minutes=1)
MOST_TRIES = 3
"""What a worker died of three times is unreadable."""

_SOURCE = Path(__file__).parents[4]

_TAKEN = in_turns(
    "notify_letterfile",
    place="checked_at IS NULL",
    is_due="(leased_until IS NULL OR leased_until <= %(now)s)",
    order_by="accepted_at",
)
_CLAIM = f"""
WITH RECURSIVE {_TAKEN}
UPDATE notify_letterfile AS file SET leased_until = %(lease_ends_at)s, tries = file.tries + 1
FROM taken WHERE file.id = taken.id
RETURNING file.id, file.organisation_id, file.message_id, file.accepted_at, file.content, file.may_go_abroad, file.tries
"""  # noqa: S608 - conditions of our own code
_NOTE = """
UPDATE notify_letterfile SET checked_at = %(now)s, leased_until = NULL, printable = %(printable)s, pages = %(pages)s,
    problem = %(problem)s, pages_at_fault = %(at_fault)s
WHERE id = %(id)s AND tries = %(tries)s AND checked_at IS NULL
"""
_SETTLE = """
UPDATE notify_message SET status = %(status)s, completed_at = %(completed_at)s, recipient = %(recipient)s,
    next_try_at = CASE WHEN %(completed_at)s::timestamptz IS NOT NULL THEN NULL
        WHEN key_kind = 'test' THEN %(now)s ELSE %(picked_up_at)s END,
    recipient_as_given = %(lines)s, sheets = %(sheets)s, problem = %(problem)s,
    postage = CASE WHEN %(abroad)s <> '' THEN %(abroad)s ELSE postage END
WHERE id = %(message)s AND accepted_at = %(accepted_at)s AND status = 'pending-virus-check'
RETURNING notify_service_id, template_id, key_kind, reference
"""


class _Waiting(NamedTuple):
    """A letter that this worker looks through."""

    id: UUID
    organisation_id: OrganisationId
    message_id: MessageId
    accepted_at: datetime
    content: bytes
    may_go_abroad: bool
    tries: int


def examine_waiting(*, now: datetime) -> int:
    """Look through some of the letters that wait in any council, and return how many these were."""
    waiting = _claim(now)
    if not waiting:
        return 0
    with Child() as child:
        for number, letter in enumerate(waiting):
            try:
                found = _look_through(letter, child)
            except ScannerUnreachable:
                _put_back(waiting[number:], now=now)
                return number
            _settle_surely(letter, *found, now=now)
    return len(waiting)


class Child:
    """A process that opens PDFs for us. It is begun when it is first asked, and again when it has died."""

    def __init__(self, *, seconds: float = SECONDS_FOR_A_LETTER) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *problem: object) -> None:
        self._end()

    def examine(self, pdf: bytes, *, may_be_abroad: bool) -> Examined:
        """Return what is found in a letter; of one that takes too much time or memory, that it is unreadable."""
        question = msgspec.msgpack.encode(Question(pdf, may_be_abroad, accepts_invented_postcodes()))
        until = time.monotonic() + self._seconds
        try:
            asked, answers = self._pipes()
            asked.write(len(question).to_bytes(4, "big") + question)
            asked.flush()
            length = int.from_bytes(_read(answers, 4, until), "big")
            return msgspec.msgpack.decode(_read(answers, length, until), type=Examined)
        except (OSError, EOFError, TimeoutError, msgspec.MsgspecError):
            self._end()
            return UNREADABLE

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guildhall.notify.domain.paper"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(_SOURCE)},  # and nothing else of ours: no key, no database
            )
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None, "both were asked for"
        return asked, answers

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _read(pipe: IO[bytes], wanted: int, until: float) -> bytes:
    """Read so many bytes, or give up when the time is over or the child is gone."""
    read = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(read) < wanted:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError("the letter takes too long")
            piece = os.read(pipe.fileno(), min(wanted - len(read), 1 << 20))
            if not piece:
                raise EOFError("the child has died")
            read += piece
    return bytes(read)


@transaction
def _claim(now: datetime) -> Sequence[_Waiting]:
    values: dict[str, Any] = {"now": now, "lease_ends_at": now + LEASE, "at_most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        return [_Waiting._make((*row[:4], bytes(row[4]), *row[5:])) for row in cursor.fetchall()]


@transaction
def _put_back(letters: Sequence[_Waiting], *, now: datetime) -> None:
    """Let letters wait that nobody could scan: that is no fault of theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_letterfile SET tries = tries - 1, leased_until = %s WHERE id = ANY(%s)",
            [now + UNTIL_THE_SCANNER_IS_BACK, [letter.id for letter in letters]],
        )


def _look_through(letter: _Waiting, child: Child) -> tuple[Status, Examined]:
    scanner = find_virus_scanner()
    if scanner is not None and not scanner.passes(letter.content):
        return Status.VIRUS_SCAN_FAILED, Examined(0)
    if not letter.content:
        return Status.VALIDATION_FAILED, Examined(0, Problem.NOTHING_SENT)
    if letter.tries > MOST_TRIES:
        return Status.VALIDATION_FAILED, UNREADABLE
    found = child.examine(letter.content, may_be_abroad=letter.may_go_abroad)
    return (Status.VALIDATION_FAILED if found.problem else Status.CREATED), found


def _settle_surely(letter: _Waiting, status: Status, found: Examined, *, now: datetime) -> None:
    """Write down what was found; a letter in which something stands that cannot be kept is unreadable."""
    try:
        _settle(letter, status, found, now=now)
    except DataError:
        log.exception("letter_cannot_be_settled", letter=str(letter.id))
        _settle(letter, Status.VALIDATION_FAILED, UNREADABLE, now=now)


@transaction
def _settle(letter: _Waiting, status: Status, found: Examined, *, now: datetime) -> None:
    """Write down what was found, unless the letter was cancelled meanwhile or another worker has it now."""
    problem = str(found.problem or "")
    address = PostalAddress("\n".join(found.address), letter.may_go_abroad)
    is_good = status is Status.CREATED
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"id": letter.id, "tries": letter.tries, "now": now, "printable": found.pdf or None}
        values |= {"pages": found.pages, "problem": problem, "at_fault": list(found.pages_at_fault)}
        cursor.execute(_NOTE, values)
        if not cursor.rowcount:
            return
        cursor.execute(
            _SETTLE,
            {
                "message": letter.message_id,
                "accepted_at": letter.accepted_at,
                "now": now,
                "picked_up_at": pick_up_of(now),
                "status": str(status),
                "completed_at": None if is_good else now,
                "recipient": address.one_line.lower(),
                "lines": "\n".join(address.lines),
                "sheets": (found.pages + 1) // 2 if is_good else 0,
                "problem": problem,
                "abroad": "" if address.zone is Zone.UNITED_KINGDOM else str(class_of(address.zone, Postage.SECOND)),
            },
        )
        settled = cursor.fetchall()
    note_changes([_change(letter, row, address, status, now) for row in settled])


def _change(
    letter: _Waiting, row: tuple[Any, ...], address: PostalAddress, status: Status, now: datetime
) -> StatusChange:
    service_id, template_id, key_kind, reference = row
    return StatusChange(
        message_id=letter.message_id,
        accepted_at=letter.accepted_at,
        organisation_id=letter.organisation_id,
        notify_service_id=NotifyServiceId(service_id),
        template_id=template_id,
        channel=Channel.LETTER,
        key_kind=key_kind,
        reference=reference,
        recipient=address.one_line.lower(),
        before=Status.PENDING_VIRUS_CHECK,
        after=status,
        at=now,
    )
