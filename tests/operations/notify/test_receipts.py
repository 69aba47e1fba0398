"""Receipts: kept once, applied once, only to messages that are still open (contract: notify 1.8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.conftest import AsLogin

from guildhall.kernel import clock
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.receipts import LOOKS_AFTER, Receipt
from guildhall.notify.domain.said import LONGEST_NAME, keepable_name
from guildhall.notify.operations import NotifyServiceId, OwnMessage
from guildhall.notify.operations.receipts import apply_receipts, forget_receipts, keep_receipts
from guildhall.notify.queries import MessageView
from guildhall.organisations.queries import Council

Apply = Callable[..., int]
LONG = "".join(chr(0x10000 + (number * 7_919) % 50_000) for number in range(2_000))
"""Four bytes a character, which nothing makes shorter."""


class Sent:
    """A text that was handed over, and what its row says."""

    def __init__(self, sender: NotifyServiceId, as_login: AsLogin, **columns: object) -> None:
        self.at = clock.now()
        self.sender, self._as_login = sender, as_login
        with transaction():
            wanted = OwnMessage(sender, "reminder", "sms", "07700900123", "en", {"thing": "bin"}, "ref", str(uuid4()))
            self.id = notify.send(wanted, now=self.at)
        self.set(**{"status": "sending", "next_try_at": None, "provider": "firetext", "sent_at": self.at} | columns)

    def set(self, **columns: object) -> None:
        with self._as_login("superuser") as superuser:
            assignments = ", ".join(f"{name} = %s" for name in columns)
            superuser.execute(
                f"UPDATE notify_message SET {assignments} WHERE id = %s",  # type: ignore[arg-type]
                [*columns.values(), self.id],
            )

    def told(self, status: Status, *, seconds: float = 1, detail: str = "", **facts: Any) -> Receipt:
        at = self.at + timedelta(seconds=seconds)
        given = {"provider": "firetext", "reference": str(self.id), "status": status, "detail": detail, "at": at}
        return Receipt(**given | facts)

    @property
    def now(self) -> MessageView:
        return queries.get_message(self.id, of=self.sender)


@pytest.fixture(autouse=True)
def nothing_waits(database: dict[str, str]) -> None:
    """Put aside what other tests left waiting."""
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("DELETE FROM notify_receipt")


@pytest.fixture
def sent(sender: NotifyServiceId, as_login: AsLogin) -> Callable[..., Sent]:
    return lambda **columns: Sent(sender, as_login, **columns)


@pytest.fixture
def apply(as_dispatcher: Callable[[Callable[[], int]], int]) -> Apply:
    """Do what the worker's loop does."""
    return lambda now=None: as_dispatcher(lambda: apply_receipts(now=now or clock.now()))


def keep(*receipts: Receipt) -> int:
    return keep_receipts(receipts, now=clock.now())


def uses(as_login: AsLogin) -> list[str]:
    with as_login("superuser") as superuser:
        return [use for (use,) in superuser.execute("SELECT use FROM notify_receipt ORDER BY id")]


def test_a_receipt_says_that_a_text_has_arrived(sent: Callable[..., Sent], apply: Apply) -> None:
    """alphagov/notifications-api:tests/app/celery/test_process_sms_client_response_tasks.py"""
    text = sent()
    receipt = text.told(Status.DELIVERED)
    assert keep(receipt) == 1
    assert text.now.status is Status.SENDING
    assert apply() == 1
    assert (text.now.status, text.now.completed_at, text.now.sent_at) == (Status.DELIVERED, receipt.at, text.at)


def test_a_receipt_that_comes_twice_is_kept_once(sent: Callable[..., Sent], apply: Apply) -> None:
    receipt = sent().told(Status.DELIVERED)
    assert (keep(receipt), keep(receipt), keep(receipt, receipt)) == (1, 0, 0)
    assert (apply(), apply()) == (1, 0)


@pytest.mark.parametrize(
    "status",
    [Status.CREATED, Status.SENDING, Status.PENDING, Status.SENT, Status.PENDING_VIRUS_CHECK],
)
def test_a_receipt_counts_for_a_message_that_is_still_open(
    sent: Callable[..., Sent], apply: Apply, status: Status
) -> None:
    text = sent(status=str(status), next_try_at=clock.now() if status is Status.CREATED else None)
    keep(text.told(Status.DELIVERED))
    apply()
    assert text.now.status is Status.DELIVERED


@pytest.mark.parametrize(
    "status",
    [Status.DELIVERED, Status.TEMPORARY_FAILURE, Status.PERMANENT_FAILURE, Status.TECHNICAL_FAILURE, Status.CANCELLED],
)
def test_a_receipt_for_a_finished_message_is_a_duplicate(
    sent: Callable[..., Sent], apply: Apply, as_login: AsLogin, status: Status
) -> None:
    text = sent(status=str(status), completed_at=clock.now())
    before = text.now
    keep(text.told(Status.PENDING))
    apply()
    assert (text.now, uses(as_login)) == (before, ["duplicate"])


def test_two_receipts_of_one_message_in_a_batch_are_applied_one_after_the_other(
    sent: Callable[..., Sent], apply: Apply, as_login: AsLogin
) -> None:
    text = sent()
    keep(text.told(Status.PENDING))
    keep(text.told(Status.PERMANENT_FAILURE, seconds=2, is_explained=False))
    keep(text.told(Status.DELIVERED, seconds=3))
    assert apply() == 3
    assert text.now.status is Status.TEMPORARY_FAILURE
    assert uses(as_login) == ["applied", "applied", "duplicate"]


def test_pending_is_no_end(sent: Callable[..., Sent], apply: Apply) -> None:
    text = sent()
    keep(text.told(Status.PENDING))
    apply()
    assert (text.now.status, text.now.completed_at) == (Status.PENDING, None)


@pytest.mark.parametrize(("number", "becomes"), [("33612345678", Status.DELIVERED), ("12025550123", Status.SENT)])
def test_receipts_from_abroad_count_where_networks_tell_the_truth(
    sent: Callable[..., Sent], apply: Apply, number: str, becomes: Status
) -> None:
    """alphagov/notifications-api:tests/app/dao/notification_dao/test_notification_dao.py"""
    text = sent(status="sent", completed_at=clock.now(), is_abroad=True, recipient=number)
    keep(text.told(Status.DELIVERED))
    apply()
    assert text.now.status is becomes


def test_a_receipt_of_no_message_is_kept_and_changes_nothing(apply: Apply, as_login: AsLogin, council: Council) -> None:
    strange = Receipt("firetext", str(new_id()), Status.DELIVERED, "", clock.now())
    oldest = Receipt("firetext", str(uuid4()), Status.DELIVERED, "", clock.now())
    assert (keep(strange, oldest), apply(), uses(as_login)) == (2, 2, ["no-message", "no-message"])


def test_a_receipt_under_the_providers_name_waits_until_the_hand_over_is_recorded(
    sent: Callable[..., Sent], apply: Apply
) -> None:
    text, name = sent(provider="smpp"), f"guildhall@smsc/{uuid4()}"
    keep(text.told(Status.DELIVERED, reference=name, provider="smpp"))
    assert (apply(), apply()) == (1, 0)
    text.set(provider_reference=name)
    assert apply(clock.now() + LOOKS_AFTER[0]) == 1
    assert text.now.status is Status.DELIVERED


def test_a_receipt_whose_message_never_shows_is_given_up(apply: Apply, as_login: AsLogin, council: Council) -> None:
    keep(Receipt("smpp", "guildhall@smsc/1", Status.DELIVERED, "", clock.now()))
    looked = [apply(clock.now() + number * timedelta(hours=2)) for number in range(len(LOOKS_AFTER) + 3)]
    assert (sum(looked), uses(as_login)) == (len(LOOKS_AFTER) + 1, ["no-message"])


def test_another_councils_account_cannot_speak_of_our_messages(
    sent: Callable[..., Sent], apply: Apply, other_council: Council, council: Council, as_login: AsLogin
) -> None:
    text = sent()
    with acting_for(other_council.id):
        keep(text.told(Status.PERMANENT_FAILURE))
    keep(text.told(Status.PENDING))
    apply()
    assert (text.now.status, uses(as_login)) == (Status.PENDING, ["no-message", "applied"])


def test_a_failure_says_what_was_wrong(sent: Callable[..., Sent], apply: Apply, as_login: AsLogin) -> None:
    text = sent()
    keep(text.told(Status.PERMANENT_FAILURE, detail="101: Unknown Subscriber"))
    apply()
    with as_login("superuser") as superuser:
        row = superuser.execute("SELECT problem, provider FROM notify_message WHERE id = %s", [text.id]).fetchone()
    assert row == ("101: Unknown Subscriber", "firetext")


def test_a_receipt_is_kept_once_however_long_its_words_are_and_whatever_they_are_written_in(council: Council) -> None:
    """No text that a provider sends may be too long for the index that knows it again."""
    said = Receipt("firetext", LONG, Status.DELIVERED, LONG[::-1], clock.now())
    assert (keep(said, said), keep(said)) == (1, 0)
    assert keep(replace(said, reference=f"{LONG}x")) == 1


@pytest.mark.parametrize("length", [LONGEST_NAME, LONGEST_NAME + 1, len(LONG)])
def test_a_receipt_finds_its_text_by_the_whole_of_the_providers_name(
    sent: Callable[..., Sent], apply: Apply, length: int
) -> None:
    named, neighbour = sent(provider="smpp"), sent(provider="smpp")
    name = f"{uuid4()}{LONG}"[: length - 1]
    named.set(provider_reference=keepable_name(f"{name}1"))
    neighbour.set(provider_reference=keepable_name(f"{name}2"))
    keep(named.told(Status.DELIVERED, reference=f"{name}1", provider="smpp"))
    apply()
    assert (named.now.status, neighbour.now.status) == (Status.DELIVERED, Status.SENDING)


def test_a_message_is_found_by_an_index_in_the_months_around_its_id(
    sent: Callable[..., Sent], as_login: AsLogin
) -> None:
    text = sent()
    with as_login("superuser") as superuser:
        superuser.execute("SET enable_seqscan = off")
        plan = "\n".join(
            line
            for (line,) in superuser.execute(
                "EXPLAIN SELECT status FROM notify_message WHERE id = ANY(%s) AND accepted_at BETWEEN %s AND %s",
                [[text.id], text.at - timedelta(days=1), text.at + timedelta(days=1)],
            )
        )
    assert "Index" in plan
    assert "notify_message_default" not in plan or plan.count("Index") <= 3


def test_old_receipts_are_cleared_away(
    sent: Callable[..., Sent], apply: Apply, as_dispatcher: Callable[[Callable[[], int]], int], as_login: AsLogin
) -> None:
    keep(sent().told(Status.DELIVERED))
    apply()
    keep(sent().told(Status.DELIVERED))
    later = clock.now() + timedelta(days=36)
    assert as_dispatcher(lambda: forget_receipts(now=later)) == 1
    assert uses(as_login) == [""]
