"""A slow machine is not a failed start: the launcher waits for what lives, and says what it waits for."""

import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from guildhall.config.ports import Held, Place, hold
from guildhall.config.problems import Problem
from guildhall.config.readiness import reminded, wait_until_ready
from guildhall.config.supervision import Child, end_all

from .conftest import free_port, wait_until

NO_WORKER = {"ready": False, "database": "ok", "migrations": "ok", "worker": "no worker runs"}
READY = {"ready": True, "database": "ok", "migrations": "ok", "worker": "ok"}


@pytest.fixture
def port() -> Iterator[Held]:
    held = hold(Place("127.0.0.1", free_port()))
    yield held
    held.let_go()


@pytest.fixture
def children() -> Iterator[list[Child]]:
    """Two processes that live and do nothing: what they are does not matter to who waits for them."""
    both = [Child(name, ["sleep", "600"], {}) for name in ("web", "worker")]
    for child in both:
        child.start()
    yield both
    end_all(both)


@contextmanager
def _answering(listener: socket.socket, find: Callable[[], dict[str, object]]) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = json.dumps(find()).encode()
            self.send_response(200 if b'"ready": true' in found else 503)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(listener.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener.dup()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


class _Enough(Exception):
    pass


def _waited(children: list[Child], port: Held, *, words: int) -> list[str]:
    """Return the first words that are said while nothing becomes ready."""
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if len(said) == words:
            raise _Enough

    with pytest.raises(_Enough):
        wait_until_ready(children, port.place, say, speak_every=0)
    return said


def test_it_waits_without_end_for_a_process_that_does_not_answer_yet(children: list[Child], port: Held) -> None:
    said = _waited(children, port, words=6)
    assert all(line.startswith("Not ready yet: no answer; the web process has") for line in said)


def test_the_process_that_is_waited_for_is_named_and_whether_it_moves(children: list[Child], port: Held) -> None:
    with _answering(port.listener, lambda: NO_WORKER):
        said = _waited(children, port, words=6)
    assert said[-1].startswith("Not ready yet: worker: no worker runs; the worker process has not moved for ")


def test_a_process_that_works_is_not_said_to_stand_still(children: list[Child], port: Held) -> None:
    children[0].end(signal.SIGKILL)
    children[0].command = ["sh", "-c", "while :; do :; done"]
    children[0].start()
    assert any("the web process has worked for" in line for line in _waited(children, port, words=6))


def test_it_goes_on_when_all_is_ready_whatever_was_said_before(children: list[Child], port: Held) -> None:
    answers = iter([NO_WORKER, NO_WORKER, READY])
    with _answering(port.listener, lambda: next(answers)):
        wait_until_ready(children, port.place, lambda line: None, speak_every=0)
    assert next(answers, None) is None


def test_a_process_that_ended_is_a_failed_start(children: list[Child], port: Held) -> None:
    children[1].end(signal.SIGKILL)
    wait_until(lambda: not children[1].is_alive())
    with pytest.raises(Problem, match="The worker process could not start"):
        wait_until_ready(children, port.place, lambda line: None)


def test_a_proxy_that_the_environment_names_is_not_asked(
    children: list[Child], port: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with _answering(port.listener, lambda: READY):
        wait_until_ready(children, port.place, lambda line: None)


def test_what_takes_long_is_said_for_as_long_as_it_does_and_no_longer() -> None:
    said: list[str] = []
    with reminded(said.append, "The database does not answer yet", speak_every=0):
        wait_until(lambda: len(said) > 2)
    count = len(said)
    assert set(said) == {"The database does not answer yet"}
    assert not [thread for thread in threading.enumerate() if "remind" in thread.name]
    assert len(said) == count
