"""A body that does not come keeps a thread waiting, not the house; and half a body is none."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest

from guildhall.config.bodies import Waiting, with_bounded_bodies
from guildhall.kernel.networks import network_of


class NeverComes(BytesIO):
    """The body of somebody who sends its first half and waits."""

    def __init__(self) -> None:
        super().__init__(b"half")
        self.is_waited_for, self.hangs_up = threading.Event(), threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self.is_waited_for.set()
        self.hangs_up.wait(30)
        return super().read(size)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))
    start_response("200 OK", [])
    return [body]


def swallow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Act as if nothing had been sent, as a reader of forms may when it cannot read."""
    try:
        return echo(environ, start_response)
    except OSError:
        start_response("200 OK", [])
        return [b"nothing was sent"]


class House:
    def __init__(self, application: Any, threads: int = 64) -> None:
        self._application = with_bounded_bodies(application, Waiting(threads))

    def ask(self, body: BytesIO, length: int | str, address: str = "192.0.2.1") -> tuple[str, bytes]:
        told: list[str] = []
        environ = {"wsgi.input": body, "CONTENT_LENGTH": str(length), "REMOTE_ADDR": address}
        answer = b"".join(self._application(environ, lambda status, headers: told.append(status)))
        return told[-1], answer


@pytest.mark.parametrize("application", [echo, swallow])
def test_bodies_that_do_not_come_leave_threads_for_others_and_let_go(application: Any) -> None:
    house, late = House(application, threads=4), [NeverComes() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(house.ask, each, 8) for each in late[:2]]
        assert all(each.is_waited_for.wait(30) for each in late[:2])
        assert house.ask(BytesIO(b"a"), 1)[0] == "503 Service Unavailable"
        assert house.ask(BytesIO(b"a"), 1, "192.0.2.2") == ("200 OK", b"a")
        waiting.append(pool.submit(house.ask, late[2], 8, "192.0.2.2"))
        assert late[2].is_waited_for.wait(30)
        assert house.ask(BytesIO(b"a"), 1, "192.0.2.3")[0] == "503 Service Unavailable"
        for each in late:
            each.hangs_up.set()
        assert {each.result()[0] for each in waiting} == {"400 Bad Request"}
    assert house.ask(BytesIO(b"a"), 1) == ("200 OK", b"a")


def test_networks_that_no_longer_wait_are_forgotten() -> None:
    waiting = Waiting(4)
    for number in range(100):
        waiting.begin(network := network_of({"REMOTE_ADDR": f"192.0.2.{number}"}))
        waiting.end(network)
    assert not any(each for each in vars(waiting).values() if isinstance(each, dict))


@pytest.mark.parametrize("application", [echo, swallow])
def test_half_a_body_is_none(application: Any) -> None:
    """Whoever loses their connection has not typed half of an answer."""
    assert House(application).ask(BytesIO(b"half"), 8) == ("400 Bad Request", b"The body is not whole.\n")


@pytest.mark.parametrize("length", ["", "0", "x"])
def test_a_request_without_a_body_has_none(length: str) -> None:
    house = House(lambda environ, start: (start("200 OK", []), [environ["wsgi.input"].read(0)])[1])
    assert house.ask(BytesIO(b""), length) == ("200 OK", b"")


def test_a_body_is_read_in_pieces_and_lines() -> None:
    def pieces(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        body = environ["wsgi.input"]
        return [b"|".join((body.read(2), body.readline(), body.read(), body.read(5)))]

    assert House(pieces).ask(BytesIO(b"abc\ndef"), 7) == ("200 OK", b"ab|c\n|def|")
