"""Services' programs are told what became of their messages, in the contract's words, until they take it."""

import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connections
from tests.conftest import Settle
from tests.fast_path import FastPathClient
from tests.threads import join

from guildhall.config.database_urls import django_database
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.callbacks import Kind, NotACallbackAddress, Outcome, inbound_sms
from guildhall.notify.operations.callbacks import (
    CallbackNotFound,
    NewEndpoint,
    News,
    NothingToSendTo,
    TokenTooShort,
    queue_news,
    remove_callback,
    repeat_callback,
    set_callback,
)
from guildhall.notify.operations.calling import forget_callbacks, send_callbacks
from guildhall.notify.providers.callbacks import HttpCaller, NotPublic
from guildhall.notify.queries.callbacks import CallbackView, list_callbacks, list_endpoints
from guildhall.notify.testing import Sender, make_sender
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.queries import Council

OFFICER = PersonId(new_id())
TOKEN = "a-long-enough-token"
MONTH = timedelta(days=40)


@dataclass
class Program:
    """A council's own program: a real server that keeps what it is told, and answers as it is asked to."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.heard]


@pytest.fixture
def program() -> Iterator[Program]:
    kept = Program()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if kept.drips:
                for letter in b"HTTP/1.1 200 OK and so on, a letter at a time":
                    self.wfile.write(bytes([letter]))
                    threading.Event().wait(0.1)
                return
            self.send_response(kept.answers.pop(0) if kept.answers else 204)
            for name, value in kept.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/told?of=1"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sender(council: Council) -> Sender:
    return make_sender(council)


Send = Callable[[datetime], int]


@pytest.fixture
def send_at(database: dict[str, str]) -> Send:
    """Send what waits at a moment, as the worker does, with a caller of two tenths of a second's patience."""

    def send(at: datetime) -> int:
        sent: list[int] = []

        def work() -> None:
            connection = connections["default"]
            connection.settings_dict = connection.settings_dict | django_database(database["dispatcher"], pooled=False)
            caller = HttpCaller(may_be_loopback=True, seconds=0.5)
            with acting_for(None):
                sent.append(send_callbacks(caller, now=at, clock=lambda: at))
            connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        join(thread)
        return sent[0]

    return send


def listen(sender: Sender, program: Program, kind: Kind = Kind.DELIVERY_STATUS, **choices: bool) -> None:
    wanted = NewEndpoint(kind, program.url, TOKEN, **choices)
    set_callback(sender.id, wanted, may_be_loopback=True, actor=OFFICER, now=clock.now())


def email(sender: Sender, to: str, *, kind: KeyKind = KeyKind.LIVE, reference: str | None = None) -> str:
    body = {"email_address": to, "template_id": str(sender.email), "personalisation": {"name": "Jo", "thing": "order"}}
    answer = FastPathClient().post(
        "/v2/notifications/email",
        json.dumps(body | ({"reference": reference} if reference else {})),
        content_type="application/json",
        headers={"Authorization": sender.bearer(kind)},
    )
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def queue(sender: Sender, text: str = "Hello") -> None:
    """Put down news of a text that somebody sent."""
    id = new_id()
    body = inbound_sms(
        id,
        source="447700900001",
        destination="447700900999",
        message=text,
        received_at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    with transaction():
        queue_news([News(sender.council.id, sender.id, Kind.INBOUND_SMS, id, body)])


def log(sender: Sender) -> list[CallbackView]:
    return list(list_callbacks(sender.id).rows)


def test_a_program_is_told_that_its_message_arrived_in_exactly_these_words(
    sender: Sender, program: Program, settle: Settle
) -> None:
    """alphagov/notifications-api:app/celery/service_callback_tasks.py"""
    listen(sender, program)
    id = email(sender, "jo@example.com", reference="order 1")
    settle()
    [told] = program.told
    assert list(told) == [
        "id",
        "reference",
        "to",
        "status",
        "created_at",
        "completed_at",
        "sent_at",
        "notification_type",
        "template_id",
        "template_version",
    ]
    assert (told["id"], told["reference"], told["to"], told["status"]) == (id, "order 1", "jo@example.com", "delivered")
    assert (told["notification_type"], told["template_id"], told["template_version"]) == ("email", str(sender.email), 1)
    for moment in ("created_at", "completed_at", "sent_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", told[moment])
    [(headers, _)] = program.heard
    assert (headers["authorization"], headers["content-type"]) == (f"Bearer {TOKEN}", "application/json")
    assert "x-guildhall-signature" not in headers


def test_what_a_test_key_sends_is_told_of_too(sender: Sender, program: Program, settle: Settle) -> None:
    listen(sender, program)
    email(sender, "perm-fail@simulator.notify", kind=KeyKind.TEST)
    settle()
    assert [told["status"] for told in program.told] == ["permanent-failure"]


def test_a_recipient_for_smoke_tests_is_never_told_of(sender: Sender, program: Program, settle: Settle) -> None:
    listen(sender, program)
    email(sender, "simulate-delivered@notifications.service.gov.uk")
    settle()
    assert program.told == []


def test_a_service_that_did_not_ask_is_told_nothing(sender: Sender, program: Program, settle: Settle) -> None:
    email(sender, "jo@example.com")
    settle()
    assert (program.told, log(sender)) == ([], [])


def test_a_text_that_came_in_is_told_of_in_exactly_these_words(
    sender: Sender, program: Program, settle: Settle
) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    settle()
    [told] = program.told
    assert list(told) == ["id", "source_number", "destination_number", "message", "date_received"]
    assert told["date_received"] == "2026-01-02T00:00:00.000000Z"


def test_a_signed_callback_can_be_checked_and_a_signature_is_of_its_moment(
    sender: Sender, program: Program, settle: Settle
) -> None:
    listen(sender, program, Kind.INBOUND_SMS, is_signed=True)
    queue(sender)
    settle()
    [(headers, body)] = program.heard
    moment, proof = (part.partition("=")[2] for part in headers["x-guildhall-signature"].split(","))
    secret = list_endpoints(sender.id)[Kind.INBOUND_SMS].signing_secret
    assert secret is not None
    assert proof == hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert abs(int(moment) - clock.now().timestamp()) < 60


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_program_that_is_ill_is_asked_again_five_times_five_minutes_apart(
    sender: Sender, program: Program, send_at: Send, status: int
) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    program.answers[:] = [status] * 9
    at = clock.now() + timedelta(seconds=1)
    for tried in range(1, 10):
        send_at(at)
        assert len(program.heard) == min(tried, 6)
        send_at(at + timedelta(seconds=299))
        assert len(program.heard) == min(tried, 6)
        at += timedelta(seconds=300)
    [callback] = log(sender)
    assert [attempt.status for attempt in callback.attempts] == [status] * 6
    assert (callback.outcome, len(program.heard)) == (Outcome.GIVEN_UP, 6)


def test_a_program_that_recovers_is_told_once(sender: Sender, program: Program, send_at: Send) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    program.answers[:] = [500]
    at = clock.now() + timedelta(seconds=1)
    for number in range(4):
        send_at(at + number * timedelta(seconds=300))
    [callback] = log(sender)
    assert ([attempt.status for attempt in callback.attempts], callback.outcome) == ([500, 204], Outcome.TAKEN)


def test_the_next_try_carries_the_token_of_today(sender: Sender, program: Program, send_at: Send) -> None:
    """A token is read with each try: one that was replaced is not sent again, whichever process replaced it."""
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    program.answers[:] = [500]
    at = clock.now() + timedelta(seconds=1)
    send_at(at)
    replaced = NewEndpoint(Kind.INBOUND_SMS, program.url, "another-token-of-today")
    set_callback(sender.id, replaced, may_be_loopback=True, actor=OFFICER, now=clock.now())
    send_at(at + timedelta(seconds=300))
    shown = [headers["authorization"] for headers, _ in program.heard]
    assert shown == [f"Bearer {TOKEN}", "Bearer another-token-of-today"]


@pytest.mark.parametrize("status", [400, 401, 404, 410, 301])
def test_a_program_that_says_no_is_not_asked_again(
    sender: Sender, program: Program, send_at: Send, status: int
) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    program.answers[:], program.headers["Location"] = [status], program.url
    send_at(clock.now() + timedelta(seconds=1))
    send_at(clock.now() + timedelta(days=1))
    assert ([callback.outcome for callback in log(sender)], len(program.heard)) == ([Outcome.REFUSED], 1)


def test_a_program_that_is_away_is_tried_again(sender: Sender, program: Program, send_at: Send) -> None:
    program.url = "http://127.0.0.1:9/nobody"
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    send_at(clock.now() + timedelta(seconds=1))
    [callback] = log(sender)
    assert (callback.outcome, callback.attempts[0].status) == (None, None)
    assert callback.attempts[0].problem == "Connection refused"
    assert callback.next_try_at is not None


def test_an_answer_that_drips_in_takes_no_longer_than_the_others(
    sender: Sender, program: Program, send_at: Send
) -> None:
    program.drips = True
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    send_at(clock.now() + timedelta(seconds=1))
    [attempt] = log(sender)[0].attempts
    assert (attempt.status, attempt.problem) == (None, "no answer within 0.5 seconds")
    assert attempt.took_ms < 2_000


def test_whoever_wants_is_tried_for_a_day_with_growing_pauses(sender: Sender, program: Program, send_at: Send) -> None:
    listen(sender, program, Kind.INBOUND_SMS, tries_for_a_day=True)
    queue(sender)
    program.answers[:] = [500] * 99
    at = clock.now() + timedelta(seconds=1)
    for minute in (*range(10), *range(10, 120, 5), *range(120, 26 * 60, 20)):
        send_at(at + timedelta(minutes=minute))
    [callback] = log(sender)
    pauses = [later.at - sooner.at for sooner, later in zip(callback.attempts, callback.attempts[1:], strict=False)]
    assert len(callback.attempts) == 12
    assert pauses == sorted(pauses)
    assert timedelta(hours=22) < callback.attempts[-1].at - callback.attempts[0].at <= timedelta(hours=25)


def test_an_address_that_does_not_answer_rests_and_takes_no_time_from_others(
    sender: Sender, program: Program, send_at: Send
) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    program.answers[:] = [500]
    queue(sender)
    at = clock.now() + timedelta(seconds=1)
    send_at(at)
    queue(sender, "second")
    send_at(at + timedelta(seconds=29))
    assert len(program.heard) == 1
    send_at(at + timedelta(seconds=31))
    assert len(program.heard) == 2


def test_an_officer_sends_a_callback_again(sender: Sender, program: Program, send_at: Send) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    program.answers[:] = [404]
    queue(sender)
    send_at(clock.now() + timedelta(seconds=1))
    [callback] = log(sender)
    repeat_callback(sender.id, callback.id, actor=OFFICER, now=clock.now())
    send_at(clock.now() + timedelta(seconds=1))
    [again] = log(sender)
    assert ([attempt.status for attempt in again.attempts], again.outcome) == ([404, 204], Outcome.TAKEN)
    assert program.heard[0][1] == program.heard[1][1]


def test_what_nobody_wants_to_know_any_more_is_not_sent(sender: Sender, program: Program, send_at: Send) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    remove_callback(sender.id, Kind.INBOUND_SMS, actor=OFFICER, now=clock.now())
    send_at(clock.now() + timedelta(seconds=1))
    [callback] = log(sender)
    assert (program.heard, callback.outcome) == ([], Outcome.GIVEN_UP)
    with pytest.raises(NothingToSendTo):
        repeat_callback(sender.id, callback.id, actor=OFFICER, now=clock.now())


def test_news_that_did_not_happen_is_not_told(sender: Sender, program: Program, settle: Settle) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    with pytest.raises(ZeroDivisionError), transaction():
        queue_news([News(sender.council.id, sender.id, Kind.INBOUND_SMS, new_id(), {})])
        raise ZeroDivisionError
    settle()
    assert program.heard == []


def test_another_councils_callbacks_are_neither_seen_nor_sent_again(
    sender: Sender, program: Program, other_council: Council, send_at: Send
) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    send_at(clock.now() + timedelta(seconds=1))
    [callback] = log(sender)
    with acting_for(other_council.id):
        assert (log(sender), list_endpoints(sender.id)) == ([], {})
        with pytest.raises(CallbackNotFound):
            repeat_callback(sender.id, callback.id, actor=OFFICER, now=clock.now())


def test_the_secret_and_the_news_are_kept_hidden(sender: Sender, program: Program, as_login: Any) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender, "a secret of mine")
    with as_login("dispatcher") as worker:
        rows = worker.execute(
            "SELECT token FROM notify_callbackendpoint WHERE notify_service_id = %s UNION ALL "
            "SELECT body FROM notify_callback WHERE notify_service_id = %s",
            [sender.id, sender.id],
        ).fetchall()
    assert len(rows) == 2
    assert not any(TOKEN.encode() in row[0] or b"secret of mine" in row[0] for row in rows)


def test_a_saved_token_stays_when_only_the_address_changes(sender: Sender, program: Program, settle: Settle) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    elsewhere = NewEndpoint(Kind.INBOUND_SMS, program.url.replace("told", "elsewhere"), None)
    set_callback(sender.id, elsewhere, may_be_loopback=True, actor=OFFICER, now=clock.now())
    queue(sender)
    settle()
    assert program.heard[0][0]["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token", [None, "", "short", "nine char", "with a\nnew line in it", "ŵith an accent"])
def test_a_token_that_is_none_is_refused(sender: Sender, program: Program, token: str | None) -> None:
    wanted = NewEndpoint(Kind.COMPLAINT, program.url, token)
    with pytest.raises(TokenTooShort):
        set_callback(sender.id, wanted, may_be_loopback=True, actor=OFFICER, now=clock.now())


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/told",
        "ftp://example.com/",
        "https://",
        "https://user:word@example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[::10.0.0.1]/",
        "https://[2002:a00:1::]/",
        "https://[fec0::1]/",
        "https://[fd00::1]/",
        "https://192.0.0.192/",
        "https://168.63.129.16/",
        "https://metadata.google.internal/",
        "https://0.0.0.0/",
        "https://database/",
        "https://printer.local/",
        "https://example.com/a b",
        "https://example.com/" + "a" * 2000,
        "https://example.com:99999/",
        "not an address",
    ],
)
def test_an_address_that_is_not_of_the_open_internet_is_refused(sender: Sender, url: str) -> None:
    wanted = NewEndpoint(Kind.COMPLAINT, url, TOKEN)
    with pytest.raises(NotACallbackAddress):
        set_callback(sender.id, wanted, may_be_loopback=False, actor=OFFICER, now=clock.now())


def test_a_name_that_stands_for_a_private_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are looked up when they are called, by the system's resolver: this one answers with an inner address."""
    inner = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *names, **choices: inner)
    called = HttpCaller()("https://council.example/told", {}, b"{}")
    assert (called.status, called.problem) == (None, "10.0.0.7 is not a public address")


def test_callbacks_go_into_a_private_network_only_when_the_operator_allows_it(program: Program) -> None:
    url = program.url.replace("http://127.0.0.1", "https://127-0-0-1.example")
    assert HttpCaller()(url, {}, b"{}").status is None
    with pytest.raises(NotPublic):
        HttpCaller().check("127.0.0.1")
    HttpCaller(allowed=[ip_network("127.0.0.0/8")]).check("127.0.0.1")


def test_what_is_older_than_a_week_is_cleared_away(
    sender: Sender, program: Program, send_at: Send, database: dict[str, str]
) -> None:
    listen(sender, program, Kind.INBOUND_SMS)
    queue(sender)
    send_at(clock.now() + timedelta(seconds=1))

    def work() -> None:
        connection = connections["default"]
        connection.settings_dict = connection.settings_dict | django_database(database["dispatcher"], pooled=False)
        with acting_for(None):
            forget_callbacks(now=clock.now())
            assert log_as_worker() == 1
            forget_callbacks(now=clock.now() + MONTH)
            assert log_as_worker() == 0
        connection.close()

    def log_as_worker() -> int:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notify_callback WHERE notify_service_id = %s", [sender.id])
            return int(cursor.fetchone()[0])

    failed: list[BaseException] = []

    def watched() -> None:
        try:
            work()
        except BaseException as problem:
            failed.append(problem)

    thread = threading.Thread(target=watched)
    thread.start()
    join(thread)
    assert failed == []
