"""Messages are kept as long as their service says, and then forgotten; what they add up to stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, operations, queries
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations import OwnMessage, Words
from guildhall.notify.operations.keeping import AT_ONCE, drop_empty_months, forget_old_messages
from guildhall.notify.queries import MessageNotFound
from guildhall.notify.queries.facts import count_messages
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council

AsDispatcher = Callable[[Callable[[], int]], int]
Settle = Callable[[], None]
DAY = timedelta(days=1)


@pytest.fixture
def sender(council: Council) -> Sender:
    sender = make_sender(council)
    with transaction():
        for key, channel in (("an-email", "email"), ("a-text", "sms")):
            words = Words("Hello" if channel == "email" else "", "Dear ((name))")
            operations.ensure_template(key, notify_service_id=sender.id, channel=channel, name=key, english=words)
    return sender


def send(sender: Sender, *, days_ago: float, key: str = "an-email", once: str = "") -> MessageId:
    is_text = key == "a-text"
    message = OwnMessage(
        notify_service_id=sender.id,
        template_key=key,
        channel="sms" if is_text else "email",
        to="07700900123" if is_text else "jo@example.com",
        language="en",
        personalisation={"name": "Jo"},
        reference="mine",
        once_key=once or f"{key}:{days_ago}",
    )
    with transaction():
        return operations.send(message, now=clock.now() - days_ago * DAY)


def keep(sender: Sender, **days: int) -> None:
    with transaction():
        models.NotifyService.objects.filter(id=sender.id).update(**days)


def is_kept(message: MessageId, sender: Sender) -> bool:
    try:
        queries.get_message(message, of=sender.id)
    except MessageNotFound:
        return False
    return True


@pytest.fixture
def forget(as_dispatcher: AsDispatcher) -> Callable[[], int]:
    return lambda: as_dispatcher(lambda: forget_old_messages(now=clock.now()))


def test_a_message_is_forgotten_when_its_time_is_over(
    sender: Sender, settle: Settle, forget: Callable[[], int]
) -> None:
    old, young = send(sender, days_ago=7.01), send(sender, days_ago=6.9)
    settle()
    assert forget() >= 1
    assert (is_kept(old, sender), is_kept(young, sender)) == (False, True)


def test_each_channel_has_its_own_time(sender: Sender, settle: Settle, forget: Callable[[], int]) -> None:
    keep(sender, emails_kept_for=30, texts_kept_for=3)
    email, text = send(sender, days_ago=20), send(sender, days_ago=4, key="a-text")
    settle()
    forget()
    assert (is_kept(email, sender), is_kept(text, sender)) == (True, False)


def test_what_still_waits_is_a_promise_however_old(sender: Sender, forget: Callable[[], int]) -> None:
    waiting = send(sender, days_ago=20)
    forget()
    assert is_kept(waiting, sender)


def test_the_api_answers_404_and_counts_and_usage_stay(
    sender: Sender, settle: Settle, forget: Callable[[], int], client: Client
) -> None:
    old = send(sender, days_ago=10, key="a-text")
    settle()
    today = clock.london_day(clock.now())
    before = (figures(sender, today), used(sender))
    assert before == ({Status.DELIVERED: 1}, 1)
    headers = {"Authorization": sender.bearer()}
    assert client.get(f"/v2/notifications/{old}", headers=headers).status_code == 200
    forget()
    assert client.get(f"/v2/notifications/{old}", headers=headers).status_code == 404
    assert (figures(sender, today), used(sender)) == before


def figures(sender: Sender, today: date) -> dict[Status, int]:
    found = count_messages(of=sender.id, since=today - 30 * DAY, until=today)
    return {each.status: each.messages for each in found}


def used(sender: Sender) -> int:
    with transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT sum(quantity) FROM metering_usageevent WHERE service_id = %s", [sender.id])
        total: int = cursor.fetchone()[0]
    return total


def test_nothing_of_it_is_left_in_any_table(
    sender: Sender, settle: Settle, forget: Callable[[], int], database: dict[str, str]
) -> None:
    old = send(sender, days_ago=10)
    settle()
    forget()
    with psycopg.connect(database["superuser"]) as superuser:
        found = superuser.execute("SELECT count(*) FROM notify_message WHERE id = %s", [old]).fetchone()
    assert found == (0,)


def test_more_than_one_batch_is_forgotten(sender: Sender, forget: Callable[[], int], database: dict[str, str]) -> None:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            "INSERT INTO notify_message (id, accepted_at, organisation_id, notify_service_id, template_id,"
            " template_version, channel, key_kind, recipient, recipient_as_given, language, personalisation, sender,"
            " fragments, rate_multiplier, is_abroad, status, tries, completed_at, provider, provider_reference,"
            " problem, job_id)"
            " SELECT gen_random_uuid(), now() - interval '8 days', %s, %s, %s, 1, 'email', 'live', 'jo', 'jo', 'en',"
            " '', '', 0, 1, false, 'delivered', 1, now(), '', '', '', CASE WHEN n %% 2 = 0 THEN gen_random_uuid() END"
            " FROM generate_series(1, %s) AS n",
            [sender.council.id, sender.id, sender.email, AT_ONCE + 10],
        )
    assert forget() >= AT_ONCE + 10
    assert queries.list_sent(queries.Sought(of=sender.id), size=1) == []


def test_an_old_month_is_dropped_when_it_is_empty_and_not_before(
    as_dispatcher: AsDispatcher, database: dict[str, str], sender: Sender
) -> None:
    month = "notify_message_2019_05"
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute(
            f"CREATE TABLE {month} PARTITION OF notify_message FOR VALUES FROM ('2019-05-01 00:00+00')"
            " TO ('2019-06-01 00:00+00')"
        )
        superuser.execute(f"ALTER TABLE {month} OWNER TO guildhall_owner")
        superuser.execute(f"ALTER TABLE {month} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    in_may = (clock.now() - datetime(2019, 5, 7, tzinfo=UTC)) / DAY
    old = send(sender, days_ago=in_may)
    assert as_dispatcher(drop_empty_months) == 0
    assert is_kept(old, sender)
    with psycopg.connect(database["superuser"]) as superuser:
        forced = superuser.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = %s", [month]).fetchone()
        superuser.execute("DELETE FROM notify_message WHERE id = %s", [old])
    assert forced == (True,)
    assert as_dispatcher(drop_empty_months) == 1
