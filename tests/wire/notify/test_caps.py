"""A program at its service's cap: told what stops it and who can raise it; the meters equal a recount of messages."""

import threading
from typing import Any

import pytest
from django.db import connection, connections

from guildhall.contact.phone_number import parse_phone_number
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.money import Pence
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading, transaction
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.domain.meters import Meter
from guildhall.metering.operations import agree_cap, record_use
from guildhall.metering.queries import days_of_use
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import NewMessage, prepare, write_prepared
from guildhall.notify.queries.remembered import forget_templates, known_service
from guildhall.notify.testing import Sender
from guildhall.organisations.domain.keys import KeyKind

YEAR = clock.financial_year(clock.london_day(clock.now()))


def agree(sender: Sender, *, pence: int | None = None, units: int | None = None) -> None:
    cap = Cap(Period.YEAR, None if pence is None else Pence(pence), units)
    with acting_for(sender.council.id):
        agree_cap(sender.id, cap, actor=PersonId(new_id()), now=clock.now())


def counted(sender: Sender) -> dict[str, int]:
    with acting_for(sender.council.id):
        days = days_of_use(YEAR, service_id=sender.id)
    return {str(meter): sum(day.units for day in days if day.meter is meter) for meter in {day.meter for day in days}}


def recounted(sender: Sender) -> dict[str, int]:
    """Count again from the messages themselves."""
    with acting_for(sender.council.id), reading(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE channel WHEN 'sms' THEN 'sms_fragments' ELSE 'emails' END, "
            "sum(CASE channel WHEN 'sms' THEN fragments * rate_multiplier ELSE 1 END) FROM notify_message "
            "WHERE notify_service_id = %s AND key_kind <> 'test' GROUP BY 1",
            [sender.id],
        )
        return {meter: int(units) for meter, units in cursor.fetchall()}


def test_a_program_at_the_cap_is_told_what_it_is_and_who_can_raise_it(api: Any, sender: Sender) -> None:
    """Guildhall's own: the contract's envelope and the class of its other limits."""
    agree(sender, units=2)
    assert [api.send_text().status_code for _ in range(2)] == [201, 201]
    refused = api.send_text()
    assert refused.status_code == 429
    [error] = refused.json()["errors"]
    assert error["error"] == "TooManyRequestsError"
    assert error["message"] == (
        "Exceeded spending cap (2 text message fragments) for this financial year. "
        "An owner or finance viewer of the council can raise it on the usage page"
    )
    assert api.send_email().status_code == 201
    assert api.send_text(KeyKind.TEST).status_code == 201
    assert counted(sender) == recounted(sender) == {"sms_fragments": 2, "emails": 1}


def test_many_programs_at_once_spend_no_more_than_was_agreed(api: Any, sender: Sender) -> None:
    with acting_for(sender.council.id), transaction():
        record_use(
            source="test",
            event_id="before",
            meter=Meter.SMS_FRAGMENTS,
            quantity=10_000,
            service_id=sender.id,
            at=clock.now(),
        )
    agree(sender, pence=72)
    answers: list[int] = []

    def hurry() -> None:
        answers.extend(api.send_text().status_code for _ in range(10))
        connections.close_all()

    threads = [threading.Thread(target=hurry) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] * 30 + [429] * 30
    assert counted(sender)["sms_fragments"] == 10_030
    assert recounted(sender) == {"sms_fragments": 30}


def test_an_emergency_template_passes_the_cap(api: Any, sender: Sender) -> None:
    agree(sender, units=0)
    assert api.send_text().status_code == 429
    with acting_for(sender.council.id), transaction(), connection.cursor() as cursor:
        cursor.execute("UPDATE notify_template SET is_emergency = true WHERE id = %s", [sender.text])
    forget_templates()
    assert api.send_text().status_code == 201


def test_the_meters_equal_a_recount_of_messages(api: Any, sender: Sender) -> None:
    for number, name in enumerate(("Jo", "ŵ" * 71, "x" * 161, "[]" * 50)):
        assert api.send_text(personalisation={"name": name}).status_code == 201
        for kind in KeyKind:
            assert api.send_email(kind, email_address=f"jo{number}@example.com").status_code in (201, 400)
    assert counted(sender) == recounted(sender)
    assert counted(sender)["sms_fragments"] > 4


def test_what_is_written_for_many_at_once_is_metered_as_the_messages_say(sender: Sender) -> None:
    known, now = known_service(sender.id), clock.now()
    wanted = [_text(sender, "x" * length) for length in (10, 200, 400)]
    with acting_for(sender.council.id):
        prepared = [prepare(each, sender=known, kind=KeyKind.LIVE, key_id=None, now=now) for each in wanted]
        with transaction():
            write_prepared(prepared)
        with pytest.raises(ZeroDivisionError), transaction():
            write_prepared([prepare(wanted[0], sender=known, kind=KeyKind.LIVE, key_id=None, now=now)])
            raise ZeroDivisionError
    assert counted(sender) == recounted(sender) == {"sms_fragments": 1 + 2 + 3}


def _text(sender: Sender, name: str) -> NewMessage:
    return NewMessage(
        channel=Channel.SMS,
        recipient="447700900123",
        recipient_as_given="07700 900123",
        number=parse_phone_number("07700900123"),
        template_id=sender.text,
        personalisation={"name": name},
        untrusted=frozenset(),
        reference=None,
        sender_id=None,
        unsubscribe_url=None,
    )
