"""What waits is told to whoever watches the installation, on a port that was asked for."""

import contextlib
import json
import re
import socket
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from guildhall.config import metrics_server
from guildhall.config.metrics import told_at
from guildhall.config.metrics_port import WEB, WORKER, find_metrics_place
from guildhall.config.ports import Place
from guildhall.config.problems import Problem
from guildhall.kernel import clock
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.queries.waiting import count_due_messages
from guildhall.notify.testing import make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

from .conftest import free_port


@pytest.fixture
def watched() -> Iterator[Place]:
    place = Place("127.0.0.1", free_port())
    with told_at(place):
        yield place


def test_whoever_watches_is_told_in_prometheus_form(watched: Place) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{watched.port}/metrics") as answer:
        told = answer.read().decode()
    assert "guildhall_database_up 1.0" in told
    for line in ('guildhall_messages_due{channel="email"}', 'guildhall_work_due{kind="callbacks"}'):
        assert re.search(rf"^{re.escape(line)} \d+\.0$", told, re.MULTILINE), told


def test_a_port_in_use_is_a_sentence(watched: Place) -> None:
    with (
        pytest.raises(Problem, match=f"Port {watched.port} belongs to a Guildhall that runs here already"),
        told_at(watched),
    ):
        pass


def test_messages_of_every_council_are_counted_while_they_wait(
    council: Council, client: Client, as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    def due() -> int:
        return next(each.messages for each in count_due_messages(now=clock.now()) if each.channel is Channel.EMAIL)

    before = as_dispatcher(due)
    _accept_an_email(council, client)
    assert as_dispatcher(due) == before + 1


def _accept_an_email(council: Council, client: Client) -> None:
    sender = make_sender(council)
    body = {"email_address": "jo@example.com", "template_id": str(sender.email)}
    body |= {"personalisation": {"name": "Jo", "thing": "bin"}}  # type: ignore[dict-item]
    bearer = {"Authorization": sender.bearer(KeyKind.LIVE)}
    answer = client.post("/v2/notifications/email", json.dumps(body), content_type="application/json", headers=bearer)
    assert answer.status_code == 201


def test_the_worker_tells_on_the_next_port_and_nobody_does_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUILDHALL_METRICS_PORT", raising=False)
    assert find_metrics_place(WEB) is None
    monkeypatch.setenv("GUILDHALL_METRICS_PORT", "9100")
    assert find_metrics_place(WEB) == Place("127.0.0.1", 9100, "GUILDHALL_METRICS_PORT")
    assert find_metrics_place(WORKER) == Place("127.0.0.1", 9101, "GUILDHALL_METRICS_PORT")


def test_it_tells_numbers_and_the_names_of_kinds_and_of_nobody(
    watched: Place, council: Council, client: Client
) -> None:
    """Many read what Prometheus keeps: a label that named a council, a service or a person would tell them all."""
    _accept_an_email(council, client)
    told = _ask(watched.port, b"GET /metrics HTTP/1.0\r\n\r\n").decode()
    named = set(re.findall(r'(\w+)="', told))
    assert named <= {
        "channel",
        "kind",
        "state",
        "generation",
        "version",
        "implementation",
        "major",
        "minor",
        "patchlevel",
    }
    for word in (council.slug, council.name, str(council.id), "@", settings.LOGIN_URLS["web"].split(":")[2][:10]):
        assert word not in told


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /metrics HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"GET /metrics?name[]=guildhall HTTP/9.9\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.0\r\n\r\n",
        b"GET http://elsewhere/metrics HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.0\r\n\r\n",
        b"GET /metrics HTTP/1.0\r\n" + b"X: y\r\n" * 5_000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n\r\n",
        b"",
    ],
)
def test_a_hostile_request_gets_no_numbers_and_the_next_visitor_does(watched: Place, request_: bytes) -> None:
    assert b"guildhall_" not in _ask(watched.port, request_)
    assert b"guildhall_database_up 1.0" in _ask(watched.port, b"GET /metrics HTTP/1.0\r\n\r\n")


def test_those_who_are_slow_are_few_and_are_given_up(watched: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_server, "SECONDS_FOR_A_REQUEST", 0.2)
    slow = [socket.create_connection(("127.0.0.1", watched.port)) for _ in range(50)]
    for each in slow:
        each.settimeout(20)
        with contextlib.suppress(ConnectionError):
            assert each.recv(1) == b""  # closed: at once, or when its time was over
        each.close()
    assert b"guildhall_database_up 1.0" in _ask(watched.port, b"GET /metrics HTTP/1.0\r\n\r\n")


def _ask(port: int, request: bytes) -> bytes:
    """Send bytes as they are, say that no more come, and return all that is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection, contextlib.suppress(OSError):
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))
    return b""
