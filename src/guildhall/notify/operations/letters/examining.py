"""Looking through letters that came ready to print: which of them may be printed, and where they go.

Strangers' PDFs are opened in a child process, which may take only so much memory and time: what it dies of is
unreadable to us, and the next letter gets a child of its own. The council's other letters then wait for a while:
whoever sends many of that kind takes nobody else's time.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import DataError, connection

from guildhall.contact.countries import Zone
from guildhall.contact.postal_address import PostalAddress
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import transaction
from guildhall.kernel.turns import Queue
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.letter_timing import class_of, pick_up_of
from guildhall.notify.domain.paper.examining import UNREADABLE, Examined
from guildhall.notify.domain.paper.problems import Problem
from guildhall.notify.domain.template import Postage
from guildhall.notify.operations.letters.child import Child
from guildhall.notify.operations.outcomes import StatusChange, note_changes
from guildhall.notify.ports import ScannerUnreachable, find_virus_scanner

log = structlog.get_logger(__name__)

AT_ONCE = 10
LEASE = timedelta(minutes=10)
UNTIL_THE_SCANNER_IS_BACK = timedelta(minutes=1)
AFTER_A_COSTLY_ONE = timedelta(seconds=30)
MOST_TRIES = 3
"""What a worker died of three times is unreadable."""

_QUEUE = Queue(
    "notify_letterfile",
    place="checked_at IS NULL",
    is_due="(leased_until IS NULL OR leased_until <= %(now)s)",
    order_by="accepted_at",
)
_CLAIM = f"""
WITH RECURSIVE {_QUEUE.taken}
UPDATE notify_letterfile AS file SET leased_until = %(lease_ends_at)s, tries = file.tries + 1
FROM taken WHERE file.id = taken.id
RETURNING file.id, file.organisation_id, file.message_id, file.accepted_at, file.content, file.may_go_abroad, file.tries
"""  # noqa: S608 - conditions of our own code
_PUT_OFF = """
UPDATE notify_letterfile SET leased_until = %(until)s
WHERE organisation_id = %(organisation)s AND checked_at IS NULL AND (leased_until IS NULL OR leased_until <= %(now)s)
"""
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
    waiting = deque(_claim(now))
    count = 0
    with Child() as child:
        while waiting:
            letter = waiting.popleft()
            try:
                found = _look_through(letter, child)
            except ScannerUnreachable:
                _put_back([letter, *waiting], until=now + UNTIL_THE_SCANNER_IS_BACK)
                break
            _settle_surely(letter, *found, now=now)
            count += 1
            if child.has_died:
                _let_the_councils_others_wait(letter, waiting, now=now)
    return count


@transaction
def _claim(now: datetime) -> Sequence[_Waiting]:
    values: dict[str, Any] = {"now": now, "lease_ends_at": now + LEASE, "at_most": AT_ONCE}
    return [_Waiting._make((*row[:4], bytes(row[4]), *row[5:])) for row in _QUEUE.claim(_CLAIM, values)]


@transaction
def _put_back(letters: Iterable[_Waiting], *, until: datetime) -> None:
    """Let letters wait that were claimed and not looked at: that is no fault of theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE notify_letterfile SET tries = tries - 1, leased_until = %s WHERE id = ANY(%s)",
            [until, [letter.id for letter in letters]],
        )


def _let_the_councils_others_wait(costly: _Waiting, claimed: deque[_Waiting], *, now: datetime) -> None:
    """Put off the letters of a council that sent one which took too much, whoever claimed them."""
    until = now + AFTER_A_COSTLY_ONE
    theirs = [letter for letter in claimed if letter.organisation_id == costly.organisation_id]
    for letter in theirs:
        claimed.remove(letter)
    _put_back(theirs, until=until)
    with transaction(), connection.cursor() as cursor:
        cursor.execute(_PUT_OFF, {"organisation": costly.organisation_id, "now": now, "until": until})


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
