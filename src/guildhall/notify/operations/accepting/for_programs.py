"""What becomes of one message that a program sends with its key."""

from datetime import datetime

from guildhall.kernel.tenancy import acting_for
from guildhall.notify.operations.accepting.counting import count_today
from guildhall.notify.operations.accepting.preparing import NewMessage, Prepared, prepare
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
    :raises CapReached: the service has used what its council agreed to pay for.
    :raises QueueFull: too much is waiting to be written; for a while ``WriterDown``.
    """
    prepared = prepare(wanted, sender=caller.service, kind=caller.key.kind, key_id=caller.key.id, now=now)
    if prepared.enclosed:
        with acting_for(caller.service.organisation_id):
            keep(prepared.enclosed, recipient=wanted.recipient, now=now)
    count_today(prepared, now=now)
    stay_within_cap(prepared, now=now)
    write_soon(prepared)
    return prepared
