"""From accepted to delivered: claimed in batches, leased, tried again, recorded once."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from tests.conftest import AsLogin
from tests.threads import join

from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.delivery import BETWEEN_TRIES, TRIES, Channel, Status
from guildhall.notify.operations import NotifyServiceId, OwnMessage
from guildhall.notify.operations.claims import LEASE
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.ports import HandedOver, Outcome, Outgoing, Provider, Providers, TryLater, Undeliverable
from guildhall.notify.providers.sandbox import Sandbox
from guildhall.organisations.queries import Council

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Scripted:
    """A provider that answers as the test wants and remembers what it was given."""

    name = "scripted"
    at_once = 200

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.handed_over: list[Outgoing] = []

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        self.handed_over += batch
        return [self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0] for _ in batch]


@pytest.fixture(autouse=True)
def nothing_waits(database: dict[str, str]) -> None:
    """Put aside what other tests left waiting, so that a test finds only its own messages."""
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")


def send(sender: NotifyServiceId, occasion: str, to: str = "jo@example.com") -> UUID:
    wanted = OwnMessage(sender, "receipt", "email", to, "en", {"name": "Jo", "thing": "sofa"}, "ref", occasion)
    with transaction():
        return notify.send(wanted, now=NOW)


def carried_by(provider: Provider | None) -> Carriers:
    """The providers of an installation where nobody has an account of their own."""
    return Carriers(Providers(without_accounts={} if provider is None else {Channel.EMAIL: provider}))


@pytest.fixture
def deliver(as_dispatcher: Callable[[Callable[[], int]], int]) -> Callable[..., int]:
    """Do what the worker's loop does, at a given moment."""

    def at(provider: Provider | None, now: datetime = NOW) -> int:
        carriers = carried_by(provider)
        return as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=now, clock=lambda: now))

    return at


def test_the_sandbox_puts_a_message_into_its_inbox_once(sender: NotifyServiceId, deliver: Callable[..., int]) -> None:
    message_id = send(sender, "once", to=f"{sender.hex}@example.com")
    deliver(Sandbox())
    [entry] = queries.list_inbox(to=f"{sender.hex}@example.com")
    assert (entry.id, entry.subject, entry.body) == (message_id, "Your sofa", "Dear Jo, we have your sofa.")
    message = queries.get_message(message_id, of=sender)  # type: ignore[arg-type]
    assert (message.status, message.sent_at, message.completed_at) == (Status.DELIVERED, NOW, NOW)


def test_a_message_that_is_handed_to_the_sandbox_again_is_there_once(
    sender: NotifyServiceId, deliver: Callable[..., int], as_dispatcher: Callable[[Callable[[], object]], int]
) -> None:
    send(sender, "twice", to=f"{sender.hex}@example.com")
    deliver(first := Scripted(HandedOver()))
    at = NOW + timedelta(minutes=1)
    for _ in range(2):
        as_dispatcher(lambda: Sandbox().hand_over(first.handed_over, now=at))
    [entry] = queries.list_inbox(to=f"{sender.hex}@example.com")
    assert entry.delivered_at == NOW + timedelta(minutes=1)


def test_a_failed_try_waits_and_is_repeated_under_the_same_name(
    sender: NotifyServiceId, deliver: Callable[..., int]
) -> None:
    message_id = send(sender, "again")
    provider = Scripted(TryLater("busy"), HandedOver("abc"))
    assert deliver(provider) == 1
    assert deliver(provider, NOW + timedelta(seconds=299)) == 0
    assert deliver(provider, NOW + timedelta(seconds=300)) == 1
    assert [(each.message_id, each.tries) for each in provider.handed_over] == [(message_id, 1), (message_id, 2)]
    message = queries.get_message(message_id, of=sender)  # type: ignore[arg-type]
    assert (message.status, message.completed_at) == (Status.SENDING, None)


def test_a_message_that_nobody_takes_for_four_hours_is_our_failure(
    sender: NotifyServiceId, deliver: Callable[..., int]
) -> None:
    message_id = send(sender, "never")
    provider = Scripted(TryLater("busy"))
    for number in range(TRIES + 3):
        deliver(provider, NOW + number * timedelta(minutes=5))
    assert len(provider.handed_over) == TRIES
    assert queries.get_message(message_id, of=sender).status is Status.TECHNICAL_FAILURE  # type: ignore[arg-type]


def test_a_recipient_who_cannot_be_reached_is_final(sender: NotifyServiceId, deliver: Callable[..., int]) -> None:
    message_id = send(sender, "bounced")
    assert deliver(Scripted(Undeliverable("550 no such user"))) == 1
    message = queries.get_message(message_id, of=sender)  # type: ignore[arg-type]
    assert (message.status, message.completed_at) == (Status.PERMANENT_FAILURE, NOW)


def test_what_a_dead_worker_held_is_handed_over_when_its_lease_ends(
    sender: NotifyServiceId, deliver: Callable[..., int]
) -> None:
    class Dies(Scripted):
        def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
            raise SystemExit

    message_id = send(sender, "held")
    with pytest.raises(SystemExit):
        deliver(Dies(HandedOver()))
    provider = Scripted(HandedOver(is_delivered=True))
    assert deliver(provider, NOW + LEASE - timedelta(seconds=1)) == 0
    assert deliver(provider, NOW + LEASE) == 1
    assert provider.handed_over[0].tries == 2
    assert queries.get_message(message_id, of=sender).status is Status.DELIVERED  # type: ignore[arg-type]


def test_a_slow_provider_is_given_no_more_than_its_lease_allows(
    sender: NotifyServiceId, as_dispatcher: Callable[..., int]
) -> None:
    passed = [NOW]

    class Slow(Scripted):
        at_once = 1

        def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
            passed.append(passed[-1] + timedelta(seconds=16))
            return super().hand_over(batch, now=now)

    sent = [send(sender, str(number)) for number in range(4)]
    carriers = carried_by(provider := Slow(HandedOver(is_delivered=True)))
    as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=NOW, clock=lambda: passed[-1]))
    assert len(provider.handed_over) == 1
    later = NOW + timedelta(minutes=1)
    passed.append(later)
    for _ in sent:
        as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=passed[-1], clock=lambda: passed[-1]))
    assert {each.message_id for each in provider.handed_over} == set(sent)
    assert {(each.tries, each.may_be_repeated) for each in provider.handed_over} == {(1, False)}


def test_a_late_outcome_does_not_overwrite_the_one_of_a_newer_try(
    sender: NotifyServiceId, deliver: Callable[..., int]
) -> None:
    message_id = send(sender, "overtaken")
    newer = Scripted(HandedOver("newer", is_delivered=True))

    class Slow(Scripted):
        def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
            deliver(newer, NOW + LEASE)
            return [Undeliverable("too late") for _ in batch]

    deliver(Slow(HandedOver()))
    assert queries.get_message(message_id, of=sender).status is Status.DELIVERED  # type: ignore[arg-type]


def test_a_late_outcome_does_not_overwrite_a_newer_try_that_is_to_be_repeated(
    sender: NotifyServiceId, deliver: Callable[..., int]
) -> None:
    message_id = send(sender, "overtaken")
    newer = Scripted(TryLater("busy"))

    class Slow(Scripted):
        def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
            deliver(newer, NOW + LEASE)
            return [Undeliverable("too late") for _ in batch]

    deliver(Slow(HandedOver()))
    message = queries.get_message(message_id, of=sender)  # type: ignore[arg-type]
    assert (message.status, message.completed_at) == (Status.CREATED, None)
    assert deliver(Scripted(HandedOver(is_delivered=True)), NOW + LEASE + BETWEEN_TRIES) == 1


def test_two_workers_never_hold_the_same_message(sender: NotifyServiceId, as_dispatcher: Callable[..., int]) -> None:
    sent = {send(sender, str(number)) for number in range(60)}
    provider, together = Scripted(HandedOver(is_delivered=True)), threading.Barrier(4)

    def work() -> None:
        def step() -> int:
            together.wait(10)
            return notify.deliver_waiting(Channel.EMAIL, carried_by(provider), now=NOW, clock=lambda: NOW)

        as_dispatcher(step)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        join(worker)
    handed_over = [each.message_id for each in provider.handed_over]
    assert sorted(handed_over) == sorted(sent)


def test_a_worker_passes_over_what_another_is_claiming(
    sender: NotifyServiceId, deliver: Callable[..., int], as_login: AsLogin
) -> None:
    held, free = send(sender, "held"), send(sender, "free")
    provider = Scripted(HandedOver(is_delivered=True))
    with as_login("dispatcher") as other:
        other.execute("SELECT id FROM notify_message WHERE id = %s FOR UPDATE", [held])
        assert deliver(provider) == 1
    assert [each.message_id for each in provider.handed_over] == [free]


def test_one_worker_serves_every_council(
    sender: NotifyServiceId, other_council: Council, deliver: Callable[..., int]
) -> None:
    with acting_for(other_council.id):
        other = notify.ensure_default_notify_service("Elsewhere", now=NOW)
        with transaction():
            notify.ensure_template(
                "receipt", notify_service_id=other, channel="email", name="R", english=notify.Words("Hi", "Elsewhere")
            )
        send(other, "theirs", to="them@example.com")
    send(sender, "ours")
    provider = Scripted(HandedOver(is_delivered=True))
    assert deliver(provider) == 2
    assert {each.sender_name for each in provider.handed_over} == {"Bulky waste", "Elsewhere"}


def test_the_worker_too_lists_only_the_messages_of_the_council_it_acts_for(
    sender: NotifyServiceId, council: Council, other_council: Council, as_dispatcher: Callable[..., int]
) -> None:
    send(sender, "ours")

    def listed_for(organisation: Council) -> int:
        def look() -> int:
            with acting_for(organisation.id):
                return queries.list_messages().total

        return as_dispatcher(look)

    assert (listed_for(council), listed_for(other_council)) == (1, 0)


def test_without_a_provider_a_message_waits(sender: NotifyServiceId, deliver: Callable[..., int]) -> None:
    message_id = send(sender, "waits")
    assert deliver(None) == 1
    assert queries.get_message(message_id, of=sender).completed_at is None  # type: ignore[arg-type]
    assert deliver(Sandbox(), NOW + timedelta(minutes=5)) == 1


def test_the_web_login_cannot_change_what_became_of_a_message(sender: NotifyServiceId) -> None:
    message_id = send(sender, "fixed")
    with pytest.raises(Exception, match="row-level security"), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE notify_message SET status = 'delivered' WHERE id = %s", [message_id])


def test_the_coming_months_are_there_before_they_are_needed(as_dispatcher: Callable[..., int]) -> None:
    assert as_dispatcher(notify.make_months) == 0
    with reading(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'notify_message'::regclass")
        assert cursor.fetchone()[0] >= 5
