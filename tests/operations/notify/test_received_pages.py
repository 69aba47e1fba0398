"""What residents text, as officers see it, and how they answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.conftest import AsOwner

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.received_text import IncomingText
from guildhall.notify.operations.provider_accounts import WantedAccount, add_provider_account
from guildhall.notify.operations.received import give_number, receive_text
from guildhall.notify.queries.received import list_conversations, list_inbound_numbers
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.operations import make_operator
from guildhall.organisations.queries import Council
from guildhall.organisations.testing import make_officer

HERE = "/staff/{council}/messages/bulky-waste/{page}"


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


@pytest.fixture
def number(sender: Sender) -> str:
    unused = f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}"
    return give_number(sender.id, unused, actor=None, now=clock.now())


def hear(sender: Sender, number: str, words: str, who: str = "07900 900001") -> None:
    text = IncomingText("firetext", words, number, who, words, clock.now(), "")
    assert receive_text(text, account=sender.council.id, now=clock.now())


class Officer:
    """Somebody of the council at the service's pages."""

    def __init__(self, council: Council, *roles: Role) -> None:
        person, self.client, self._council = make_person(name="Olwen Rhys"), Client(), council
        make_officer(council, *roles, person_id=person.id)
        sign_in(self.client, person.id, has_second_factor=True)

    def address(self, page: str) -> str:
        return HERE.format(council=self._council.slug, page=page)

    def get(self, page: str) -> Any:
        return self.client.get(self.address(page))

    def read(self, page: str) -> str:
        answer = self.get(page)
        assert answer.status_code == 200, answer
        return str(answer.content.decode())

    def post(self, page: str, **form: str) -> Any:
        return self.client.post(self.address(page), form)


@pytest.fixture
def officer(council: Council) -> Officer:
    return Officer(council, Role.OWNER)


def test_each_person_stands_once_with_the_last_thing_they_wrote(sender: Sender, number: str, officer: Officer) -> None:
    hear(sender, number, "Bore da")
    hear(sender, number, "Diolch <b>", who="07900 900002")
    hear(sender, number, "last")
    page = officer.read("received")
    assert page.index("07900 900001") < page.index("07900 900002")
    assert "last" in page
    assert "Bore da" not in page
    assert "Diolch &lt;b&gt;" in page
    assert number in page


def test_a_conversation_shows_what_both_sides_wrote(
    sender: Sender, number: str, officer: Officer, client: Client, settle: Callable[[], None]
) -> None:
    hear(sender, number, "When do you come?")
    body = {"phone_number": "07900900001", "template_id": str(sender.text), "personalisation": {"name": "Gwen"}}
    headers = {"Authorization": sender.bearer()}
    client.post("/v2/notifications/sms", body, content_type="application/json", headers=headers)
    settle()
    hear(sender, number, "Thank you")
    [text] = list_conversations(of=sender.id).rows
    page = officer.read(f"received/{text.id}")
    assert page.index("When do you come?") < page.index("Hello Gwen") < page.index("Thank you")
    assert "Delivered" in page


def test_an_answer_is_sent_with_a_template_to_whoever_wrote(sender: Sender, number: str, officer: Officer) -> None:
    hear(sender.with_templates(), number, "When do you come?")
    [text] = list_conversations(of=sender.id).rows
    page = officer.read(f"received/{text.id}/answer")
    link = f"templates/{sender.text}/send?answering={text.id}"
    assert officer.address(link) in page
    assert str(sender.email) not in page
    assert 'value="+447900900001"' in officer.read(link)


def test_somebody_who_wrote_under_a_name_cannot_be_answered(sender: Sender, number: str, officer: Officer) -> None:
    hear(sender, number, "Special offer", who="SHOP")
    [text] = list_conversations(of=sender.id).rows
    page = officer.read(f"received/{text.id}")
    assert "cannot be answered" in page
    assert f"received/{text.id}/answer" not in page


def test_another_council_sees_none_of_it(sender: Sender, number: str, other_council: Council) -> None:
    hear(sender, number, "secret")
    [text] = list_conversations(of=sender.id).rows
    with acting_for(other_council.id):
        make_sender(other_council)
        stranger = Officer(other_council, Role.OWNER)
    assert "secret" not in stranger.read("received")
    for page in (f"received/{text.id}", f"received/{text.id}/answer"):
        assert stranger.get(page).status_code == 404
    assert stranger.get(f"templates/{sender.text}/send?answering={text.id}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.CASEWORKER, 200), (Role.FINANCE_VIEWER, 403)])
def test_texts_are_for_those_who_write_messages(council: Council, sender: Sender, role: Role, status: int) -> None:
    assert Officer(council, role).get("received").status_code == status


def test_numbers_of_the_councils_own_provider_are_added_and_taken_away(
    council: Council, sender: Sender, officer: Officer
) -> None:
    assert "Ask whoever runs this installation" in officer.read("received/numbers")
    officer.post("received/numbers", number="07700 900123")
    assert list_inbound_numbers(of=sender.id) == []
    account = WantedAccount(Channel.SMS, "firetext", "Ours", {"api_key": "k"})
    add_provider_account(account, actor=None, now=clock.now())
    unused = f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}"
    assert officer.post("received/numbers", number=unused).status_code == 302
    assert list_inbound_numbers(of=sender.id) == [unused]
    assert "Enter a number with" in officer.post("received/numbers", number="Shop").content.decode()
    officer.post("received/numbers", remove=unused)
    assert list_inbound_numbers(of=sender.id) == []


def test_caseworkers_give_no_numbers(council: Council, sender: Sender) -> None:
    assert Officer(council, Role.CASEWORKER).get("received/numbers").status_code == 403


def test_operators_give_out_the_installations_numbers(council: Council, sender: Sender, as_owner: AsOwner) -> None:
    person, client = make_person(), Client()
    as_owner(lambda: make_operator(person.id, now=clock.now()))
    sign_in(client, person.id, has_second_factor=True)
    page = f"/operator/{council.slug}/messages/bulky-waste/numbers"
    unused = f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}"
    assert client.post(page, {"number": unused}).status_code == 302
    assert unused in client.get(page).content.decode()
    assert page in client.get(page.removesuffix("/numbers")).content.decode()
    client.post(page, {"remove": unused})
    assert list_inbound_numbers(of=sender.id) == []


def test_officers_are_no_operators(council: Council, sender: Sender, officer: Officer) -> None:
    assert officer.client.get(f"/operator/{council.slug}/messages/bulky-waste/numbers").status_code in (403, 404)
