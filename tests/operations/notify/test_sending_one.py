"""One message from the screen: asked for, checked, sent once."""

import re
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.threads import join

from guildhall.contact.phone_number import parse_phone_number
from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify import models, queries
from guildhall.notify import operations as notify
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.template import Choices
from guildhall.notify.operations import senders
from guildhall.notify.operations.accepting import NewMessage
from guildhall.notify.operations.one_off import prepare_one, send_one
from guildhall.notify.operations.templates import Author
from guildhall.notify.pages.message import WHAT_NEXT
from guildhall.notify.queries.remembered import forget_services
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import OFFICER, make_officer


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


@pytest.fixture
def client(council: Council) -> Client:
    return officer(council, Role.CASEWORKER)


def officer(council: Council, *roles: Role) -> Client:
    person, client = make_person(name="Olwen Rhys"), Client()
    make_officer(council, *roles, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    return client


def at(council: Council, template: object) -> str:
    return f"/staff/{council.slug}/messages/bulky-waste/templates/{template}/send"


EMAIL = {"to": "Resident@Example.com", "language": "en", "value-1": "sofa", "value-2": "Jo"}
TEXT = {"to": "07700 900123", "language": "cy", "value-1": "Siân"}


def check(client: Client, address: str, asked: dict[str, str]) -> tuple[str, str]:
    """Return the page on which the officer checks the message, and the key under which it is sent once."""
    page = client.post(address, asked).content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    return page, found.group(1) if found else ""


def send(client: Client, address: str, asked: dict[str, str]) -> Any:
    _page, once = check(client, address, asked)
    return client.post(address, asked | {"once": once, "send": "yes"})


def test_an_officer_sees_exactly_what_will_be_sent(council: Council, sender: Sender, client: Client) -> None:
    page, once = check(client, at(council, sender.email), EMAIL)
    assert once
    for words in ("Resident@Example.com", "About sofa", "Hello Jo", "Bulky waste &lt;bulky.waste@"):
        assert words in page
    text, _once = check(client, at(council, sender.text), TEXT)
    assert "Bulky waste: Helo Siân" in text
    assert "Nothing: it is within the free allowance" in text
    assert queries.list_messages().total == 0


def test_a_message_is_sent_in_the_chosen_language_under_the_officers_name(
    council: Council, sender: Sender, client: Client, settle: Any
) -> None:
    sent = send(client, at(council, sender.text), TEXT)
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert "Helo Siân" in page
    assert "Olwen Rhys" in page
    assert "Waiting" in page
    settle()
    assert "Delivered" in client.get(sent["Location"]).content.decode()
    [message] = queries.list_messages().rows
    assert (message.recipient, message.sent_by, message.key_id) == ("447700900123", "Olwen Rhys", None)


def test_a_template_names_its_sender_until_that_is_removed(council: Council, sender: Sender, client: Client) -> None:
    by, now = PersonId(new_id()), clock.now()
    senders.add_text_sender("Testford", of=sender.id, is_default=True, actor=by, now=now)
    own = senders.add_text_sender("Bins", of=sender.id, is_default=False, actor=by, now=now)
    words, chosen = queries.get_template(sender.text).pair, Choices(sender_id=own)
    notify.save_template(
        sender.text, opened=1, name="A text", pair=words, by=Author(None, ""), now=clock.now(), choices=chosen
    )
    send(client, at(council, sender.text), TEXT)
    senders.remove_sender(own, of=sender.id, actor=by, now=now)
    send(client, at(council, sender.text), TEXT)
    assert [message.sender for message in queries.list_messages().rows] == ["Testford", "Bins"]


def test_both_languages_go_one_after_the_other(council: Council, sender: Sender, client: Client) -> None:
    send(client, at(council, sender.email), EMAIL | {"language": "both"})
    [message] = queries.list_messages().rows
    assert message.subject == "About sofa / Am sofa"
    assert message.body.index("Hello Jo") < message.body.index("Helo Jo")


def test_a_button_pressed_twice_sends_once(council: Council, sender: Sender, client: Client) -> None:
    address = at(council, sender.email)
    _page, once = check(client, address, EMAIL)
    first = client.post(address, EMAIL | {"once": once, "send": "yes"})
    second = client.post(address, EMAIL | {"once": once, "send": "yes"})
    assert first["Location"] == second["Location"]
    assert queries.list_messages().total == 1


def test_a_button_pressed_in_two_windows_at_once_sends_once(council: Council, sender: Sender) -> None:
    at_once, ids = threading.Barrier(4), []

    def press() -> None:
        try:
            with acting_for(council.id):
                wanted = NewMessage(
                    channel=Channel.SMS,
                    recipient="447700900123",
                    recipient_as_given="07700900123",
                    number=parse_phone_number("07700900123"),
                    template_id=sender.text,
                    personalisation={"name": "Jo"},
                    untrusted=frozenset(),
                    reference=None,
                    sender_id=None,
                    unsubscribe_url=None,
                )
                service = queries.get_notify_service(sender.id)
                prepared = prepare_one(wanted, service=service, language="en", sent_by="Jo", now=clock.now())
                at_once.wait(20)
                ids.append(send_one(prepared, once_key="one-off:x", actor=OFFICER, now=clock.now()))
        finally:
            connection.close()

    windows = [threading.Thread(target=press) for _ in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        join(window)
    assert len(ids) == 4
    assert len(set(ids)) == 1
    assert queries.list_messages().total == 1


def test_what_was_checked_is_what_is_sent(council: Council, sender: Sender, client: Client) -> None:
    page, once = check(client, at(council, sender.text), TEXT)
    assert 'name="seen" value="1"' in page
    words = notify.Pair(notify.Words("", "Goodbye ((name))"))
    notify.save_template(
        sender.text, opened=1, name="A text", pair=words, by=Author(None, "somebody@testford.example"), now=clock.now()
    )
    client.post(at(council, sender.text), TEXT | {"once": once, "seen": "1", "send": "yes"})
    [message] = queries.list_messages().rows
    assert message.body == "Helo Siân"


def test_a_service_sends_nothing_that_operators_do_not_let_it(council: Council, sender: Sender, client: Client) -> None:
    with transaction():
        models.NotifyService.objects.filter(id=sender.id).update(may_send_texts=False)
    forget_services()
    page = client.post(at(council, sender.text), TEXT).content.decode()
    assert "This service may not send messages of this kind" in page


def test_without_the_check_nothing_is_sent(council: Council, sender: Sender, client: Client) -> None:
    page = client.post(at(council, sender.email), EMAIL | {"send": "yes"}).content.decode()
    assert "Check your message" in page
    assert queries.list_messages().total == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to": ""}, "Enter a mobile number"),
        ({"to": "0770"}, "Mobile number is too short"),
        ({"to": "0770090012345"}, "Mobile number is too long"),
        ({"to": "0690 000 000"}, "Number is not valid – double check the phone number you entered"),
        ({"to": "ring me"}, "Mobile numbers can only include"),
        ({"to": "020 7946 0991"}, "This does not look like a UK mobile number"),
        ({"to": "+33 6 12 34 56 78"}, "may not send text messages to other countries"),
        ({"value-1": ""}, "Enter name"),
        ({"value-1": "x" * 1000}, "The message is too long"),
        ({"language": "fr"}, "Select a language"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    council: Council, sender: Sender, client: Client, wrong: dict[str, str], words: str
) -> None:
    page = client.post(at(council, sender.text), TEXT | wrong).content.decode()
    assert words in page
    assert "Error:" in page
    assert queries.list_messages().total == 0


def test_in_trial_mode_only_the_team_and_guests_are_written_to(council: Council) -> None:
    sender, client = make_sender(council, is_live=False), officer(council, Role.OWNER)
    colleague = make_officer(council, Role.CASEWORKER)
    refused = client.post(at(council, sender.email), EMAIL).content.decode()
    assert "In trial mode this service can only write to your team" in refused
    assert send(client, at(council, sender.email), EMAIL | {"to": colleague.email}).status_code == 302
    assert queries.list_messages().total == 1


def test_an_officer_can_send_it_to_themself(council: Council, sender: Sender) -> None:
    person, client = make_person(), Client()
    make_officer(council, Role.CASEWORKER, person_id=person.id)
    sign_in(client, person.id, has_second_factor=True)
    assert f'value="{person.email}"' in client.get(at(council, sender.email) + "?to=me").content.decode()


def test_the_days_limit_holds_on_the_screen_too(council: Council) -> None:
    sender, client = make_sender(council, is_live=False), officer(council, Role.OWNER)
    member = make_officer(council, Role.CASEWORKER)
    with transaction():
        models.NotifyService.objects.filter(id=sender.id).update(emails_a_day=0)
    forget_services()
    asked = EMAIL | {"to": member.email}
    page = send(client, at(council, sender.email), asked).content.decode()
    assert "has sent as many messages as it may today" in page
    assert queries.list_messages().total == 0


def test_another_councils_message_is_not_found(council: Council, other_council: Council, client: Client) -> None:
    with acting_for(other_council.id):
        theirs = make_sender(other_council)
    make_sender(council)
    assert client.get(at(council, theirs.email)).status_code == 404
    assert client.get(f"/staff/{council.slug}/messages/bulky-waste/sent/{new_id()}").status_code == 404


def test_whoever_looks_at_a_message_that_did_not_arrive_reads_what_to_do(
    council: Council, sender: Sender, client: Client, as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    send(client, at(council, sender.email), EMAIL)
    [sent] = queries.list_messages().rows

    @transaction
    def fail(status: Status) -> int:
        failed = {"status": status, "next_try_at": None, "completed_at": sent.accepted_at}
        return models.Message.objects.filter(id=sent.id).update(**failed)

    for status, words in WHAT_NEXT.items():
        assert as_dispatcher(partial(fail, status)) == 1
        page = client.get(f"/staff/{council.slug}/messages/bulky-waste/sent/{sent.id}").content.decode()
        assert words.en in page, status
