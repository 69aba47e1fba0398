"""Giving messages to providers: whom to ask first, whom next, and what each of them is known for afterwards.

What one account did not take goes to the next one at once. What nobody answered for may have arrived, so it goes on
too, but marked. Providers are called outside every transaction.
"""

import random
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

import structlog

from guildhall.kernel.ids import OrganisationId
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.failover import MESSAGES_OF_A_PROBE, WELL, Health, order_of_choice
from guildhall.notify.domain.ids import MessageId, ProviderAccountId
from guildhall.notify.operations.provider_health import Tally, note_tally, take_probe
from guildhall.notify.ports import (
    Listener,
    NotReached,
    NotTaken,
    Outcome,
    Outgoing,
    Provider,
    Providers,
    SenderRefused,
    Unknown,
)
from guildhall.notify.queries.provider_accounts import AccountInUse, show_settings

log = structlog.get_logger(__name__)

Clock: TypeAlias = Callable[[], datetime]
SENDERS_TO_BLAME_THE_ACCOUNT = 2
"""An account that refuses this many senders, and takes nothing from anybody, is at fault itself."""
_NOT_DONE = (NotTaken, SenderRefused, Unknown)
_SAYS_NOTHING = (NotTaken, SenderRefused, Unknown, NotReached)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A provider that may be asked. Without an account (``account_id``) nothing is kept of how it is doing."""

    provider: Provider
    account_id: ProviderAccountId | None = None
    priority: int = 0
    weight: int = 1
    health: Health = WELL


class Carriers:
    """The providers of this process: one for each account and its settings, with its connections, made when needed."""

    def __init__(self, providers: Providers) -> None:
        self._providers = providers
        self._made: dict[ProviderAccountId, tuple[str, bytes, Provider]] = {}
        self._making = threading.Lock()

    def of(self, accounts: Sequence[AccountInUse], channel: Channel) -> Sequence[Carrier]:
        """Return who carries a channel for the owner of these accounts."""
        if accounts:
            return [
                Carrier(self._provider(account), account.id, account.priority, account.weight, account.health)
                for account in accounts
            ]
        provider = self._providers.without_accounts.get(channel)
        return [] if provider is None else [Carrier(provider)]

    def keep_listening(self, accounts: Sequence[AccountInUse]) -> None:
        """Keep the lines open over which providers bring news by themselves: of these accounts and of no others."""
        with self._making:
            ended = [self._made.pop(each)[2] for each in self._made.keys() - {account.id for account in accounts}]
        _hang_up(ended)
        for account in accounts:
            provider = self._provider(account)
            if isinstance(provider, Listener):
                try:
                    provider.stay_connected()
                except Exception as problem:
                    log.warning("provider_cannot_be_listened_to", account=str(account.id), problem=str(problem))

    def _provider(self, account: AccountInUse) -> Provider:
        with self._making:
            made = self._made.get(account.id)
            if made is not None and made[:2] == (account.kind, account.hidden_settings):
                return made[2]
            _hang_up([made[2]] if made is not None else [])
            provider = self._make(account)
            self._made[account.id] = (account.kind, account.hidden_settings, provider)
            return provider

    def _make(self, account: AccountInUse) -> Provider:
        try:
            given = {**show_settings(account.hidden_settings), "account_of": str(account.organisation_id)}
            return self._providers.kinds[account.kind](given)
        except Exception as problem:
            log.exception("provider_account_cannot_be_used", account=str(account.id), kind=account.kind)
            return _Unusable(f"its settings cannot be used: {type(problem).__name__}")


def _hang_up(providers: Iterable[Provider]) -> None:
    for each in providers:
        if isinstance(each, Listener):
            each.close()


class _Unusable:
    """Stands for an account that nobody can speak to, because its settings are wrong."""

    name = "unusable"
    at_once = 1000

    def __init__(self, problem: str) -> None:
        self.problem = problem

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        return [NotTaken(self.problem) for _ in batch]


@dataclass(frozen=True, slots=True)
class Told:
    """What was heard of a message last, from whom and when; and whether it may have arrived before that.

    It ``is_suspect`` when a provider's own code failed while it had the message in hand, with others or alone.
    """

    outcome: Outcome
    provider: str
    at: datetime
    may_be_repeated: bool
    is_suspect: bool = False


@dataclass
class _Senders:
    """Whose messages an account has refused and taken in this batch: what tells a sender's fault from the account's."""

    refused: set[str] = field(default_factory=set)
    has_taken_some: bool = False

    def judge(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """Return what the account said; one that refuses whoever asks is not taking messages."""
        self.refused |= {each.sender for each in outcomes if isinstance(each, SenderRefused)}
        self.has_taken_some |= any(not isinstance(each, _SAYS_NOTHING) for each in outcomes)
        if self.has_taken_some or len(self.refused) < SENDERS_TO_BLAME_THE_ACCOUNT:
            return outcomes
        return [NotTaken(each.problem) if isinstance(each, SenderRefused) else each for each in outcomes]


@dataclass
class HandingOver:
    """One batch on its way: what is known of its messages so far, and what is to be noted of the accounts.

    ``may_begin`` says whether there is time for another hand-over while the claim is good.
    """

    clock: Clock
    may_begin: Callable[[], bool]
    told: dict[MessageId, Told] = field(default_factory=dict)
    to_note: list[Tally] = field(default_factory=list)
    senders: dict[ProviderAccountId | None, _Senders] = field(default_factory=dict)
    ran_out_of_time: bool = False

    def give(self, messages: Sequence[Outgoing], carriers: Sequence[Carrier]) -> Iterator[Sequence[Outgoing]]:
        """Ask one carrier after the other until every message is taken, refused, or has been offered to all.

        Yield after every hand-over the messages that are done with, so that they can be recorded before more happens.
        """
        waiting = list(messages)
        for carrier in order_of_choice(carriers, now=self.clock(), draw=random.random):
            if waiting and not self.ran_out_of_time:
                waiting = yield from self._ask(carrier, waiting)

    def _ask(self, carrier: Carrier, waiting: list[Outgoing]) -> Generator[Sequence[Outgoing], None, list[Outgoing]]:
        """Return what this carrier did not take: everything from the moment when it takes no more."""
        is_probe = carrier.account_id is not None and not carrier.health.is_well
        if carrier.account_id is not None and is_probe and not take_probe(carrier.account_id, now=self.clock()):
            return waiting
        left: list[Outgoing] = []
        while waiting:
            if not self.may_begin():
                self.ran_out_of_time = True
                break
            at_once = MESSAGES_OF_A_PROBE if is_probe else carrier.provider.at_once
            batch, waiting = waiting[:at_once], waiting[at_once:]
            left += self._hand_over(carrier, batch, is_probe=is_probe)
            yield [each for each in batch if not isinstance(self._outcome(each), _NOT_DONE)]
            if any(isinstance(self._outcome(each), NotTaken | Unknown) for each in batch):
                break
            is_probe = False
        return left + waiting

    def _outcome(self, message: Outgoing) -> Outcome:
        return self.told[message.message_id].outcome

    def take_tallies(self) -> Sequence[Tally]:
        """Return what is to be noted of the accounts together with the results, once."""
        taken, self.to_note = self.to_note, []
        return taken

    def note(self, messages: Iterable[MessageId], outcome: Outcome, carrier: str) -> None:
        """Take note of what became of messages that no provider was given."""
        self.told |= {each: Told(outcome, carrier, self.clock(), False) for each in messages}

    def _hand_over(self, carrier: Carrier, batch: Sequence[Outgoing], *, is_probe: bool) -> list[Outgoing]:
        outcomes, is_broken = _outcomes(carrier.provider, batch, self.clock())
        outcomes = self.senders.setdefault(carrier.account_id, _Senders()).judge(outcomes)
        at = self.clock()
        for message, outcome in zip(batch, outcomes, strict=True):
            before = self.told.get(message.message_id)
            is_doubtful = isinstance(outcome, Unknown) or (before is not None and before.may_be_repeated)
            self.told[message.message_id] = Told(outcome, carrier.provider.name, at, is_doubtful, is_broken)
        self._note(carrier, outcomes, at, is_probe=is_probe)
        return [
            replace(message, may_be_repeated=True) if isinstance(outcome, Unknown) else message
            for message, outcome in zip(batch, outcomes, strict=True)
            if isinstance(outcome, _NOT_DONE)
        ]

    def _note(self, carrier: Carrier, outcomes: Sequence[Outcome], at: datetime, *, is_probe: bool) -> None:
        """Keep how the account did: what went wrong at once, so that all workers know; the rest with the results."""
        if carrier.account_id is None:
            return
        problems = [each.problem for each in outcomes if isinstance(each, NotTaken | Unknown)]
        taken = sum(not isinstance(each, _SAYS_NOTHING) for each in outcomes)
        answered = taken + sum(isinstance(each, SenderRefused) for each in outcomes)
        tally = Tally(carrier.account_id, taken, len(problems), problems[0] if problems else "", is_probe, at, answered)
        if problems or is_probe:
            note_tally(tally)
        elif taken:
            self.to_note.append(tally)


def _outcomes(provider: Provider, batch: Sequence[Outgoing], now: datetime) -> tuple[Sequence[Outcome], bool]:
    """Return what the provider said of each message, and whether its code failed: then nobody knows what it did."""
    try:
        return provider.hand_over(batch, now=now), False
    except Exception as fault:
        log.exception("provider_failed", provider=provider.name)
        return [Unknown(f"{type(fault).__name__}: {fault}")] * len(batch), True


def by_account(
    messages: Sequence[Outgoing], accounts: Mapping[OrganisationId, Sequence[AccountInUse]]
) -> list[tuple[Sequence[AccountInUse], list[Outgoing]]]:
    """Put messages together that the same accounts carry; those whose accounts have trouble wait for the others."""
    together: dict[tuple[ProviderAccountId, ...], tuple[Sequence[AccountInUse], list[Outgoing]]] = {}
    for message in messages:
        mine = accounts[message.organisation_id]
        together.setdefault(tuple(each.id for each in mine), (mine, []))[1].append(message)
    return sorted(together.values(), key=lambda each: _has_trouble(each[0]))


def _has_trouble(accounts: Sequence[AccountInUse]) -> bool:
    return any(each.health.failed_in_a_row or not each.health.is_well for each in accounts)
