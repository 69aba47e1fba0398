"""Our own modules' messages: sent exactly if their news is committed, once, and counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import NotInATransaction, transaction
from guildhall.metering.domain.meters import Meter
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.operations import MessageId, NotifyServiceId, OwnMessage, PlaceholdersMissing, Words
from guildhall.notify.operations.templates import Author
from guildhall.notify.queries import MessageNotFound, NotifyServiceNotFound, TemplateNotFound
from guildhall.organisations.queries import Council, Service, ServiceNotFound
from guildhall.organisations.testing import make_service

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def receipt(sender: NotifyServiceId, **changes: object) -> OwnMessage:
    message = OwnMessage(
        notify_service_id=sender,
        template_key="receipt",
        channel="email",
        to="Jo@Example.com",
        language="en",
        personalisation={"name": "Jo", "thing": "sofa"},
        reference="HDJ2123F",
        once_key="case:1:receipt",
    )
    return replace(message, **changes)  # type: ignore[arg-type]


def send(message: OwnMessage) -> MessageId:
    with transaction():
        return notify.send(message, now=NOW)


def used() -> dict[Meter, int]:
    with transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT meter, sum(quantity) FROM metering_usageevent GROUP BY meter")
        return {Meter(meter): units for meter, units in cursor.fetchall()}


def test_a_message_says_its_template_in_the_residents_language(sender: NotifyServiceId) -> None:
    english = queries.get_message(send(receipt(sender)), of=sender)
    welsh = queries.get_message(send(receipt(sender, language="cy", once_key="2")), of=sender)
    both = queries.get_message(send(receipt(sender, language=None, once_key="3")), of=sender)
    assert (english.subject, english.body) == ("Your sofa", "Dear Jo, we have your sofa.")
    assert (welsh.subject, welsh.body) == ("Eich sofa", "Annwyl Jo, mae eich sofa gennym.")
    assert both.subject == "Your sofa / Eich sofa"
    assert both.body == "Dear Jo, we have your sofa.\n\n---\n\nAnnwyl Jo, mae eich sofa gennym."
    assert english.recipient == "jo@example.com"


def test_a_message_goes_with_its_news_or_not_at_all(sender: NotifyServiceId) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        gone = notify.send(receipt(sender), now=NOW)
        raise ZeroDivisionError
    with pytest.raises(MessageNotFound):
        queries.get_message(gone, of=sender)
    assert used() == {}


def test_a_message_is_a_step_of_a_transaction(sender: NotifyServiceId) -> None:
    with pytest.raises(NotInATransaction):
        notify.send(receipt(sender), now=NOW)


def test_an_occasion_is_told_once(sender: NotifyServiceId) -> None:
    first = send(receipt(sender))
    assert send(receipt(sender, to="other@example.com")) == first
    assert queries.list_messages().total == 1
    assert used() == {Meter.EMAILS: 1}


def test_an_occasion_that_two_tell_at_once_is_told_once(sender: NotifyServiceId, council: Council) -> None:
    def tell(_: int) -> MessageId:
        with acting_for(council.id):
            try:
                return send(receipt(sender))
            finally:
                connection.close()

    with ThreadPoolExecutor(8) as tellers:
        assert len(set(tellers.map(tell, range(16)))) == 1
    assert queries.list_messages().total == 1


def test_a_text_is_counted_by_its_fragments_and_its_country(sender: NotifyServiceId) -> None:
    wanted = receipt(sender, channel="sms", template_key="reminder", to="+1 664 491 3789", once_key="text")
    message = queries.get_message(send(replace(wanted, personalisation={"thing": "x" * 160})), of=sender)
    assert (message.fragments, message.rate_multiplier, message.recipient) == (2, 6, "16644913789")
    assert used() == {Meter.SMS_FRAGMENTS: 2}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"personalisation": {"name": "Jo"}}, PlaceholdersMissing),
        ({"to": "jo"}, NotAnEmailAddress),
        ({"template_key": "none"}, TemplateNotFound),
    ],
)
def test_a_message_that_cannot_be_written_is_refused_and_leaves_nothing(
    sender: NotifyServiceId, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        send(receipt(sender, **changes))
    assert queries.list_messages().total == 0
    assert queries.get_message(send(receipt(sender)), of=sender).subject == "Your sofa"


def test_what_fills_a_message_is_kept_encrypted(sender: NotifyServiceId, as_login: Callable) -> None:  # type: ignore[type-arg]
    message_id = send(receipt(sender, personalisation={"name": "Aneirin the Secret", "thing": "sofa"}))
    with as_login("dispatcher") as connection:
        row = connection.execute("SELECT m::text FROM notify_message m WHERE id = %s", [message_id]).fetchone()[0]
    assert "Aneirin" not in row
    assert b"Aneirin".hex() not in row


def test_another_council_sees_neither_message_nor_template_nor_sender(
    sender: NotifyServiceId, other_council: Council
) -> None:
    message_id = send(receipt(sender))
    template = queries.get_template_by_key("receipt", of=sender)
    with acting_for(other_council.id):
        for look in (
            lambda: queries.get_message(message_id, of=sender),
            lambda: queries.get_template(template.id),
            lambda: queries.get_notify_service(sender),
        ):
            with pytest.raises((MessageNotFound, TemplateNotFound, NotifyServiceNotFound)):
                look()
        with pytest.raises(ServiceNotFound), transaction():
            notify.ensure_notify_service(sender, "Not mine")  # type: ignore[arg-type]


def test_a_councils_first_sender_also_sends_what_the_council_itself_says(council: Council, service: Service) -> None:
    other = make_service(council, slug="parking", name="Parking")
    with transaction():
        first = notify.ensure_notify_service(service.id, "Bulky waste")
        notify.ensure_notify_service(other.id, "Parking")
        assert notify.ensure_notify_service(service.id, "Again") == first
    assert queries.get_default_notify_service().id == first
    assert [each.name for each in queries.list_notify_services()] == ["Bulky waste", "Parking"]


def test_a_council_without_services_can_be_given_a_sender(council: Council) -> None:
    with pytest.raises(NotifyServiceNotFound):
        queries.get_default_notify_service()
    made = notify.ensure_default_notify_service("Testford", now=NOW)
    assert notify.ensure_default_notify_service("Testford", now=NOW) == made
    assert queries.get_default_notify_service().name == "Testford"


def test_our_new_words_replace_our_old_ones_but_not_an_officers(sender: NotifyServiceId) -> None:
    def write(body: str) -> queries.TemplateView:
        with transaction():
            notify.ensure_template(
                "receipt", notify_service_id=sender, channel="email", name="Receipt", english=Words("Subject", body)
            )
        return queries.get_template_by_key("receipt", of=sender)

    assert write("second").version == 2
    assert write("second").version == 2
    template = queries.get_template_by_key("receipt", of=sender)
    notify.save_template(
        template.id,
        opened=2,
        name="Ours",
        pair=notify.Pair(Words("s", "the council's")),
        by=Author(None, "officer@x.example"),
        now=clock.now(),
    )
    assert write("third").pair.english.body == "the council's"
