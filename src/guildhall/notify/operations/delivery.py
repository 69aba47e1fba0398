"""Delivering messages, in batches that the worker claims for itself.

Claim, commit, hand over, record. A hand-over whose outcome nobody knows is repeated under the same name, and the
message is marked; nothing is ever guessed.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import DataError, IntegrityError, OperationalError, connection

from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import (
    Channel,
    Quarantine,
    Status,
    after_failed_try,
    after_hand_over,
    is_to_be_quarantined,
    outcome_of_test,
    while_nobody_can_be_asked,
)
from guildhall.notify.domain.failover import next_probe_at
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.account_messages import CARRIER, carry_to_accounts
from guildhall.notify.operations.claims import Claimed, Result, claim, record, take_alone
from guildhall.notify.operations.handing_over import Carriers, HandingOver, Told, by_account
from guildhall.notify.operations.mailings import unsubscribed_of
from guildhall.notify.operations.outgoing import write_outgoing
from guildhall.notify.operations.provider_health import Tally, note_tallies
from guildhall.notify.ports import (
    HandedOver,
    NotReached,
    NotTaken,
    Outgoing,
    SenderRefused,
    TryLater,
    Undeliverable,
    Unknown,
    Unwritable,
)
from guildhall.notify.queries.provider_accounts import AccountInUse, accounts_in_use

BATCH = 500
TIME_TO_BEGIN = timedelta(seconds=15)
"""A hand-over that begins within this time of the claim ends before the lease does (``SECONDS_FOR_A_HAND_OVER``)."""

_TRIES_TO_RECORD, _BETWEEN_TRIES_TO_RECORD = 10, 0.5

Results = list[tuple[Claimed, Result]]

log = structlog.get_logger(__name__)


def deliver_waiting(channel: Channel, carriers: Carriers, *, now: datetime, clock: Callable[[], datetime]) -> int:
    """Deliver one batch of what waits in any council for this channel, and return how many messages that was.

    Where nobody can be asked, messages wait. What was not handed over while the claim is good is left for the next
    batch. Of what was in hand when a worker was last heard of, each is tried alone.
    """
    claimed = claim(channel, at_most=BATCH, now=now)
    if not claimed:
        return 0
    stopped = unsubscribed_of(claimed) if channel is Channel.EMAIL else frozenset()
    results: Results = [(each, _pretend(each, now)) for each in claimed if each.key_kind == "test"]
    real = [each for each in claimed if each.key_kind != "test"]
    results += [(each, _unwanted(each, now)) for each in real if each.id in stopped]
    _record_surely(results, channel, [], clock)
    wanted = [each for each in real if each.id not in stopped]
    together = [each for each in wanted if not each.is_suspect]
    if together:
        _deliver(channel, together, carriers, _in_time(clock, now))
    _deliver_suspects(channel, [each for each in wanted if each.is_suspect], carriers, now=now, clock=clock)
    return len(claimed)


def _deliver_suspects(
    channel: Channel, suspects: Sequence[Claimed], carriers: Carriers, *, now: datetime, clock: Callable[[], datetime]
) -> None:
    """Deliver one after the other, so that only the one that is to blame is in hand when the worker dies of it."""
    for number, each in enumerate(suspects):
        at = clock()
        if at > now + TIME_TO_BEGIN:
            _record_surely([(left, _left(left, at)) for left in suspects[number:]], channel, [], clock)
            return
        if is_to_be_quarantined(is_suspect=each.is_suspect, crashes=each.crashes):
            log.error("message_quarantined", message=str(each.id), channel=str(channel))
            _record_surely([(each, _crashing(each, at))], channel, [], clock)
        elif take_alone(each, now=at):
            _deliver(channel, [each], carriers, _in_time(clock, at))


def _in_time(clock: Callable[[], datetime], since: datetime) -> HandingOver:
    return HandingOver(clock, may_begin=lambda: clock() <= since + TIME_TO_BEGIN)


def _deliver(channel: Channel, claimed: Sequence[Claimed], carriers: Carriers, handing_over: HandingOver) -> None:
    """Hand messages over, and record what became of them after every hand-over: the worker may die before the next."""
    left = {each.id: each for each in claimed}
    accounts = accounts_in_use(channel, {each.organisation_id for each in claimed})

    def record_some(messages: Sequence[Claimed]) -> None:
        at = handing_over.clock()
        results = [
            (each, _result(channel, each, handing_over, accounts[each.organisation_id], at)) for each in messages
        ]
        _record_surely(results, channel, handing_over.take_tallies(), handing_over.clock)

    outgoing = _write_all(channel, claimed, handing_over)
    record_some([left.pop(each) for each in handing_over.told])
    for mine, together in by_account(outgoing, accounts):
        for done in handing_over.give(together, carriers.of(mine, channel)):
            record_some([left.pop(each.message_id) for each in done])
    record_some(list(left.values()))


def _write_all(channel: Channel, claimed: Sequence[Claimed], handing_over: HandingOver) -> Sequence[Outgoing]:
    """Return what a provider is to be given: not what cannot be written, nor what residents read in their account."""
    outgoing: dict[MessageId, Outgoing] = {}
    for message in claimed:
        made = write_outgoing(channel, message)
        if isinstance(made, Outgoing):
            outgoing[message.id] = made
        else:
            handing_over.note([message.id], made, "")
    if channel is Channel.EMAIL:
        in_accounts = carry_to_accounts(list(outgoing.values()), now=handing_over.clock())
        handing_over.note(in_accounts, HandedOver(is_delivered=True), CARRIER)
    return [each for each in outgoing.values() if each.message_id not in handing_over.told]


def _result(
    channel: Channel, message: Claimed, handing_over: HandingOver, accounts: Sequence[AccountInUse], at: datetime
) -> Result:
    told = handing_over.told.get(message.id)
    if told is None:
        return _left(message, at) if handing_over.ran_out_of_time else _put_off(message, accounts, at)
    match told.outcome:
        case HandedOver(reference, is_delivered):
            status = after_hand_over(channel, is_delivered=is_delivered, is_abroad=message.is_abroad)
            completed_at = None if status is Status.SENDING else told.at
            return Result(
                status, message.tries, None, told.at, completed_at, told.provider, reference, "", told.may_be_repeated
            )
        case Undeliverable(problem):
            status = Status.PERMANENT_FAILURE
            return Result(
                status, message.tries, None, told.at, told.at, told.provider, "", problem, told.may_be_repeated
            )
        case Unwritable(problem):
            return _unwritable(message, told, problem)
        case TryLater() | SenderRefused() | NotTaken() | Unknown():
            return _failed_try(channel, message, told)
        case NotReached():
            return _left(message, at, may_be_repeated=told.may_be_repeated)


def _failed_try(channel: Channel, message: Claimed, told: Told) -> Result:
    problem = "" if isinstance(told.outcome, HandedOver | NotReached) else told.outcome.problem
    step = after_failed_try(message.tries, channel)
    return Result(
        status=step.status,
        tries_made=message.tries,
        next_try_at=None if step.wait is None else told.at + step.wait,
        completed_at=told.at if step.wait is None else None,
        provider=told.provider,
        problem=problem,
        may_be_repeated=told.may_be_repeated,
        suspected_from=told.at if told.is_suspect and step.wait is not None else None,
    )


def _unwritable(message: Claimed, told: Told, problem: str) -> Result:
    """Fail for good what cannot be written, once: it will not be any better next time."""
    return Result(
        status=Status.TECHNICAL_FAILURE,
        tries_made=message.tries,
        completed_at=told.at,
        problem=problem,
        may_be_repeated=told.may_be_repeated,
        quarantine=Quarantine.UNWRITABLE,
    )


def _crashing(message: Claimed, at: datetime) -> Result:
    """Fail for good what no worker was heard of again after it had tried it alone."""
    return Result(
        status=Status.TECHNICAL_FAILURE,
        tries_made=message.tries - 1,
        completed_at=at,
        problem="whoever tried to send it was not heard of again",
        quarantine=Quarantine.CRASHING,
    )


def _put_off(message: Claimed, accounts: Sequence[AccountInUse], at: datetime) -> Result:
    """Let a message wait that nobody was asked to take."""
    probe_at = next_probe_at(accounts)
    step = while_nobody_can_be_asked(
        waited=at - message.due_at, next_probe_in=None if probe_at is None else probe_at - at
    )
    return Result(
        status=step.status,
        tries_made=message.tries - 1,
        next_try_at=None if step.wait is None else at + step.wait,
        completed_at=at if step.wait is None else None,
        problem="no provider takes messages of this channel at the moment",
        suspected_from=at if message.is_suspect and step.wait is not None else None,
    )


def _pretend(message: Claimed, at: datetime) -> Result:
    """Give a message of a test key the end that its recipient stands for. No provider sees it."""
    return Result(outcome_of_test(message.recipient), message.tries, None, at, at, "test")


def _unwanted(message: Claimed, at: datetime) -> Result:
    """Do not send to a reader who has unsubscribed."""
    return Result(
        Status.PERMANENT_FAILURE, message.tries - 1, None, completed_at=at, problem="the recipient has unsubscribed"
    )


def _left(message: Claimed, at: datetime, *, may_be_repeated: bool = False) -> Result:
    """Give back a message that was not tried; a suspect stays one."""
    return Result(
        Status(message.status),
        message.tries - 1,
        at,
        may_be_repeated=may_be_repeated,
        suspected_from=at if message.is_suspect else None,
    )


def _record_surely(results: Results, channel: Channel, tallies: Sequence[Tally], clock: Callable[[], datetime]) -> None:
    """Write down what became of a batch, also if the database has to be waited for: what is forgotten is sent twice.

    One that cannot be written down costs no other its record; when its lease ends it is tried alone.
    """
    if not results and not tallies:
        return
    try:
        _record_with_patience(results, channel, tallies, clock)
    except (DataError, IntegrityError):
        if len(results) == 1:
            log.exception("message_cannot_be_recorded", message=str(results[0][0].id))
            return
        _record_surely([], channel, tallies, clock)
        for each in results:
            _record_surely([each], channel, [], clock)


def _record_with_patience(
    results: Results, channel: Channel, tallies: Sequence[Tally], clock: Callable[[], datetime]
) -> None:
    for tries_left in reversed(range(_TRIES_TO_RECORD)):
        try:
            return _record(results, channel, tallies, clock())
        except OperationalError:
            if not tries_left:
                raise
            connection.close()
            time.sleep(_BETWEEN_TRIES_TO_RECORD)


@transaction
def _record(results: Results, channel: Channel, tallies: Sequence[Tally], at: datetime) -> None:
    record(results, channel=channel, at=at)
    note_tallies(tallies)
