"""Firetext and MMG, against servers that speak their form: what is sent, what an answer means, who calls back."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from guildhall.kernel.ids import OrganisationId
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words
from guildhall.notify.ports import (
    HandedOver,
    NotReached,
    NotTaken,
    Outgoing,
    Provider,
    TryLater,
    Undeliverable,
    Unknown,
)
from guildhall.notify.providers import firetext, mmg
from guildhall.notify.providers.one_by_one import CONNECTIONS, Patience

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECEIPTS = "https://testford.example/notifications/sms/firetext?secret=s3cret"


class Gateway:
    """A provider's web address, which remembers what it was asked and answers as the test wants."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.connections: set[Any] = set()
        self.answer: tuple[int, object] = (200, {"code": 0, "description": "1 SMS successfully queued"})
        self.seconds = 0.0
        self.hangs_up = False
        self.refused = "nobody"
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.asked.append((dict(self.headers), body))
                gateway.connections.add(self.client_address)
                time.sleep(gateway.seconds)
                if gateway.hangs_up:
                    self.close_connection = True
                    return
                is_refused = gateway.refused.encode() in body
                status, said = (200, {"code": 2, "description": "no such number"}) if is_refused else gateway.answer
                answer = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/api"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.asked[-1][1].decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.asked[-1][1])


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    yield gateway
    gateway.server.shutdown()
    gateway.server.server_close()


@pytest.fixture
def by_firetext(gateway: Gateway) -> Provider:
    return firetext.make(
        {"api_key": "k3y", "url": gateway.url, "receipt_url": RECEIPTS, "numeric_sender": "07700900999"}
    )


@pytest.fixture
def by_mmg(gateway: Gateway) -> Provider:
    gateway.answer = (200, {"Reference": "12345678"})
    return mmg.make({"api_key": "k3y", "url": gateway.url})


def outgoing(number: int = 1, **changes: Any) -> Outgoing:
    facts: dict[str, Any] = {
        "message_id": MessageId(UUID(int=number)),
        "organisation_id": OrganisationId(UUID(int=2)),
        "notify_service_id": NotifyServiceId(UUID(int=3)),
        "template_id": UUID(int=4),
        "template_version": 1,
        "channel": Channel.SMS,
        "recipient": "447700900123",
        "sender_name": "Bins",
        "sender": "TESTFORD",
        "words": Words("", "Rhowch eich ((thing)) allan – ŵ"),
        "language": "cy",
        "given": Personalisation({"thing": "bin"}),
        "prefix": "Bins",
        "unsubscribe_url": None,
        "postage": "",
        "accepted_at": NOW,
        "tries": 1,
        "may_be_repeated": False,
    }
    return Outgoing(**facts | changes)


def test_firetext_is_given_a_text_in_its_form(by_firetext: Provider, gateway: Gateway) -> None:
    """alphagov/notifications-api:tests/app/clients/test_firetext.py"""
    assert by_firetext.hand_over([outgoing()], now=NOW) == [HandedOver()]
    assert gateway.form == {
        "apiKey": "k3y",
        "from": "TESTFORD",
        "to": "447700900123",
        "message": "Bins: Rhowch eich bin allan - ŵ",
        "reference": str(UUID(int=1)),
        "receipt": RECEIPTS,
    }


def test_mmg_is_given_a_text_in_its_form(by_mmg: Provider, gateway: Gateway) -> None:
    """alphagov/notifications-api:tests/app/clients/test_mmg.py"""
    assert by_mmg.hand_over([outgoing(sender="07700 900 111".replace(" ", ""))], now=NOW) == [HandedOver()]
    assert gateway.asked[0][0]["Authorization"] == "Basic k3y"
    assert gateway.json == {
        "reqType": "BULK",
        "MSISDN": "447700900123",
        "msg": "Bins: Rhowch eich bin allan - ŵ",
        "sender": "447700900111",
        "cid": str(UUID(int=1)),
        "multi": True,
    }


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, {"code": 2, "description": "Destination number(s) error"}), Undeliverable),
        ((200, {"code": 5, "description": "Message error"}), TryLater),
        ((200, {"code": 1, "description": "Authentication error"}), NotTaken),
        ((200, {"code": 7, "description": "Insufficient credit"}), NotTaken),
        ((200, b"not json"), Unknown),
        ((200, b'{"a":' + b"[" * 100_000), Unknown),  # it may have the text: sent again, it would arrive twice
        ((200, {"no": "code"}), Unknown),
        ((503, b""), NotTaken),
        ((429, b""), NotTaken),
        ((401, b""), NotTaken),
        ((400, b"what?"), TryLater),
        ((500, b""), Unknown),
        ((502, b""), Unknown),
        ((302, b""), TryLater),
    ],
)
def test_what_firetexts_answers_mean(
    by_firetext: Provider, gateway: Gateway, answer: tuple[int, object], outcome: type
) -> None:
    gateway.answer = answer
    assert type(by_firetext.hand_over([outgoing()], now=NOW)[0]) is outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((400, {"Error": 206, "Description": "Some error"}), TryLater),
        ((200, {"Error": 206, "Description": "Some error"}), TryLater),
        ((200, b"not json"), Unknown),
        ((200, b'{"a":' + b"[" * 100_000), Unknown),
        ((401, b""), NotTaken),
        ((500, b""), Unknown),
    ],
)
def test_what_mmgs_answers_mean(by_mmg: Provider, gateway: Gateway, answer: tuple[int, object], outcome: type) -> None:
    """alphagov/notifications-api:tests/app/clients/test_mmg.py"""
    gateway.answer = answer
    assert type(by_mmg.hand_over([outgoing()], now=NOW)[0]) is outcome


def test_connections_are_kept(by_firetext: Provider, gateway: Gateway) -> None:
    for start in (0, 100, 200):
        outcomes = by_firetext.hand_over([outgoing(start + number) for number in range(by_firetext.at_once)], now=NOW)
        assert set(outcomes) == {HandedOver()}
    assert len(gateway.asked) == 3 * by_firetext.at_once
    assert len(gateway.connections) <= CONNECTIONS


def test_outcomes_are_in_the_order_of_the_messages(by_firetext: Provider, gateway: Gateway) -> None:
    gateway.refused = "447700900105"
    outcomes = by_firetext.hand_over([outgoing(n, recipient=f"447700900{100 + n}") for n in range(9)], now=NOW)
    assert [number for number, outcome in enumerate(outcomes) if outcome != HandedOver()] == [5]


def test_a_server_that_is_down_does_not_have_the_text() -> None:
    down = firetext.make({"api_key": "k", "url": "http://127.0.0.1:9/api"})
    assert isinstance(down.hand_over([outgoing()], now=NOW)[0], NotTaken)


def impatient(gateway: Gateway) -> Provider:
    settings = firetext.FiretextSettings("k3y", gateway.url)
    return firetext.Firetext(settings, Patience(for_an_answer=0.2, for_a_batch=0.3))


def test_a_server_that_hangs_up_or_never_answers_may_have_the_text(gateway: Gateway) -> None:
    gateway.hangs_up = True
    assert isinstance(impatient(gateway).hand_over([outgoing()], now=NOW)[0], Unknown)
    gateway.hangs_up, gateway.seconds = False, 1.0
    assert isinstance(impatient(gateway).hand_over([outgoing(2)], now=NOW)[0], Unknown)


def test_a_provider_that_hangs_holds_a_batch_up_no_longer_than_promised(gateway: Gateway) -> None:
    gateway.seconds = 1.0
    provider = firetext.Firetext(firetext.FiretextSettings("k3y", gateway.url), Patience(for_a_batch=0.3))
    began = time.monotonic()
    outcomes = provider.hand_over([outgoing(number) for number in range(provider.at_once)], now=NOW)
    assert time.monotonic() - began < 0.9
    kinds = [type(each) for each in outcomes]
    assert (kinds.count(Unknown), kinds.count(NotReached)) == (CONNECTIONS, 2 * CONNECTIONS)


def test_countries_that_let_no_names_through_see_a_number(by_firetext: Provider, gateway: Gateway) -> None:
    by_firetext.hand_over([outgoing(recipient="12025550123")], now=NOW)
    assert gateway.form["from"] == "447700900999"


def test_an_account_without_its_key_is_not_begun() -> None:
    for make in (firetext.make, mmg.make):
        with pytest.raises(KeyError):
            make({})
