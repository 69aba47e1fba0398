"""What waits is told to whoever watches the installation, on a port that was asked for."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from guildhall.config.metrics import serve_worker
from guildhall.config.metrics_port import Place, find_place
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
    server = serve_worker(place)
    yield place
    server.shutdown()
    server.server_close()


def test_whoever_watches_is_told_in_prometheus_form(watched: Place) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{watched.port}/metrics") as answer:
        told = answer.read().decode()
    assert "guildhall_database_up 1.0" in told
    for line in ('guildhall_messages_due{channel="email"}', 'guildhall_work_due{kind="callbacks"}'):
        assert re.search(rf"^{re.escape(line)} \d+\.0$", told, re.MULTILINE), told


def test_a_port_in_use_is_a_sentence(watched: Place) -> None:
    with pytest.raises(Problem, match=f"Port {watched.port}"):
        serve_worker(watched)


def test_messages_of_every_council_are_counted_while_they_wait(
    council: Council, client: Client, as_dispatcher: Callable[[Callable[[], int]], int]
) -> None:
    def due() -> int:
        return next(each.messages for each in count_due_messages(now=clock.now()) if each.channel is Channel.EMAIL)

    before, sender = as_dispatcher(due), make_sender(council)
    body = {"email_address": "jo@example.com", "template_id": str(sender.email)}
    body |= {"personalisation": {"name": "Jo", "thing": "bin"}}  # type: ignore[dict-item]
    bearer = {"Authorization": sender.bearer(KeyKind.LIVE)}
    answer = client.post("/v2/notifications/email", json.dumps(body), content_type="application/json", headers=bearer)
    assert answer.status_code == 201
    assert as_dispatcher(due) == before + 1


@pytest.mark.parametrize("port", ["x", "0", "70000", "-1"])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("GUILDHALL_METRICS_PORT", port)
    with pytest.raises(Problem, match="free port"):
        find_place()


def test_the_worker_tells_on_the_next_port_and_nobody_does_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUILDHALL_METRICS_PORT", raising=False)
    assert find_place() is None
    monkeypatch.setenv("GUILDHALL_METRICS_PORT", "9100")
    assert find_place(after=1) == Place("127.0.0.1", 9101)
