"""Delivering messages, in batches that the worker claims for itself.

Claim, commit, hand over, record. A hand-over whose outcome nobody knows is repeated under the same name, and the
message is marked; nothing is ever guessed.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, connection

from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import (
    Channel,
    Status,
    after_failed_try,
    after_hand_over,
    outcome_of_test,
    while_nobody_can_be_asked,
)
from guildhall.notify.domain.failover import next_probe_at
from guildhall.notify.operations.account_messages import CARRIER, carry_to_accounts
from guildhall.notify.operations.claims import Claimed, Result, claim, record
from guildhall.notify.operations.handing_over import Carriers, HandingOver, Told, by_account
from guildhall.notify.operations.mailings import unsubscribed_of, worded
from guildhall.notify.operations.provider_health import Tally, note_tallies
from guildhall.notify.ports import HandedOver, NotReached, NotTaken, Outgoing, TryLater, Undeliverable, Unknown
from guildhall.notify.queries.messages import show_personalisation
from guildhall.notify.queries.provider_accounts import AccountInUse, accounts_in_use
from guildhall.notify.queries.remembered import sender_of, template_version

BATCH = 500
TIME_TO_BEGIN = timedelta(seconds=15)
"""A hand-over that begins within this time of the claim ends before the lease does (``SECONDS_FOR_A_HAND_OVER``)."""

_TRIES_TO_RECORD, _BETWEEN_TRIES_TO_RECORD = 10, 0.5

Results = list[tuple[Claimed, Result]]

log = structlog.get_logger(__name__)


def deliver_waiting(channel: Channel, carriers: Carriers, *, now: datetime, clock: Callable[[], datetime]) -> int:
    """Deliver one batch of what waits in any council for this channel, and return how many messages that was.

    Where nobody can be asked, messages wait. What was not handed over while the claim is good is left for the next
    batch.
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
    if wanted:
        _deliver(channel, wanted, carriers, HandingOver(clock, may_begin=lambda: clock() <= now + TIME_TO_BEGIN))
    return len(claimed)


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

    for mine, together in by_account(_write_all(channel, claimed, handing_over), accounts):
        for done in handing_over.give(together, carriers.of(mine, channel)):
            record_some([left.pop(each.message_id) for each in done])
    record_some(list(left.values()))


def _write_all(channel: Channel, claimed: Sequence[Claimed], handing_over: HandingOver) -> Sequence[Outgoing]:
    """Return what a provider is to be given: not what cannot be written, nor what residents read in their account."""
    outgoing = {each.message_id: each for each in (_write(channel, message) for message in claimed) if each is not None}
    handing_over.note([each.id for each in claimed if each.id not in outgoing], TryLater("it cannot be written"), "")
    if channel is Channel.EMAIL:
        in_accounts = carry_to_accounts(list(outgoing.values()), now=handing_over.clock())
        handing_over.note(in_accounts, HandedOver(is_delivered=True), CARRIER)
    return [each for each in outgoing.values() if each.message_id not in handing_over.told]


def _write(channel: Channel, message: Claimed) -> Outgoing | None:
    """Return the message as a provider gets it, or None if it cannot be written now; the others of its batch can."""
    try:
        service = sender_of(message.organisation_id, message.notify_service_id)
        template = template_version(message.organisation_id, message.template_id, message.template_version)
        words, unsubscribe_url = worded(message, template, channel)
        return Outgoing(
            message_id=message.id,
            organisation_id=message.organisation_id,
            notify_service_id=message.notify_service_id,
            template_id=message.template_id,
            template_version=message.template_version,
            channel=channel,
            recipient=message.recipient,
            sender_name=service.from_name,
            sender=message.sender,
            words=words,
            language=message.language,
            given=show_personalisation(message.personalisation),
            prefix=service.prefix,
            unsubscribe_url=unsubscribe_url,
            postage=message.postage,
            accepted_at=message.accepted_at,
            tries=message.tries,
            may_be_repeated=message.may_be_repeated,
            local_part=service.from_local_part,
            look=service.look,
        )
    except Exception:
        log.exception("message_cannot_be_written", message=str(message.id))
        return None


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
        case TryLater() | NotTaken() | Unknown():
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
    """Give back a message that was not tried."""
    return Result(Status(message.status), message.tries - 1, at, may_be_repeated=may_be_repeated)


def _record_surely(results: Results, channel: Channel, tallies: Sequence[Tally], clock: Callable[[], datetime]) -> None:
    """Write down what became of a batch, also if the database has to be waited for: what is forgotten is sent twice."""
    if not results and not tallies:
        return None
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
