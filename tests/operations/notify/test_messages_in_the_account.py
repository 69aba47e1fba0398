"""A resident who has chosen so reads in their account what a service offers there; everybody else is emailed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import operations as identity
from guildhall.identity.testing import make_person
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations import OwnMessage
from guildhall.notify.operations.account_messages import mark_read, offer_accounts
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.ports import HandedOver, Outcome, Outgoing, Providers
from guildhall.notify.queries.account_messages import (
    NoSuchAccountMessage,
    count_unread,
    get_account_message,
    list_account_messages,
)


class Postman:
    """A provider that takes everything and remembers it."""

    name = "postman"
    at_once = 200

    def __init__(self) -> None:
        self.carried: list[Outgoing] = []

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        self.carried += batch
        return [HandedOver(is_delivered=True) for _ in batch]


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def deliver(
    postman: Postman, as_dispatcher: Callable[[Callable[[], int]], int], database: dict[str, str]
) -> Callable[[], None]:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
    carriers = Carriers(Providers(without_accounts={Channel.EMAIL: postman}))
    return lambda: as_dispatcher(  # type: ignore[return-value]
        lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=clock.now(), clock=clock.now)
    )


@pytest.fixture
def resident() -> tuple[PersonId, EmailAddress]:
    """Somebody with an account who reads there."""
    email = EmailAddress(f"{new_id().hex}@resident.example")
    person = make_person(email).id
    identity.choose_where_to_read(person, in_account=True)
    return person, email


def send(sender: NotifyServiceId, occasion: str, *, to: str) -> UUID:
    wanted = OwnMessage(sender, "receipt", "email", to, "en", {"name": "Jo", "thing": "sofa"}, "ref", occasion)
    with transaction():
        return notify.send(wanted, now=clock.now())


def offer(sender: NotifyServiceId) -> None:
    offer_accounts(sender, True, actor=PersonId(new_id()), now=clock.now())


def test_who_reads_in_the_account_finds_the_message_there_and_gets_no_email(
    sender: NotifyServiceId, resident: tuple[PersonId, EmailAddress], postman: Postman, deliver: Callable[[], None]
) -> None:
    person, email = resident
    offer(sender)
    message_id = send(sender, "one", to=email)
    deliver()
    assert postman.carried == []
    (read,) = list_account_messages(person).rows
    assert (read.id, read.subject, read.is_read) == (message_id, "Your sofa", False)
    assert read.body.strip() == "Dear Jo, we have your sofa."
    sent = queries.get_message(MessageId(message_id), of=sender)
    assert sent.status is Status.DELIVERED


def test_a_service_that_does_not_offer_it_emails_them(
    sender: NotifyServiceId, resident: tuple[PersonId, EmailAddress], postman: Postman, deliver: Callable[[], None]
) -> None:
    send(sender, "one", to=resident[1])
    deliver()
    assert [each.recipient for each in postman.carried] == [resident[1]]
    assert list_account_messages(resident[0]).total == 0


def test_who_has_not_chosen_it_or_has_no_account_is_emailed(
    sender: NotifyServiceId, resident: tuple[PersonId, EmailAddress], postman: Postman, deliver: Callable[[], None]
) -> None:
    offer(sender)
    identity.choose_where_to_read(resident[0], in_account=False)
    send(sender, "one", to=resident[1])
    send(sender, "two", to="nobody@resident.example")
    deliver()
    assert {each.recipient for each in postman.carried} == {resident[1], "nobody@resident.example"}


def test_a_message_counts_as_read_once_it_was_opened(
    sender: NotifyServiceId, resident: tuple[PersonId, EmailAddress], deliver: Callable[[], None]
) -> None:
    person, email = resident
    offer(sender)
    message_id = MessageId(send(sender, "one", to=email))
    deliver()
    assert count_unread(person) == 1
    mark_read(message_id, of=person, now=clock.now())
    assert (count_unread(person), get_account_message(message_id, of=person).is_read) == (0, True)


def test_nobody_else_reads_it(
    sender: NotifyServiceId, resident: tuple[PersonId, EmailAddress], deliver: Callable[[], None]
) -> None:
    offer(sender)
    message_id = MessageId(send(sender, "one", to=resident[1]))
    deliver()
    other = make_person(EmailAddress(f"{new_id().hex}@resident.example")).id
    with pytest.raises(NoSuchAccountMessage):
        get_account_message(message_id, of=other)
    with pytest.raises(NoSuchAccountMessage):
        mark_read(message_id, of=other, now=clock.now())
    assert count_unread(resident[0]) == 1
