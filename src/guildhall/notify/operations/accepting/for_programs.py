"""What becomes of one message that a program sends with its key."""

from collections.abc import Callable
from datetime import datetime

from guildhall.kernel.tenancy import acting_for
from guildhall.notify.operations.accepting.counting import count_today
from guildhall.notify.operations.accepting.preparing import NewMessage, Prepared, prepare, when_to_go
from guildhall.notify.operations.accepting.repeats import Repeat, answer_once
from guildhall.notify.operations.accepting.within_cap import stay_within_cap
from guildhall.notify.operations.accepting.writing import write_soon
from guildhall.notify.operations.documents import keep
from guildhall.notify.queries.remembered import Caller


def accept(wanted: NewMessage, *, caller: Caller, now: datetime) -> Prepared:
    """Accept a message for delivery, durably, and count it as used. From here it is delivered or reported failed.

    Recipients for smoke tests are answered and forgotten. A message of a test key is kept and never delivered.

    :raises TemplateNotFound: the service has no such template; ``preparing`` has what else can be wrong.
    :raises VirusFound: a file of it did not pass the scan.
    :raises DayIsUsedUp: the service has sent today's messages.
    :raises CapReached: the service's cap leaves no room for it.
    :raises QueueFull: too much is waiting to be written; for a while ``WriterDown``.
    """
    prepared = _prepare(wanted, caller, now)
    write_soon(prepared)
    return prepared


def accept_once(
    wanted: NewMessage, repeat: Repeat, *, caller: Caller, tell: Callable[[Prepared], bytes], now: datetime
) -> bytes:
    """Accept a message as ``accept`` does, and return how it is told; the same request again gets the same answer.

    :raises KeyUsedDifferently: the request's name belongs to another one.
    """

    def make() -> tuple[bytes, list[Prepared]]:
        prepared = _prepare(wanted, caller, now)
        return tell(prepared), [prepared]

    return answer_once(repeat, service=caller.service, make=make, now=now)


def _prepare(wanted: NewMessage, caller: Caller, now: datetime) -> Prepared:
    prepared = prepare(
        wanted,
        sender=caller.service,
        kind=caller.key.kind,
        key_id=caller.key.id,
        now=now,
        scheduled_for=when_to_go(wanted, caller.service.view),
    )
    if prepared.enclosed:
        with acting_for(caller.service.organisation_id):
            keep(prepared.enclosed, recipient=wanted.recipient, now=now)
    count_today(prepared, now=now)
    stay_within_cap(prepared, now=now)
    return prepared
