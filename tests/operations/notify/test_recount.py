"""What the meters say is what the messages make; and when it is not, it is found."""

from datetime import UTC, datetime, timedelta

import pytest

from guildhall.kernel.clock import london_day
from guildhall.kernel.ids import new_id
from guildhall.kernel.transactions import transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import record_use
from guildhall.metering.queries import days_of_use
from guildhall.notify import models
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.operations import NotifyServiceId, OwnMessage
from guildhall.notify.operations.outcomes import StatusChange
from guildhall.notify.operations.unsent import take_back_unsent
from guildhall.notify.queries.recount import list_miscounted_days

NOON = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the next day has 25 hours in London


@transaction
def send(sender: NotifyServiceId, to: str, at: datetime) -> None:
    is_text = to.startswith("07") or to.startswith("+")
    notify.send(
        OwnMessage(
            notify_service_id=sender,
            template_key="reminder" if is_text else "receipt",
            channel="sms" if is_text else "email",
            to=to,
            language="en",
            personalisation={"name": "Jo", "thing": "sofa" * 60},
            reference="",
            once_key=str(new_id()),
        ),
        now=at,
    )


def test_meters_equal_a_recount_of_messages_on_every_day(sender: NotifyServiceId) -> None:
    for hours in (0, 10, 11, 13, 35, 36, 37):
        for to in ("jo@example.com", "07700900123", "+33 6 12 34 56 78"):
            send(sender, to, NOON + timedelta(hours=hours))
    days = [london_day(NOON) + timedelta(days=ahead) for ahead in range(3)]
    assert list_miscounted_days(days) == []


def test_a_message_that_was_not_counted_and_a_count_without_a_message_are_found(sender: NotifyServiceId) -> None:
    send(sender, "jo@example.com", NOON)
    with transaction():
        record_use(
            source="notify.message",
            event_id=str(new_id()),
            meter=Meter.EMAILS,
            quantity=1,
            service_id=sender,
            at=NOON + timedelta(days=1),
        )
    today = london_day(NOON)
    assert list_miscounted_days([today, today + timedelta(days=1)]) == [today + timedelta(days=1)]


@pytest.mark.parametrize("end", [Status.TECHNICAL_FAILURE, Status.CANCELLED])
def test_a_text_that_is_not_sent_after_all_is_taken_back_once(sender: NotifyServiceId, end: Status) -> None:
    send(sender, "07700900123", NOON)
    send(sender, "jo@example.com", NOON)
    later = NOON + timedelta(days=1)
    for _ in range(2):
        _end(sender, end, later)
    assert sum(each.units for each in days_of_use(2026) if each.meter is Meter.SMS_FRAGMENTS) == 0
    assert sum(each.units for each in days_of_use(2026) if each.meter is Meter.EMAILS) == 1


def test_a_text_that_a_provider_took_is_charged_whether_it_arrives_or_not(sender: NotifyServiceId) -> None:
    send(sender, "07700900123", NOON)
    _end(sender, Status.PERMANENT_FAILURE, NOON)
    assert sum(each.units for each in days_of_use(2026)) > 0


@transaction
def _end(sender: NotifyServiceId, end: Status, at: datetime) -> None:
    """Do what the worker does when a text comes to its end; web may not, so the row itself stays as it is."""
    rows = models.Message.objects.filter(notify_service_id=sender, channel="sms")
    changes = [
        StatusChange(
            message_id=row.id,
            accepted_at=row.accepted_at,
            organisation_id=row.organisation_id,
            notify_service_id=sender,
            template_id=row.template_id,
            channel=Channel.SMS,
            key_kind=row.key_kind,
            reference=None,
            recipient=row.recipient,
            before=Status.CREATED,
            after=end,
            at=at,
        )
        for row in rows
    ]
    take_back_unsent(changes)
