"""Counting what became of messages: from few rows, and never another number than the messages themselves give."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId
from guildhall.notify.models import StatusCount
from guildhall.notify.operations.facts import add_up_counts, count_changes
from guildhall.notify.queries.facts import Counted, count_messages, list_miscounts
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

AsDispatcher = Callable[[Callable[[], int]], int]
DAY = date(2026, 7, 1)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    organisation_id: UUID
    notify_service_id: NotifyServiceId
    template_id: TemplateId
    before: Status
    after: Status
    channel: str = "email"
    key_kind: str = "live"
    accepted_at: datetime = NOON


@pytest.fixture
def service(council: Council) -> NotifyServiceId:
    return NotifyServiceId(new_id())


@pytest.fixture
def change(council: Council, service: NotifyServiceId) -> Callable[..., Change]:
    template = TemplateId(new_id())

    def make(before: str, after: str, **other: object) -> Change:
        named = {"template_id": template} | other
        return Change(council.id, service, before=Status(before), after=Status(after), **named)  # type: ignore[arg-type]

    return make


def count(changes: Sequence[Change]) -> None:
    with transaction():
        count_changes(changes)


def counts(service: NotifyServiceId, since: date = DAY, until: date = DAY) -> dict[str, int]:
    found = count_messages(of=service, since=since, until=until)
    return {
        status: sum(each.messages for each in found if each.status == status) for status in {e.status for e in found}
    }


def rows(service: NotifyServiceId) -> list[tuple[str, int]]:
    with transaction():
        return list(
            StatusCount.objects.filter(notify_service_id=service).order_by("status").values_list("status", "messages")
        )


def test_a_message_is_counted_where_it_is_and_nowhere_else(
    service: NotifyServiceId, change: Callable[..., Change]
) -> None:
    count([change("created", "sending")])
    assert counts(service) == {"sending": 1}
    count([change("sending", "pending")])
    count([change("pending", "delivered")])
    assert counts(service) == {"delivered": 1}


def test_a_batch_costs_a_row_for_each_outcome_not_for_each_message(
    service: NotifyServiceId, change: Callable[..., Change]
) -> None:
    count([change("created", "delivered")] * 150 + [change("created", "permanent-failure")] * 50)
    assert rows(service) == [("delivered", 150), ("permanent-failure", 50)]


def test_messages_count_for_the_day_in_london_on_which_they_were_accepted(
    service: NotifyServiceId, change: Callable[..., Change]
) -> None:
    count([change("created", "delivered", accepted_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))])
    assert counts(service, DAY, DAY) == {"delivered": 1}
    assert counts(service, DAY - timedelta(days=1), DAY - timedelta(days=1)) == {}


def test_what_test_keys_sent_is_not_on_the_dashboard(service: NotifyServiceId, change: Callable[..., Change]) -> None:
    count([change("created", "delivered", key_kind="test"), change("created", "delivered", key_kind="team")])
    assert counts(service) == {"delivered": 1}


def test_another_councils_counts_are_not_seen(
    service: NotifyServiceId, change: Callable[..., Change], as_dispatcher: AsDispatcher
) -> None:
    strangers = Change(new_id(), service, TemplateId(new_id()), Status.CREATED, Status.DELIVERED)
    as_dispatcher(lambda: (count([strangers, change("created", "sending")]), 0)[1])
    assert counts(service) == {"sending": 1}


def test_adding_up_leaves_one_row_and_the_same_numbers(
    service: NotifyServiceId, change: Callable[..., Change], as_dispatcher: AsDispatcher
) -> None:
    for _ in range(5):
        count([change("created", "sending")] * 3)
        count([change("sending", "delivered")] * 2)
    before = counts(service)
    as_dispatcher(add_up_counts)
    assert (rows(service), counts(service)) == ([("delivered", 10), ("sending", 5)], before)
    count([change("sending", "delivered")] * 5)
    as_dispatcher(add_up_counts)
    assert rows(service) == [("delivered", 15)]


def test_workers_that_add_up_together_lose_nothing(
    service: NotifyServiceId, change: Callable[..., Change], as_dispatcher: AsDispatcher
) -> None:
    def write() -> None:
        as_dispatcher(lambda: ([count([change("created", "delivered")]) for _ in range(40)], 0)[1])

    def add_up() -> None:
        as_dispatcher(lambda: ([add_up_counts() for _ in range(40)], 0)[1])

    working = [threading.Thread(target=each) for each in (write, write, add_up, add_up)]
    for each in working:
        each.start()
    for each in working:
        each.join()
    as_dispatcher(add_up_counts)
    assert rows(service) == [("delivered", 80)]


STEPS = st.lists(st.sampled_from(["sending", "pending", "delivered", "permanent-failure", "created"]), max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=st.lists(STEPS, max_size=8), adds_up=st.booleans())
def test_whatever_happens_to_messages_the_counts_are_those_of_a_recount(
    histories: list[list[str]], adds_up: bool, council: Council, as_dispatcher: AsDispatcher
) -> None:
    service, template = NotifyServiceId(new_id()), TemplateId(new_id())
    recount: dict[str, int] = {}
    for history in histories:
        lived = ["created", *history]
        for before, after in pairwise(lived):
            count([Change(council.id, service, template, Status(before), Status(after))])
        if lived[-1] != "created":
            recount[lived[-1]] = recount.get(lived[-1], 0) + 1
    if adds_up:
        as_dispatcher(add_up_counts)
    assert counts(service) == recount


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


@pytest.fixture
def send(client: Client, sender: Sender) -> Callable[..., None]:
    wanted = {"template_id": str(sender.email), "email_address": "jo@example.com"}
    body = json.dumps(wanted | {"personalisation": {"name": "Jo", "thing": "sofa"}})

    def send_several(number: int, kind: KeyKind = KeyKind.LIVE) -> None:
        for _ in range(number):
            headers = {"Authorization": sender.bearer(kind)}
            sent = client.post("/v2/notifications/email", body, content_type="application/json", headers=headers)
            assert sent.status_code == 201

    return send_several


def test_real_messages_are_counted_while_they_wait_and_when_they_are_done(
    sender: Sender, send: Callable[..., None], settle: Callable[[], None]
) -> None:
    today = clock.london_day(clock.now())
    send(3)
    send(1, KeyKind.TEST)
    [waiting] = count_messages(of=sender.id, since=today, until=today)
    assert waiting == Counted(sender.email, Channel.EMAIL, today, Status.CREATED, 3)
    settle()
    [done] = count_messages(of=sender.id, since=today, until=today)
    assert done == Counted(sender.email, Channel.EMAIL, today, Status.DELIVERED, 3)
    assert list_miscounts(since=today, until=today) == []


def test_a_count_that_is_not_true_is_found(
    sender: Sender, send: Callable[..., None], settle: Callable[[], None]
) -> None:
    today = clock.london_day(clock.now())
    send(2)
    settle()
    wrong = Change(
        sender.council.id, sender.id, sender.email, Status.CREATED, Status.DELIVERED, accepted_at=clock.now()
    )
    count([wrong])
    [miscount] = list_miscounts(since=today, until=today)
    assert (miscount.counted, miscount.messages) == (3, 2)
