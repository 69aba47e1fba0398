"""Several providers for a channel: who is asked, who steps in, and what is marked because it may arrive twice."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, queries
from guildhall.notify import operations as notify
from guildhall.notify import ports as notify_ports
from guildhall.notify.domain.delivery import BETWEEN_TRIES, Channel, Status
from guildhall.notify.domain.failover import FIRST_PAUSE, MESSAGES_OF_A_PROBE
from guildhall.notify.operations import NotifyServiceId, OwnMessage
from guildhall.notify.operations.claims import LEASE
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.operations.provider_accounts import (
    AccountNameTaken,
    SettingsUnusable,
    WantedAccount,
    add_provider_account,
    change_provider_account,
    switch_provider_account,
)
from guildhall.notify.operations.timeouts import give_up_waiting
from guildhall.notify.ports import (
    HandedOver,
    NotTaken,
    Outcome,
    Outgoing,
    Provider,
    Providers,
    SenderRefused,
    Undeliverable,
    Unknown,
)
from guildhall.notify.queries.provider_accounts import (
    AccountView,
    ProviderAccountNotFound,
    get_provider_account,
    list_provider_accounts,
)
from guildhall.organisations import queries as organisations
from guildhall.organisations.queries import Council

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

TAKEN = HandedOver(is_delivered=True)


class Carrier:
    """A provider that takes everything, until it is told what to answer instead."""

    name = "scripted"
    at_once = 50

    def __init__(self) -> None:
        self.answer: Outcome = TAKEN
        self.asked: list[Outgoing] = []

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        self.asked += batch
        return [self.answer for _ in batch]

    @property
    def taken(self) -> list[UUID]:
        return [each.message_id for each in self.asked] if isinstance(self.answer, HandedOver) else []


@pytest.fixture
def carriers() -> Iterator[dict[str, Carrier]]:
    """Providers by name. An account whose settings say ``provider: a`` is with the one that is called a."""
    named = {name: Carrier() for name in "abc"}

    def make(settings: Mapping[str, str]) -> Provider:
        return named[settings["provider"]]

    before = notify_ports.provider_kinds()
    notify_ports.connect_providers(Providers(kinds={"scripted": make}))
    yield named
    notify_ports.connect_providers(Providers(kinds=before))


@pytest.fixture(autouse=True)
def nothing_waits(database: dict[str, str]) -> None:
    """Put aside what other tests left, so that a test finds only its own messages and accounts."""
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
        superuser.execute("UPDATE notify_provideraccount SET is_active = false")


def open_account(provider: str, *, priority: int = 10, weight: int = 1, name: str = "") -> UUID:
    wanted = WantedAccount(
        Channel.EMAIL, "scripted", name or provider, {"provider": provider}, priority=priority, weight=weight
    )
    return add_provider_account(wanted, actor=None, now=NOW).id


def send(sender: NotifyServiceId, number: int = 1) -> list[UUID]:
    sent: list[UUID] = []
    for each in range(number):
        wanted = OwnMessage(
            sender, "receipt", "email", "jo@example.com", "en", {"name": "Jo", "thing": "sofa"}, "", f"{sender}{each}"
        )
        with transaction():
            sent.append(notify.send(wanted, now=NOW))
    return sent


@pytest.fixture
def deliver(as_dispatcher: Callable[[Callable[[], int]], int]) -> Callable[..., int]:
    """Do what one worker's loop does at a given moment; every call is another worker."""

    def at(now: datetime = NOW, *, otherwise: Provider | None = None) -> int:
        fallback = {} if otherwise is None else {Channel.EMAIL: otherwise}
        worker = Carriers(Providers(notify_ports.provider_kinds(), fallback))
        return as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, worker, now=now, clock=lambda: now))

    return at


def row_of(message_id: UUID) -> models.Message:
    with transaction():
        return models.Message.objects.get(id=message_id)


def account(account_id: UUID) -> AccountView:
    return get_provider_account(account_id)[0]


Carried = dict[str, Carrier]
Deliver = Callable[..., int]


def test_the_first_account_carries_and_the_second_rests(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    open_account("b", priority=20)
    first = open_account("a", priority=10)
    sent = send(sender, 3)
    deliver()
    assert (sorted(carriers["a"].taken), carriers["b"].asked) == (sorted(sent), [])
    assert (account(first).taken, account(first).last_taken_at) == (3, NOW)


def test_what_one_account_does_not_take_goes_to_the_next_at_once(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    first, second = open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"].answer = NotTaken("421 closing")
    sent = send(sender, 3)
    deliver()
    assert sorted(carriers["b"].taken) == sorted(sent)
    assert {(row_of(each).status, row_of(each).may_be_repeated) for each in sent} == {("delivered", False)}
    assert (account(first).not_taken, account(first).last_problem) == (3, "421 closing")
    assert account(second).taken == 3


def test_an_account_that_keeps_failing_is_set_aside_for_every_worker(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"].answer = NotTaken("connection refused")
    sent = send(sender, 60)
    deliver()
    assert account(first).health.set_aside_until is None
    assert len(carriers["a"].asked) == 50
    assert len(carriers["b"].taken) == len(sent)
    again = send_more(sender, 5)
    deliver()
    assert account(first).health.set_aside_until == NOW + FIRST_PAUSE
    asked = len(carriers["a"].asked)
    last = send_more(sender, 5, after=100)
    deliver()
    assert len(carriers["a"].asked) == asked
    assert set(carriers["b"].taken) == {*sent, *again, *last}


def test_an_account_set_aside_is_probed_with_a_few_messages_and_comes_back(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    set_aside(database, first, until=NOW)
    carriers["a"].answer = NotTaken("still down")
    send(sender, 20)
    deliver()
    assert len(carriers["a"].asked) == MESSAGES_OF_A_PROBE
    assert len(carriers["b"].taken) == 20
    pause = account(first).health.set_aside_until
    assert pause == NOW + 2 * FIRST_PAUSE
    carriers["a"].answer, carriers["a"].asked = TAKEN, []
    back = send_more(sender, 20)
    deliver(pause)
    assert set(carriers["a"].taken) == set(back)
    assert account(first).health.is_well


def test_only_one_worker_probes(
    sender: NotifyServiceId, council: Council, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    set_aside(database, first, until=NOW)
    send(sender, 1)

    def another_worker(batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        with acting_for(council.id):
            send_more(sender, 3)
        deliver()
        return [TAKEN for _ in batch]

    carriers["a"].hand_over = another_worker  # type: ignore[method-assign]
    deliver()
    assert len(carriers["b"].taken) == 3


def test_when_nobody_can_be_asked_messages_wait_for_the_next_probe_and_use_up_no_try(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    only = open_account("a")
    set_aside(database, only, until=NOW + timedelta(seconds=40))
    [sent] = send(sender)
    deliver()
    row = row_of(sent)
    assert (row.status, row.tries, row.next_try_at) == ("created", 0, NOW + timedelta(seconds=40))
    deliver(NOW + timedelta(seconds=40))
    assert row_of(sent).status == "delivered"


def test_an_outage_of_three_days_is_our_failure(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    only = open_account("a")
    end = NOW + timedelta(hours=72)
    set_aside(database, only, until=end + timedelta(seconds=1))
    [sent] = send(sender)
    deliver(end)
    assert row_of(sent).status == "technical-failure"


def test_what_no_account_takes_is_tried_again_in_five_minutes(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"].answer = carriers["b"].answer = NotTaken("down")
    [sent] = send(sender)
    deliver()
    row = row_of(sent)
    assert (row.status, row.tries, row.next_try_at) == ("created", 1, NOW + BETWEEN_TRIES)
    assert (row.problem, row.may_be_repeated) == ("down", False)


def test_a_recipient_who_is_refused_is_not_offered_to_another_account(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"].answer = Undeliverable("550 no such user")
    [sent] = send(sender)
    deliver()
    assert row_of(sent).status == "permanent-failure"
    assert carriers["b"].asked == []
    assert account(first).health.failed_in_a_row == 0


def test_a_hand_over_that_nobody_answered_is_repeated_by_the_next_account_and_marked(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"].answer = Unknown("connection lost after the content")
    [sent] = send(sender)
    deliver()
    assert [(each.message_id, each.may_be_repeated) for each in carriers["b"].asked] == [(sent, True)]
    row = row_of(sent)
    assert (row.status, row.may_be_repeated) == ("delivered", True)


def test_a_message_stays_marked_when_nobody_takes_the_repeat(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"].answer, carriers["b"].answer = Unknown("lost"), NotTaken("down")
    [sent] = send(sender)
    deliver()
    assert (row_of(sent).status, row_of(sent).may_be_repeated) == ("created", True)
    carriers["a"].answer = TAKEN
    deliver(NOW + BETWEEN_TRIES)
    assert (row_of(sent).status, row_of(sent).may_be_repeated) == ("delivered", True)


def test_what_a_killed_worker_held_is_marked_when_it_is_claimed_again(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    open_account("a")

    def killed(batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        raise SystemExit

    carriers["a"].hand_over = killed  # type: ignore[method-assign]
    sent = send(sender, 2)
    with pytest.raises(SystemExit):
        deliver()
    del carriers["a"].hand_over
    deliver(NOW + LEASE)
    assert {each.may_be_repeated for each in carriers["a"].asked} == {True}
    assert {(row_of(each).status, row_of(each).may_be_repeated) for each in sent} == {("delivered", True)}


def test_a_provider_with_a_fault_of_its_own_leaves_its_messages_marked(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    open_account("a", priority=10), open_account("b", priority=20)

    def broken(batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        raise ValueError("a bug")

    carriers["a"].hand_over = broken  # type: ignore[method-assign]
    [sent] = send(sender)
    deliver()
    assert (row_of(sent).status, row_of(sent).may_be_repeated) == ("delivered", True)


def test_a_council_with_accounts_of_its_own_uses_only_them(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    with acting_for(organisations.get_platform().id):
        open_account("b", name=f"platform {sender}")
    open_account("a")
    carriers["a"].answer = NotTaken("down")
    send(sender)
    deliver()
    assert (len(carriers["a"].asked), carriers["b"].asked) == (1, [])


class Choosy(Carrier):
    """A provider that refuses some senders by name."""

    def __init__(self, *refused: str) -> None:
        super().__init__()
        self.refused = refused

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        self.asked += batch
        return [
            SenderRefused(f"553 not {each.local_part}", each.local_part) if each.local_part in self.refused else TAKEN
            for each in batch
        ]


def test_a_sender_that_one_account_refuses_goes_to_the_next_and_holds_up_nobody(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    carriers["a"] = Choosy("bulky.waste")
    carriers["a"].at_once = 2
    sent = send(sender, 5)
    deliver()
    assert (len(carriers["a"].asked), sorted(carriers["b"].taken)) == (5, sorted(sent))
    assert (account(first).not_taken, account(first).health.failed_in_a_row) == (0, 0)


def test_one_councils_refused_sender_never_counts_against_the_installations_account(
    sender: NotifyServiceId, other_council: Council, carriers: Carried, deliver: Deliver
) -> None:
    with acting_for(organisations.get_platform().id):
        shared = open_account("a", name=f"platform {sender}")
    carriers["a"] = Choosy("bulky.waste")
    theirs = sender_of(other_council)
    sent = send(sender, 60)
    for minute in range(3):
        with acting_for(other_council.id):
            [waits] = send_more(theirs, 1, after=minute)
        deliver(NOW + minute * BETWEEN_TRIES)
        with acting_for(other_council.id):
            assert row_of(waits).status == "delivered"
    with acting_for(organisations.get_platform().id):
        assert account(shared).health.is_well
        assert account(shared).not_taken == 0
    refused = row_of(sent[0])
    assert (refused.status, refused.tries, refused.problem) == ("created", 3, "553 not bulky.waste")


def test_an_account_that_refuses_a_second_sender_too_is_at_fault_itself(
    sender: NotifyServiceId, other_council: Council, carriers: Carried, deliver: Deliver
) -> None:
    with acting_for(organisations.get_platform().id):
        shared = open_account("a", name=f"platform {sender}")
    theirs = sender_of(other_council)
    carriers["a"] = Choosy("bulky.waste", "elsewhere")
    send(sender)
    with acting_for(other_council.id):
        send_more(theirs, 1)
    deliver()
    with acting_for(organisations.get_platform().id):
        assert (account(shared).not_taken, account(shared).health.failed_in_a_row) == (2, 1)


def test_a_probe_whose_sender_is_refused_finds_the_account_well(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    only = open_account("a")
    set_aside(database, only, until=NOW)
    carriers["a"] = Choosy("bulky.waste")
    send(sender)
    deliver()
    assert (account(only).health.is_well, account(only).taken) == (True, 0)


def test_messages_of_accounts_with_trouble_are_handed_over_after_all_others(
    sender: NotifyServiceId, other_council: Council, carriers: Carried, deliver: Deliver
) -> None:
    hanging = open_account("a")
    carriers["a"].answer = NotTaken("it hangs")
    send(sender)
    deliver()
    assert account(hanging).health.failed_in_a_row == 1
    theirs = sender_of(other_council)
    with acting_for(other_council.id):
        open_account("b")
    order: list[str] = []
    for name in "ab":
        carriers[name] = Recording(name, order)
    send_more(sender, 1)
    with acting_for(other_council.id):
        send_more(theirs, 1)
    deliver()
    assert order == ["b", "a"]


class Recording(Carrier):
    """A provider that notes when it is asked."""

    def __init__(self, known_as: str, order: list[str]) -> None:
        super().__init__()
        self.known_as, self.order = known_as, order

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        self.order.append(self.known_as)
        return super().hand_over(batch, now=now)


def sender_of(council: Council) -> NotifyServiceId:
    """A service of another council, called Elsewhere, with the template that these tests use."""
    with acting_for(council.id):
        theirs = notify.ensure_default_notify_service("Elsewhere", now=NOW)
        with transaction():
            notify.ensure_template(
                "receipt", notify_service_id=theirs, channel="email", name="R", english=notify.Words("Hi", "Elsewhere")
            )
    return theirs


def test_the_installations_accounts_serve_whoever_has_none(
    sender: NotifyServiceId, other_council: Council, carriers: Carried, deliver: Deliver
) -> None:
    with acting_for(organisations.get_platform().id):
        open_account("b", name=f"platform {sender}")
    with acting_for(other_council.id):
        open_account("a")
    sent = send(sender)
    deliver(otherwise=carriers["c"])
    assert (carriers["b"].taken, carriers["a"].asked, carriers["c"].asked) == (sent, [], [])


def test_without_any_account_the_configured_provider_carries(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    sent = send(sender)
    deliver(otherwise=carriers["c"])
    assert carriers["c"].taken == sent


def test_an_account_that_is_switched_off_is_not_asked(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    switch_provider_account(first, is_active=False, actor=None, now=NOW)
    sent = send(sender)
    deliver()
    assert (carriers["a"].asked, carriers["b"].taken) == ([], sent)


def test_changed_settings_are_used_from_the_next_message_on(
    sender: NotifyServiceId, carriers: Carried, as_dispatcher: Callable[..., int]
) -> None:
    only = open_account("a")
    worker = Carriers(Providers(notify_ports.provider_kinds()))
    send(sender)
    as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, worker, now=NOW, clock=lambda: NOW))
    change_provider_account(only, WantedAccount(Channel.EMAIL, "scripted", "a", {"provider": "b"}), actor=None, now=NOW)
    later = send_more(sender, 1)
    as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, worker, now=NOW, clock=lambda: NOW))
    assert carriers["b"].taken == later


def test_an_account_of_a_kind_that_is_gone_is_passed_over(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    first, _ = open_account("a", priority=10), open_account("b", priority=20)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_provideraccount SET kind = 'telex' WHERE id = %s", [first])
    sent = send(sender)
    deliver()
    assert carriers["b"].taken == sent


def test_two_accounts_of_a_name_are_refused_and_so_are_unknown_kinds_and_settings(
    sender: NotifyServiceId, carriers: Carried
) -> None:
    open_account("a")
    with pytest.raises(AccountNameTaken):
        open_account("a")
    for wanted in (
        WantedAccount(Channel.EMAIL, "telex", "x", {}),
        WantedAccount(Channel.EMAIL, "scripted", "x", {"provider": "nobody"}),
    ):
        with pytest.raises(SettingsUnusable):
            add_provider_account(wanted, actor=None, now=NOW)


def test_an_account_is_nobody_elses(sender: NotifyServiceId, other_council: Council, carriers: Carried) -> None:
    mine = open_account("a")
    with acting_for(other_council.id):
        assert list_provider_accounts() == []
        with pytest.raises(ProviderAccountNotFound):
            switch_provider_account(mine, is_active=False, actor=None, now=NOW)
    assert account(mine).is_active


def test_settings_are_not_readable_in_the_database(
    sender: NotifyServiceId, carriers: Carried, database: dict[str, str]
) -> None:
    only = open_account("a")
    with psycopg.connect(database["superuser"]) as superuser:
        row = superuser.execute("SELECT settings FROM notify_provideraccount WHERE id = %s", [only]).fetchone()
    assert row is not None
    assert b"provider" not in bytes(row[0])


def test_nothing_heard_for_72_hours_is_a_temporary_failure(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, as_dispatcher: Callable[..., int]
) -> None:
    open_account("a")
    carriers["a"].answer = HandedOver("somewhere")
    [sent] = send(sender)
    deliver()
    end = NOW + timedelta(hours=72)
    as_dispatcher(lambda: give_up_waiting(now=end))
    assert row_of(sent).status == "sending"
    assert as_dispatcher(lambda: give_up_waiting(now=end + timedelta(seconds=1))) >= 1
    message = queries.get_message(sent, of=sender)  # type: ignore[arg-type]
    assert (message.status, message.completed_at) == (Status.TEMPORARY_FAILURE, end + timedelta(seconds=1))


def test_uploaded_lists_stand_behind_what_somebody_waits_for(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    open_account("a")
    carriers["a"].at_once = 1
    of_a_list, alone = send(sender, 2)
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            "UPDATE notify_message SET job_id = gen_random_uuid(), next_try_at = next_try_at - interval '1 hour'"
            " WHERE id = %s",
            [of_a_list],
        )
    deliver()
    assert carriers["a"].taken == [alone, of_a_list]


def test_results_are_written_down_after_the_database_was_away(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    open_account("a")

    def while_the_database_restarts(batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        with psycopg.connect(database["superuser"], autocommit=True) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s "
                "AND datname = current_database()",
                [psycopg.conninfo.conninfo_to_dict(database["dispatcher"])["user"]],
            )
        return [TAKEN for _ in batch]

    carriers["a"].hand_over = while_the_database_restarts  # type: ignore[method-assign]
    [sent] = send(sender)
    deliver()
    assert (row_of(sent).status, row_of(sent).may_be_repeated) == ("delivered", False)


def send_more(sender: NotifyServiceId, number: int, *, after: int = 1) -> list[UUID]:
    """Send some more messages; called within any thread, for the council of the sender."""
    sent: list[UUID] = []
    for each in range(number):
        wanted = OwnMessage(
            sender,
            "receipt",
            "email",
            "jo@example.com",
            "en",
            {"name": "Jo", "thing": "sofa"},
            "",
            f"{sender}more{after}-{each}-{threading.get_ident()}",
        )
        with transaction():
            sent.append(notify.send(wanted, now=NOW))
    return sent


def set_aside(database: dict[str, str], account_id: UUID, *, until: datetime) -> None:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            "UPDATE notify_provideraccount SET pauses = 1, set_aside_until = %s WHERE id = %s", [until, account_id]
        )


def test_what_a_receipt_said_meanwhile_is_not_overwritten(
    sender: NotifyServiceId, carriers: Carried, deliver: Deliver, database: dict[str, str]
) -> None:
    open_account("a")

    def delivered_meanwhile(batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        with psycopg.connect(database["superuser"]) as superuser:
            superuser.execute(
                "UPDATE notify_message SET status = 'delivered', completed_at = %s, next_try_at = NULL WHERE id = %s",
                [now, batch[0].message_id],
            )
        return [HandedOver("somewhere")]

    carriers["a"].hand_over = delivered_meanwhile  # type: ignore[method-assign]
    [sent] = send(sender)
    deliver()
    assert row_of(sent).status == "delivered"
