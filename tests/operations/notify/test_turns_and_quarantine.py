"""No message keeps the others waiting: councils take turns, and what cannot be sent is taken out of the way, once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.kernel.turns import next_in_turn
from guildhall.notify import models, ports
from guildhall.notify import operations as notify
from guildhall.notify.domain.callbacks import Called, Kind, Outcome
from guildhall.notify.domain.delivery import BETWEEN_TRIES, Channel, Status
from guildhall.notify.operations import NotifyServiceId, OwnMessage, outgoing
from guildhall.notify.operations.callbacks import NewEndpoint, News, queue_news, set_callback
from guildhall.notify.operations.calling import LEASE as CALLING_LEASE
from guildhall.notify.operations.calling import send_callbacks
from guildhall.notify.operations.claims import LEASE, Claimed, claim
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.operations.quarantine import KEPT_FOR, purge_quarantined
from guildhall.notify.ports import HandedOver, Outgoing, Provider, Providers, Undeliverable
from guildhall.notify.queries.callbacks import list_callbacks
from guildhall.notify.queries.quarantined import list_quarantined
from guildhall.notify.testing import make_sender
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TAKEN = HandedOver(is_delivered=True)
AsDispatcher = Callable[[Callable[[], int]], int]
Deliver = Callable[..., int]


class Obliging:
    """A provider that takes all; of some messages its process dies, or its own code fails, before it has said so."""

    name = "obliging"
    at_once = 50

    def __init__(self, *, dies_of: UUID | None = None, fails_at: UUID | None = None) -> None:
        self.dies_of, self.fails_at = dies_of, fails_at
        self.batches: list[list[UUID]] = []

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[ports.Outcome]:
        ids = [each.message_id for each in batch]
        self.batches.append(list(ids))
        if self.dies_of in ids:
            raise SystemExit
        if self.fails_at in ids:
            raise ValueError("a fault in the provider's code")
        return [TAKEN for _ in batch]


@pytest.fixture(autouse=True)
def nothing_waits(database: dict[str, str]) -> None:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
        superuser.execute("UPDATE notify_provideraccount SET is_active = false")


@pytest.fixture
def deliver(as_dispatcher: AsDispatcher) -> Deliver:
    """Do what one worker's loop does at a given moment; a worker that dies leaves what it had."""

    def at(provider: Provider, now: datetime = NOW) -> int:
        carriers = Carriers(Providers(without_accounts={Channel.EMAIL: provider}))
        return as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=now, clock=lambda: now))

    return at


def send(sender: NotifyServiceId, number: int = 1, *, first: int = 0, to: str = "jo@example.com") -> list[UUID]:
    sent: list[UUID] = []
    for each in range(first, first + number):
        wanted = OwnMessage(
            sender, "receipt", "email", to, "en", {"name": "Jo", "thing": "sofa"}, "", f"{sender}{each}"
        )
        with transaction():
            sent.append(notify.send(wanted, now=NOW))
    return sent


def row_of(message_id: UUID) -> models.Message:
    with reading():
        return models.Message.objects.get(id=message_id)


def another_sender(council: Council) -> NotifyServiceId:
    with acting_for(council.id):
        sender = notify.ensure_default_notify_service("Elsewhere", now=NOW)
        with transaction():
            notify.ensure_template(
                "receipt", notify_service_id=sender, channel="email", name="R", english=notify.Words("Hi", "Elsewhere")
            )
    return sender


def test_councils_take_turns_however_much_one_of_them_has_waiting(
    sender: NotifyServiceId, other_council: Council, as_dispatcher: AsDispatcher
) -> None:
    send(sender, 12)
    theirs = another_sender(other_council)
    with acting_for(other_council.id):
        [waits] = send(theirs)
    claimed: list[Claimed] = []
    as_dispatcher(lambda: len(claimed.extend(claim(Channel.EMAIL, at_most=10, now=NOW)) or claimed))
    assert len(claimed) == 6
    assert waits in {each.id for each in claimed}


def test_a_council_alone_takes_the_whole_of_a_turn(sender: NotifyServiceId, as_dispatcher: AsDispatcher) -> None:
    send(sender, 12)
    assert as_dispatcher(lambda: len(claim(Channel.EMAIL, at_most=10, now=NOW))) == 10


def test_lists_get_a_part_of_every_claim_however_much_is_sent_one_by_one(
    sender: NotifyServiceId, as_dispatcher: AsDispatcher, database: dict[str, str]
) -> None:
    of_a_list, *_ = send(sender, 12)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET job_id = gen_random_uuid() WHERE id = %s", [of_a_list])
    claimed: list[Claimed] = []
    as_dispatcher(lambda: len(claimed.extend(claim(Channel.EMAIL, at_most=10, now=NOW)) or claimed))
    assert of_a_list in {each.id for each in claimed}


def test_a_message_whose_lease_ended_twice_without_a_record_is_a_technical_failure(
    sender: NotifyServiceId, deliver: Deliver
) -> None:
    before, deadly, after = send(sender, 3)
    provider = Obliging(dies_of=deadly)
    with pytest.raises(SystemExit):
        deliver(provider)
    with pytest.raises(SystemExit):
        deliver(provider, NOW + LEASE)
    deliver(provider, NOW + 2 * LEASE)
    assert provider.batches[-1] == [after]
    assert deliver(provider, NOW + 3 * LEASE) == 0
    row = row_of(deadly)
    assert (row.status, row.problem) == ("technical-failure", "whoever tried to send it was not heard of again")
    assert {row_of(each).status for each in (before, after)} == {"delivered"}


def test_who_was_in_the_same_hands_is_tried_alone_and_never_blamed(sender: NotifyServiceId, deliver: Deliver) -> None:
    sent = send(sender, 4)
    provider = Obliging(dies_of=sent[0])
    for round_ in range(6):
        try:
            deliver(provider, NOW + round_ * LEASE)
        except SystemExit:
            continue
    assert {row_of(each).status for each in sent[1:]} == {"delivered"}
    assert all(len(batch) == 1 for batch in provider.batches[1:])


def test_a_suspect_that_there_is_no_time_for_is_tried_alone_next_time(
    sender: NotifyServiceId, as_dispatcher: AsDispatcher
) -> None:
    first, second = send(sender, 2)
    at = [NOW]

    class Slow(Obliging):
        def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[ports.Outcome]:
            outcomes = super().hand_over(batch, now=now)
            at[0] += timedelta(seconds=16)
            return outcomes

    def deliver(provider: Provider, now: datetime) -> int:
        carriers = Carriers(Providers(without_accounts={Channel.EMAIL: provider}))
        return as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=now, clock=lambda: at[0]))

    with pytest.raises(SystemExit):
        deliver(Obliging(dies_of=first), NOW)
    slow = Slow()
    for _ in range(2):
        at[0] = max(at[0], NOW + LEASE)
        deliver(slow, at[0])
    assert sorted(slow.batches) == sorted([[first], [second]])


def test_a_fault_in_a_providers_code_never_sends_the_others_again_and_again(
    sender: NotifyServiceId, deliver: Deliver
) -> None:
    good, bad = send(sender, 2)
    provider = Obliging(fails_at=bad)
    for try_ in range(4):
        deliver(provider, NOW + try_ * BETWEEN_TRIES)
    handed_over = [each for batch in provider.batches for each in batch]
    assert (handed_over.count(good), handed_over.count(bad)) == (2, 2)
    assert (row_of(good).status, row_of(bad).status) == ("delivered", "technical-failure")


def test_what_cannot_be_written_fails_for_good_once_with_a_reason_and_harms_nobody(
    sender: NotifyServiceId, deliver: Deliver, database: dict[str, str]
) -> None:
    broken, fine = send(sender, 2)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET personalisation = 'nonsense' WHERE id = %s", [broken])
    deliver(provider := Obliging())
    row = row_of(broken)
    assert (row.status, row.tries, row.completed_at) == ("technical-failure", 1, NOW)
    assert row.problem.startswith("it cannot be written: ")
    assert provider.batches == [[fine]]


def test_a_message_without_its_template_keeps_nobody_waiting(
    sender: NotifyServiceId, deliver: Deliver, database: dict[str, str]
) -> None:
    orphan, fine = send(sender, 2)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET template_version = 99 WHERE id = %s", [orphan])
    deliver(Obliging())
    assert (row_of(orphan).status, row_of(fine).status) == ("technical-failure", "delivered")


def test_what_takes_too_long_to_write_is_given_up(
    sender: NotifyServiceId, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "CPU_SECONDS_TO_WRITE", -1.0)
    [slow] = send(sender)
    deliver(Obliging())
    row = row_of(slow)
    assert (row.status, row.problem) == ("technical-failure", "it takes too long to write: 0 seconds")


def test_what_a_provider_says_can_always_be_written_down(sender: NotifyServiceId, deliver: Deliver) -> None:
    class Garbled(Obliging):
        def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[ports.Outcome]:
            return [HandedOver(f"a\0b\ud800{'c' * 5000 * (each.message_id == long)}") for each in batch]

    short, long = send(sender, 2)
    deliver(Garbled())
    rows = row_of(short), row_of(long)
    assert [row.status for row in rows] == ["sending", "sending"]
    assert (rows[0].provider_reference, len(rows[1].provider_reference)) == ("ab?", 64)


def test_one_result_that_cannot_be_recorded_costs_no_other_its_record(
    sender: NotifyServiceId, deliver: Deliver, database: dict[str, str]
) -> None:
    """A constraint that refuses one row stands for whatever a batch's record may fail of."""
    first, second = send(sender, 2)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("ALTER TABLE notify_message ADD CONSTRAINT refuses_one CHECK (problem <> 'unrecordable')")
    try:

        class Refusing(Obliging):
            def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[ports.Outcome]:
                return [
                    Undeliverable("unrecordable" if each.message_id == first else "550 no such user") for each in batch
                ]

        deliver(Refusing())
    finally:
        with psycopg.connect(database["superuser"]) as superuser:
            superuser.execute("ALTER TABLE notify_message DROP CONSTRAINT refuses_one")
    assert (row_of(first).status, row_of(second).status) == ("created", "permanent-failure")


def test_what_was_given_up_is_told_to_the_service_and_to_operators(
    sender: NotifyServiceId,
    council: Council,
    deliver: Deliver,
    database: dict[str, str],
    as_dispatcher: AsDispatcher,
    as_owner: Any,
) -> None:
    [broken] = send(sender)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET personalisation = 'nonsense' WHERE id = %s", [broken])
    deliver(Obliging())
    with acting_for(None):
        [told] = [each for each in list_quarantined(since=NOW) if each.message_id == broken]
    assert (told.council.id, told.service, told.channel, told.at) == (council.id, "Bulky waste", Channel.EMAIL, NOW)
    assert row_of(broken).status == Status.TECHNICAL_FAILURE
    page = operator(as_owner).get("/operator/installation/given-up").content.decode()
    assert str(broken) in page
    assert "It cannot be written" in page
    as_dispatcher(lambda: purge_quarantined(now=NOW + KEPT_FOR + timedelta(seconds=1)) or 0)
    with acting_for(None):
        assert broken not in {each.message_id for each in list_quarantined(since=NOW)}


def operator(as_owner: Any) -> Client:
    person, client = make_person(), Client()
    as_owner(lambda: make_operator(person.id, now=NOW))
    sign_in(client, person.id, has_second_factor=True)
    return client


def test_callbacks_of_councils_take_turns(
    council: Council, other_council: Council, as_dispatcher: AsDispatcher
) -> None:
    """Forty are called at a time; a council with more than that waiting leaves half of them to the other."""
    ours, theirs = make_sender(council), make_sender(other_council)
    queue(council, ours.id, 60)
    queue(other_council, theirs.id, 1)
    called: list[str] = []

    def caller(url: str, headers: Mapping[str, str], body: bytes) -> Called:
        called.append(url)
        return Called(200, "")

    as_dispatcher(lambda: send_callbacks(caller, now=NOW + timedelta(days=400), clock=lambda: NOW))
    assert f"https://{theirs.id}.example" in called


def test_a_callback_that_cannot_be_written_is_given_up_and_harms_no_other(
    council: Council, as_dispatcher: AsDispatcher, database: dict[str, str]
) -> None:
    ours = make_sender(council)
    queue(council, ours.id, 2)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            "UPDATE notify_callback SET body = 'nonsense' WHERE id = (SELECT min(id::text)::uuid FROM notify_callback"
            " WHERE notify_service_id = %s)",
            [ours.id],
        )
    called: list[str] = []

    def caller(url: str, headers: Mapping[str, str], body: bytes) -> Called:
        called.append(url)
        return Called(200, "")

    as_dispatcher(lambda: send_callbacks(caller, now=NOW + timedelta(days=400), clock=lambda: NOW))
    assert called.count(f"https://{ours.id}.example") == 1
    with acting_for(council.id):
        outcomes = {each.outcome for each in list_callbacks(ours.id).rows}
    assert outcomes == {Outcome.TAKEN, Outcome.GIVEN_UP}


def test_what_a_late_worker_heard_does_not_overwrite_a_newer_attempt(
    council: Council, as_dispatcher: AsDispatcher
) -> None:
    ours = make_sender(council)
    queue(council, ours.id, 1)
    at = NOW + timedelta(days=400)

    def ill(url: str, headers: Mapping[str, str], body: bytes) -> Called:
        return Called(500, "")

    def slow(url: str, headers: Mapping[str, str], body: bytes) -> Called:
        later = at + CALLING_LEASE
        as_dispatcher(lambda: send_callbacks(ill, now=later, clock=lambda: later))
        return Called(200, "")

    as_dispatcher(lambda: send_callbacks(slow, now=at, clock=lambda: at))
    with acting_for(council.id):
        [callback] = list_callbacks(ours.id).rows
    assert (callback.outcome, callback.next_try_at is None) == (None, False)


def queue(council: Council, sender: NotifyServiceId, number: int) -> None:
    """Queue callbacks of a service whose program is at an address of its own."""
    with acting_for(council.id):
        wanted = NewEndpoint(Kind.INBOUND_SMS, f"https://{sender}.example", "a-long-enough-token")
        set_callback(sender, wanted, may_be_loopback=True, actor=PersonId(new_id()), now=NOW)
        with transaction():
            queue_news(
                [News(council.id, sender, Kind.INBOUND_SMS, new_id(), {"number": each}) for each in range(number)]
            )


def test_lists_of_other_councils_are_checked_and_sent_in_turn() -> None:
    first, second, third = sorted((OrganisationId(new_id()) for _ in range(3)), key=str)
    assert next_in_turn([second, first], last=None) == first
    assert next_in_turn([third, first, second], last=first) == second
    assert next_in_turn([first, second], last=third) == first
    assert next_in_turn([second], last=second) == second
    assert next_in_turn([], last=first) is None
