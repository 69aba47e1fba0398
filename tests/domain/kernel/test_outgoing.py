"""Whoever is asked over the network chooses neither how long we wait nor how much we read."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from guildhall.kernel import outgoing
from guildhall.kernel.outgoing import Answer, AnswerTooLong, Http, NoAnswer

SECONDS = 0.3
Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Iterator[str]:
    """Answer whoever asks, as a hostile server would, and hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listener.accept()
                    with line, suppress(OSError):
                        line.recv(4096)
                        serve(line)

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)


def dripping(head: bytes, drips: bytes) -> Serve:
    """Let the last bytes of an answer drip: each in good time, all of them not."""

    def serve(line: socket.socket) -> None:
        line.sendall(head)
        for each in drips:
            time.sleep(SECONDS / 10)
            line.sendall(bytes([each]))

    return serve


def flooding(head: bytes, piece: bytes) -> Serve:
    """Send much more than anybody means to read, as fast as it goes, and then an end."""

    def serve(line: socket.socket) -> None:
        line.sendall(head)
        for _ in range(2_000):
            line.sendall(piece)
        line.sendall(b"0\r\n\r\n" if b"chunked" in head else b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    return serve


HOSTILE = {
    "a head that drips": dripping(b"HTTP/1.1 200 OK\r\nA: ", b"a" * 20 + b"\r\nContent-Length: 0\r\n\r\n"),
    "a body that drips": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n", b"a" * 25),
    "a piece that drips": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"f\r\n" + b"a" * 25),
    "a body without end": flooding(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 1000),
    "pieces without end": flooding(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"a" * 1000 + b"\r\n"
    ),
    "heads without end": flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 40),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_answer_that_does_not_come_to_its_end_is_none(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "LONGEST_ANSWER", 500_000)
    with server(HOSTILE[kind]) as url, pytest.raises(NoAnswer) as refusal:
        Http().ask("GET", url, headers={}, seconds=60 if "end" in kind else SECONDS)
    assert refusal.value.is_sent


def test_time_is_up_also_when_more_comes_at_once_again_and_again() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"a" * 1000)
        answer = Answer(here, seconds=-1.0, longest=1000)
        with pytest.raises(TimeoutError):
            answer.read(1)


def test_each_wait_is_for_what_is_left_of_the_time_and_no_longer() -> None:
    waits: list[float | None] = []

    class Line(socket.socket):
        def recv_into(self, *_: object) -> int:  # type: ignore[override]
            waits.append(self.gettimeout())
            return 1

    with Line() as line:
        line.settimeout(60.0)
        Answer(line, seconds=1.0, longest=10).read(1)
    assert waits[0] is not None and waits[0] <= 1.0


def test_only_so_much_is_read_and_the_socket_keeps_its_own_patience() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(7.0)
        there.sendall(b"a" * 1000)
        answer = Answer(here, seconds=60, longest=900)
        assert answer.read(900) == b"a" * 900
        with pytest.raises(AnswerTooLong):
            answer.read(100)
        assert here.gettimeout() == 7.0


def test_what_is_packed_is_left_packed() -> None:
    """Some kilobytes can be packed that are gigabytes unpacked."""
    packed = gzip.compress(b"a" * 1_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with server(lambda line: line.sendall(head + packed)) as url:
        assert Http().ask("GET", url, headers={}, seconds=60).body == packed


def test_a_line_is_kept_for_the_next_question() -> None:
    lines: list[socket.socket] = []

    def serve(line: socket.socket) -> None:
        lines.append(line)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2")

    with server(serve) as url:
        http = Http()
        bodies = [http.ask("GET", url, headers={}, seconds=60).body for _ in range(2)]
    assert (bodies, len(lines)) == ([b"1", b"2"], 1)


def test_an_answer_that_ends_when_the_line_does_is_read_to_its_end() -> None:
    with server(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")) as url:
        assert Http().ask("GET", url, headers={}, seconds=60).body == b"hello"


def test_who_cannot_be_reached_was_sent_nothing() -> None:
    with pytest.raises(NoAnswer) as refusal:
        Http().ask("GET", "http://127.0.0.1:1/", headers={}, seconds=60)
    assert not refusal.value.is_sent
