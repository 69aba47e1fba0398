"""Many messages of one request: each is accepted or refused by itself, and those that are accepted are one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.kernel.refusals import Refused
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.template import Shown
from guildhall.notify.operations.accepting.counting import count_all_today
from guildhall.notify.operations.accepting.preparing import NewMessage, Prepared, prepare, when_to_go
from guildhall.notify.operations.accepting.repeats import Repeat, answer_once
from guildhall.notify.operations.accepting.within_cap import stay_all_within_cap
from guildhall.notify.operations.accepting.writing import write_prepared
from guildhall.notify.operations.documents import keep
from guildhall.notify.queries.remembered import Caller


@dataclass(frozen=True, slots=True)
class Row:
    """One message of a batch, in its recipient's language."""

    wanted: NewMessage
    language: Shown


Result = Prepared | Refused


def prepare_batch(rows: Sequence[Row | Refused], *, caller: Caller, now: datetime) -> Sequence[Result]:
    """Make each row ready or refuse it, in order, and count what is ready against the limits: all of it or nothing.

    What could not even be read comes as its refusal, and keeps its place.

    :raises DayIsUsedUp: fewer messages are left today than are ready.
    :raises CapReached: the service's cap leaves no room for what is ready.
    """
    results = [_prepare(row, caller, now) for row in rows]
    ready = prepared_of(results)
    if ready:
        count_all_today(ready, now=now)
        stay_all_within_cap(ready, now=now)
    return results


def accept_batch_once(
    rows: Sequence[Row | Refused],
    repeat: Repeat,
    *,
    caller: Caller,
    tell: Callable[[Sequence[Result]], bytes],
    now: datetime,
) -> bytes:
    """Accept a batch as ``accept_batch`` does, and return how it is told; the same again gets the same answer.

    :raises KeyUsedDifferently: the request's name belongs to another one.
    """

    def make() -> tuple[bytes, Sequence[Prepared]]:
        results = prepare_batch(rows, caller=caller, now=now)
        return tell(results), prepared_of(results)

    return answer_once(repeat, service=caller.service, make=make, now=now)


def accept_batch(rows: Sequence[Row | Refused], *, caller: Caller, now: datetime) -> Sequence[Result]:
    """Accept every row that is in order, all of them durably in one commit; refuse each of the others by itself.

    :raises DayIsUsedUp: fewer messages are left today than are ready.
    :raises CapReached: the service's cap leaves no room for what is ready.
    """
    results = prepare_batch(rows, caller=caller, now=now)
    ready = prepared_of(results)
    if ready:
        with acting_for(caller.service.organisation_id), transaction():
            write_prepared(ready)
    return results


def prepared_of(results: Sequence[Result]) -> Sequence[Prepared]:
    """Return those that will be written."""
    return [each for each in results if isinstance(each, Prepared)]


def _prepare(row: Row | Refused, caller: Caller, now: datetime) -> Result:
    if isinstance(row, Refused):
        return row
    try:
        prepared = prepare(
            row.wanted,
            sender=caller.service,
            kind=caller.key.kind,
            key_id=caller.key.id,
            now=now,
            scheduled_for=when_to_go(row.wanted, caller.service.view),
            language=row.language,
        )
        if prepared.enclosed:
            with acting_for(caller.service.organisation_id):
                keep(prepared.enclosed, recipient=row.wanted.recipient, now=now)
    except Refused as refusal:
        return refusal
    return prepared
