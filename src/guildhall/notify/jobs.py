"""Notify's work in the background: handing messages over, and keeping months ready for new ones."""

from collections.abc import Mapping
from datetime import datetime

from guildhall.kernel import clock
from guildhall.kernel.loops import Loop
from guildhall.kernel.periodic import every
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations.calling import Caller, forget_callbacks, send_callbacks
from guildhall.notify.operations.documents import throw_away_old_documents
from guildhall.notify.operations.facts import add_up_counts
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.operations.keeping import drop_empty_months, forget_old_messages
from guildhall.notify.operations.letters.examining import examine_waiting
from guildhall.notify.operations.lists import check_next, forget_old_lists, send_next
from guildhall.notify.operations.program_log import forget_requests
from guildhall.notify.operations.quarantine import purge_quarantined
from guildhall.notify.operations.receipts import apply_receipts, forget_receipts
from guildhall.notify.operations.timeouts import give_up_waiting
from guildhall.notify.ports import Providers
from guildhall.notify.queries.provider_accounts import list_accounts_in_use

_LOOPS: Mapping[Channel, int] = {Channel.EMAIL: 3, Channel.SMS: 3, Channel.LETTER: 1}
"""While one waits for a provider, another one claims or records: with one alone, database and provider take turns."""


def delivery_loops(providers: Providers) -> tuple[Loop, ...]:
    """Return the loops that hand messages over, some for each channel, so that none holds another up; and the one
    that listens to providers which bring news by themselves."""
    carriers = Carriers(providers)
    listening = Loop("notify.listening", lambda now: _listen(carriers), rest_seconds=20)
    delivering = [
        _delivery_loop(channel, number, carriers) for channel, count in _LOOPS.items() for number in range(1, count + 1)
    ]
    return (*delivering, listening)


def _listen(carriers: Carriers) -> int:
    carriers.keep_listening(list_accounts_in_use())
    return 0


def _delivery_loop(channel: Channel, number: int, carriers: Carriers) -> Loop:
    def step(now: datetime) -> int:
        return operations.deliver_waiting(channel, carriers, now=now, clock=clock.now)

    # The first looks out for what somebody waits for; the others join in when there is much.
    return Loop(f"notify.delivery.{channel}.{number}", step, rest_seconds=0.5 if number == 1 else 2.0)


RECEIPTS = Loop("notify.receipts", lambda now: apply_receipts(now=now))
LETTERS = Loop("notify.letters", lambda now: examine_waiting(now=now), rest_seconds=2)
COUNTING = Loop("notify.counting", lambda now: add_up_counts(), rest_seconds=5)


def callback_loop(caller: Caller) -> Loop:
    """Return the loop that tells services' programs what happened."""
    return Loop("notify.callbacks", lambda now: send_callbacks(caller, now=now, clock=clock.now))


@every(minutes=10)
def forget_old_requests(now: datetime) -> None:
    """Clear away what programs asked more than a week ago, or too much of it."""
    forget_requests(now=now)


@every(minutes=30)
def forget_old_callbacks(now: datetime) -> None:
    """Clear away what programs were told more than a week ago."""
    while forget_callbacks(now=now):
        pass


@every(minutes=30)
def make_months(now: datetime) -> None:
    """Make the partitions of the coming months, long before the first message needs them."""
    operations.make_months()


@every(minutes=30)
def forget_messages(now: datetime) -> None:
    """Let go of messages that their services keep no longer, and of months that are empty by now."""
    forget_old_messages(now=now)
    drop_empty_months()


@every(minutes=30)
def forget_old_answers(now: datetime) -> None:
    """Delete what requests were answered more than a day ago."""
    while operations.forget_repeats(now=now):
        pass


@every(minutes=60)
def purge_old_quarantine(now: datetime) -> None:
    """Clear away what operators were told of messages that were given up."""
    purge_quarantined(now=now)


@every(minutes=10)
def throw_away_documents(now: datetime) -> None:
    """Delete files that were sent by email and whose time is over."""
    while throw_away_old_documents(now=now):
        pass


@every(minutes=10)
def stop_waiting_for_news(now: datetime) -> None:
    """Give up on messages that a provider took three days ago and never told about."""
    while give_up_waiting(now=now):
        pass


@every(minutes=30)
def forget_old_receipts(now: datetime) -> None:
    """Clear away receipts that nobody will ask about any more."""
    forget_receipts(now=now)


LIST_LOOPS = (
    Loop("notify.lists.checking", lambda now: check_next(now=now, clock=clock.now)),
    Loop("notify.lists.sending", lambda now: send_next(now=now)),
)
"""Uploaded lists are checked by one loop and sent by another, so that no check holds up another list's start."""


@every(minutes=30)
def forget_lists(now: datetime) -> None:
    """Delete the files and rows of lists whose time is over."""
    forget_old_lists(now=now)
