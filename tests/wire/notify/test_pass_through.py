"""Messages that go on to another installation, and what comes back: Guildhall itself is the far side.

What GOV.UK Notify's API answers, Guildhall's answers; so one council's service passes its messages to another's.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

import pytest
import urllib3
from django.test import Client, override_settings
from tests.fast_path import FastPathClient

from guildhall.kernel import clock
from guildhall.kernel.ids import OrganisationId, PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations as notify
from guildhall.notify import queries
from guildhall.notify.domain.callbacks import Kind
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Pair, Words
from guildhall.notify.operations.callbacks import NewEndpoint, set_callback
from guildhall.notify.operations.provider_accounts import (
    OpenedAccount,
    SettingsUnusable,
    WantedAccount,
    add_provider_account,
)
from guildhall.notify.operations.received import give_number
from guildhall.notify.operations.templates import Author
from guildhall.notify.ports import HandedOver, NotTaken, Outgoing, TryLater, Undeliverable
from guildhall.notify.providers.govuk_notify import GovukNotify, make
from guildhall.notify.queries.received import list_received_texts
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
Settle = Callable[[], None]


class FarSide:
    """A service of another council, with a template that is nothing but a gap for each channel."""

    def __init__(self, council: Council, url: str) -> None:
        self.url, self.sender = url, make_sender(council)
        with acting_for(council.id):
            self.templates = {
                Channel.SMS: self._add(Channel.SMS, Words("", "((body))")),
                Channel.EMAIL: self._add(Channel.EMAIL, Words("((subject))", "((body))")),
            }

    def settings(self, channel: Channel, kind: KeyKind = KeyKind.LIVE, **changes: str) -> dict[str, str]:
        api_key = self.sender.api_key(kind)
        return {"api_key": api_key, "template_id": str(self.templates[channel]), "base_url": self.url} | changes

    def list(self, reference: object) -> list[dict[str, Any]]:
        headers = {"Authorization": self.sender.bearer()}
        answer = Client().get(f"/v2/notifications?reference={reference}", headers=headers)
        return list(answer.json()["notifications"])

    def _add(self, channel: Channel, words: Words) -> UUID:
        added = notify.add_template(
            notify_service_id=self.sender.id,
            channel=channel,
            name="Passed on",
            pair=Pair(words, Words("", "")),
            by=Author(None, "officer@elsewhere.example"),
            now=clock.now(),
        )
        return added.id


@pytest.fixture
def far(other_council: Council, server: str) -> FarSide:
    return FarSide(other_council, server)


def outgoing(**changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "message_id": MessageId(new_id()),
        "organisation_id": OrganisationId(UUID(int=2)),
        "notify_service_id": NotifyServiceId(UUID(int=3)),
        "template_id": UUID(int=4),
        "template_version": 1,
        "channel": Channel.SMS,
        "recipient": "447700900123",
        "sender_name": "Bins",
        "sender": "",
        "words": Words("About ((thing))", "Your ((thing)) – **ready**, ((thing))"),
        "language": "en",
        "given": Personalisation({"thing": "bin"}),
        "prefix": "Bins",
        "unsubscribe_url": None,
        "postage": "",
        "accepted_at": NOW,
        "tries": 1,
        "may_be_repeated": False,
    }
    return Outgoing(**facts | changes)


def pass_on(provider: GovukNotify, **changes: Any) -> tuple[Any, Outgoing]:
    message = outgoing(**changes)
    [outcome] = provider.hand_over([message], now=NOW)
    return outcome, message


def test_a_text_says_there_what_it_says_here(far: FarSide) -> None:
    outcome, message = pass_on(make(far.settings(Channel.SMS)))
    [there] = far.list(message.message_id)
    assert outcome == HandedOver(there["id"])
    assert (there["phone_number"], there["body"]) == ("+447700900123", "Your bin - **ready**, bin")


def test_a_text_keeps_our_services_name_where_the_far_side_adds_none(far: FarSide) -> None:
    _, message = pass_on(make(far.settings(Channel.SMS, keeps_prefix="yes")))
    assert far.list(message.message_id)[0]["body"].startswith("Bins: Your bin")


def test_an_email_says_there_what_it_says_here(far: FarSide) -> None:
    provider = make(far.settings(Channel.EMAIL))
    unsubscribe = "https://testford.example/stop"
    _, message = pass_on(provider, channel=Channel.EMAIL, recipient="jo@example.com", unsubscribe_url=unsubscribe)
    [there] = far.list(message.message_id)
    assert (there["email_address"], there["subject"]) == ("jo@example.com", "About bin")
    assert (there["body"], there["one_click_unsubscribe_url"]) == ("Your bin – **ready**, bin", unsubscribe)


def test_what_may_have_arrived_is_asked_for_before_it_is_sent_again(far: FarSide) -> None:
    provider = make(far.settings(Channel.SMS))
    first, message = pass_on(provider)
    again, _ = pass_on(provider, message_id=message.message_id, may_be_repeated=True)
    assert again == first
    assert len(far.list(message.message_id)) == 1
    unheard_of, _ = pass_on(provider, may_be_repeated=True)
    assert isinstance(unheard_of, HandedOver)


@pytest.mark.parametrize(
    ("settings", "message", "outcome"),
    [
        ({"kind": KeyKind.TEAM}, {}, NotTaken),
        ({"template_id": str(UUID(int=9))}, {}, NotTaken),
        ({"api_key": f"key-{UUID(int=1)}-{UUID(int=2)}"}, {}, NotTaken),
        ({}, {"recipient": "12"}, Undeliverable),
        ({}, {"words": Words("", "x" * 919)}, TryLater),
        ({"base_url": "http://127.0.0.1:9"}, {}, NotTaken),
    ],
)
def test_what_is_wrong_there_is_the_recipients_the_messages_or_the_accounts(
    far: FarSide, settings: dict[str, Any], message: dict[str, Any], outcome: type
) -> None:
    told, _ = pass_on(make(far.settings(Channel.SMS, **settings)), **message)
    assert type(told) is outcome, told


def test_an_account_whose_key_is_none_is_not_opened(council: Council) -> None:
    wanted = WantedAccount(Channel.SMS, "govuk-notify", "Pass-through", {"api_key": "key", "template_id": "x"})
    with pytest.raises(SettingsUnusable):
        add_provider_account(wanted, actor=None, now=clock.now())


def send_text(sender: Sender, to: str = "07700900123") -> MessageId:
    body = {"phone_number": to, "template_id": str(sender.text), "personalisation": {"name": "Jo"}}
    headers = {"Authorization": sender.bearer()}
    answer = FastPathClient().post("/v2/notifications/sms", body, content_type="application/json", headers=headers)
    assert answer.status_code == 201, answer.content
    return MessageId(UUID(answer.json()["id"]))


def open_account(kind: str, settings: dict[str, str]) -> OpenedAccount:
    return add_provider_account(WantedAccount(Channel.SMS, kind, kind, settings), actor=None, now=clock.now())


def test_a_text_goes_out_by_another_installation_and_its_end_comes_back(
    sender: Sender, far: FarSide, settle: Settle
) -> None:
    account = open_account("govuk-notify", far.settings(Channel.SMS))
    with acting_for(far.sender.council.id):
        address = f"{far.url}/notifications/govuk-notify/delivery-status"
        endpoint = NewEndpoint(Kind.DELIVERY_STATUS, address, account.receipts_secret)
        set_callback(far.sender.id, endpoint, may_be_loopback=True, actor=PersonId(new_id()), now=clock.now())
    message_id = send_text(sender)
    settle()
    [there] = far.list(message_id)
    assert there["body"] == "Hello Jo"
    assert queries.get_message(message_id, of=sender.id).status is Status.DELIVERED


class Firetext:
    """A provider that takes texts, and calls back when the test wants it to."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                taken.append({name: values[0] for name, values in parse_qs(body).items()})
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"code": 0, "description": "1 SMS successfully queued"}')

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def call_back(self, text: dict[str, str], status: str, code: str = "") -> int:
        """Say what became of a text, at the address that came with it."""
        form = {"status": status, "code": code, "reference": text["reference"], "time": "2026-11-21 12:00:00"}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return urllib3.request("POST", text["receipt"], body=urlencode(form), headers=headers).status

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def firetext() -> Iterator[Firetext]:
    firetext = Firetext()
    yield firetext
    firetext.close()


def test_a_text_goes_out_by_firetext_whose_receipts_come_back(
    sender: Sender, firetext: Firetext, settle: Settle, server: str
) -> None:
    with override_settings(BASE_URL=server):
        open_account("firetext", {"api_key": "k", "url": firetext.url})
    message_id = send_text(sender)
    settle()
    assert queries.get_message(message_id, of=sender.id).status is Status.SENDING
    [text] = firetext.taken
    assert firetext.call_back(text, "2") == 200
    settle()
    assert queries.get_message(message_id, of=sender.id).status is Status.PENDING
    assert firetext.call_back(text, "1") == 200
    settle()
    assert queries.get_message(message_id, of=sender.id).status is Status.TEMPORARY_FAILURE


def test_a_text_that_came_in_at_the_far_side_comes_here_too(
    sender: Sender, far: FarSide, settle: Settle, client: Client
) -> None:
    number = give_number(sender.id, f"07{int(clock.now().timestamp() * 1e6) % 10**9:09}", actor=None, now=clock.now())
    account = open_account("govuk-notify", far.settings(Channel.SMS))
    said = {"id": str(new_id()), "source_number": "447700900001", "destination_number": number, "message": "Diolch"}
    answer = client.post(
        "/notifications/govuk-notify/received-text",
        said | {"date_received": "2026-11-21T12:00:00.000000Z"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {account.receipts_secret}"},
    )
    assert answer.status_code == 200
    [text] = list_received_texts(of=sender.id)
    assert (text.user_number, text.content) == ("447700900001", "Diolch")
