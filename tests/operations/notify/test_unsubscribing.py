"""A reader who unsubscribes gets no more of the emails that can be unsubscribed from, and all the others."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.email_message import write_email
from guildhall.notify.domain.ids import NotifyServiceId
from guildhall.notify.domain.template import Choices
from guildhall.notify.operations import OwnMessage, Pair, Words
from guildhall.notify.operations.handing_over import Carriers
from guildhall.notify.ports import HandedOver, Outcome, Outgoing, Providers
from guildhall.notify.queries.unsubscribed import list_unsubscribed
from guildhall.notify.testing import AUTHOR
from guildhall.organisations.queries import Council

NOW = clock.now()


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
def newsletter(sender: NotifyServiceId) -> NotifyServiceId:
    """A service whose ``receipt`` ends with a link to unsubscribe."""
    template = queries.get_template_by_key("receipt", of=sender)
    notify.save_template(
        template.id,
        opened=template.version,
        name="News",
        pair=Pair(Words("News", "Dear ((name)), ((thing))"), Words("Newyddion", "Annwyl ((name)), ((thing))")),
        by=AUTHOR,
        now=clock.now(),
        choices=Choices(has_unsubscribe_link=True),
    )
    return sender


@pytest.fixture
def deliver(
    postman: Postman, as_dispatcher: Callable[[Callable[[], int]], int], database: dict[str, str]
) -> Callable[[], None]:
    with psycopg.connect(database["superuser"]) as superuser:
        superuser.execute("UPDATE notify_message SET next_try_at = NULL, status = 'sending' WHERE completed_at IS NULL")
    carriers = Carriers(Providers(without_accounts={Channel.EMAIL: postman}))

    def run() -> None:
        as_dispatcher(lambda: notify.deliver_waiting(Channel.EMAIL, carriers, now=clock.now(), clock=clock.now))

    return run


def send(sender: NotifyServiceId, occasion: str, *, to: str = "jo@example.com", language: str = "en") -> object:
    wanted = OwnMessage(sender, "receipt", "email", to, language, {"name": "Jo", "thing": "sofa"}, "ref", occasion)  # type: ignore[arg-type]
    with transaction():
        return notify.send(wanted, now=NOW)


def path_of(message: Outgoing) -> str:
    assert message.unsubscribe_url is not None
    assert message.unsubscribe_url.startswith(f"{settings.BASE_URL}/unsubscribe/")
    return urlsplit(message.unsubscribe_url).path


def test_the_link_stands_at_the_end_of_the_email_and_in_its_headers(
    newsletter: NotifyServiceId, postman: Postman, deliver: Callable[[], None]
) -> None:
    send(newsletter, "first")
    deliver()
    message = postman.carried[0]
    email = write_email(message.words.subject, message.words.body, message.given)
    assert email.plain_text.rstrip().endswith(f"Unsubscribe from these emails: {message.unsubscribe_url}")
    assert str(message.unsubscribe_url) in email.html


def test_in_welsh_the_link_is_welsh(newsletter: NotifyServiceId, postman: Postman, deliver: Callable[[], None]) -> None:
    send(newsletter, "welsh", language="cy")
    deliver()
    assert "[Dad-danysgrifio o'r negeseuon e-bost hyn](" in postman.carried[0].words.body


def test_a_reader_asks_once_and_gets_no_more(
    newsletter: NotifyServiceId, postman: Postman, deliver: Callable[[], None], client: Client
) -> None:
    send(newsletter, "one")
    deliver()
    path = path_of(postman.carried[0])
    assert "Unsubscribe from emails" in client.get(path).content.decode()
    assert list_unsubscribed(of=newsletter).total == 0
    assert "You have unsubscribed" in client.post(path, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert client.post(path).status_code == 200
    assert [each.email for each in list_unsubscribed(of=newsletter).rows] == ["jo@example.com"]
    stopped, other = send(newsletter, "two"), send(newsletter, "three", to="sam@example.com")
    deliver()
    assert [each.recipient for each in postman.carried] == ["jo@example.com", "sam@example.com"]
    assert queries.get_message(stopped, of=newsletter).status is Status.PERMANENT_FAILURE  # type: ignore[arg-type]
    assert queries.get_message(other, of=newsletter).status is Status.DELIVERED  # type: ignore[arg-type]


def test_who_changes_their_mind_gets_them_again(
    newsletter: NotifyServiceId, postman: Postman, deliver: Callable[[], None], client: Client
) -> None:
    send(newsletter, "one")
    deliver()
    path = path_of(postman.carried[0])
    client.post(path)
    assert "You will get the emails again" in client.post(path, {"wish": "subscribe"}).content.decode()
    send(newsletter, "two")
    deliver()
    assert len(postman.carried) == 2


def test_emails_without_the_link_are_sent_to_everybody(
    newsletter: NotifyServiceId, sender: NotifyServiceId, postman: Postman, deliver: Callable[[], None], client: Client
) -> None:
    send(newsletter, "one")
    deliver()
    client.post(path_of(postman.carried[0]))
    template = queries.get_template_by_key("receipt", of=sender)
    notify.save_template(
        template.id,
        opened=template.version,
        name="Receipt",
        pair=Pair(Words("Receipt", "Dear ((name)), ((thing))")),
        by=AUTHOR,
        now=clock.now(),
        choices=Choices(),
    )
    send(sender, "two")
    deliver()
    assert len(postman.carried) == 2
    assert postman.carried[1].unsubscribe_url is None


def test_another_council_still_writes_to_them(
    newsletter: NotifyServiceId,
    postman: Postman,
    deliver: Callable[[], None],
    client: Client,
    other_council: Council,
) -> None:
    send(newsletter, "one")
    deliver()
    client.post(path_of(postman.carried[0]))
    with acting_for(other_council.id):
        assert list_unsubscribed(of=newsletter).total == 0


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "A" * 300, "%00"])
def test_a_link_that_is_not_ours_does_nothing(client: Client, token: str) -> None:
    assert client.post(f"/unsubscribe/{token}").status_code == 404
