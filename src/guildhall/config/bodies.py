"""The bodies of requests: whole or not at all, and never so slow that nobody else is served.

The server beneath us waits for a body for as long as its sender likes, in one of so many threads. So a body that does
not come holds up its own: half of the threads at most wait at once for bodies from one network, and some wait for none.
Who comes when they do is told at once to come back, which takes no thread.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from guildhall.design.languages import Text
from guildhall.design.pages.policy import headers_of_every_answer
from guildhall.kernel.fast_path import Application
from guildhall.kernel.networks import Network, network_of
from guildhall.kernel.outside import whole_number

THREADS = 64

_LONGEST = 2**62
_COME_BACK = ("Retry-After", "5")
_WORDS = Text(
    "Too much is being sent slowly at the moment. Try again in a few seconds.",
    "Mae gormod yn cael ei anfon yn araf ar hyn o bryd. Rhowch gynnig arall arni mewn ychydig eiliadau.",
)


class NoRoom(OSError):
    """As many threads wait as may."""


class HungUp(OSError):
    """The body ended before it was whole."""


def threads() -> int:
    """Return how many threads of a web process answer requests."""
    return int(os.environ.get("GUILDHALL_WEB_THREADS") or THREADS)


class Waiting:
    """Counts which of so many threads wait for a body, or for somebody to read a long answer.

    A program that sends over as many connections as it likes has its bodies ready, so that a thread waits for
    microseconds, and no honest network comes near its half.
    """

    def __init__(self, threads: int) -> None:
        self._most, self._most_from_one_network = threads - max(1, threads // 8), max(1, threads // 2)
        self._all, self._from = 0, dict[Network, int]()
        self._lock = threading.Lock()

    def has_room(self, network: Network) -> bool:
        return self._all < self._most and self._from.get(network, 0) < self._most_from_one_network

    def begin(self, network: Network) -> None:
        """Count a thread in, until it is told that the wait is at its end.

        :raises NoRoom: as many wait as may.
        """
        with self._lock:
            if not self.has_room(network):
                raise NoRoom("too many threads wait")
            self._all += 1
            self._from[network] = self._from.get(network, 0) + 1

    def end(self, network: Network) -> None:
        with self._lock:
            self._all -= 1
            self._from[network] -= 1
            if not self._from[network]:
                del self._from[network]


class Body:
    """The body of one request, as the application reads it (``wsgi.input``). ``fault``: why it could not be read."""

    __slots__ = ("_input", "_missing", "_network", "_waiting", "fault")

    def __init__(self, environ: dict[str, Any], waiting: Waiting) -> None:
        self._input, self._network, self._waiting = environ["wsgi.input"], network_of(environ), waiting
        self._missing = whole_number(environ.get("CONTENT_LENGTH"), most=_LONGEST) or 0
        self.fault: NoRoom | HungUp | None = None

    @property
    def is_refused(self) -> bool:
        """Whether there is no room for it now, so that nobody need begin with the request."""
        return self._missing > 0 and not self._waiting.has_room(self._network)

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, or all.

        :raises NoRoom: too many bodies are waited for.
        :raises HungUp: the body ends before the length that was told: half of what was typed is not what was typed.
        """
        piece = self._read(self._input.read, size)
        if self._missing > 0 and (size < 0 or len(piece) < size):
            self.fault = HungUp("the body is not whole")
            raise self.fault
        return piece

    def readline(self, size: int = -1) -> bytes:
        return self._read(self._input.readline, size)

    def _read(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            self._waiting.begin(self._network)
        except NoRoom as fault:
            self.fault = fault
            raise
        try:
            piece = read(size)
        finally:
            self._waiting.end(self._network)
        self._missing -= len(piece)
        return piece


def with_bounded_bodies(inside: Application, waiting: Waiting) -> Application:
    """Return the application, given bodies that cannot take all threads, and that are whole.

    What it answers to one that cannot be read is left out: it is told why instead.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = Body(environ, waiting)
        if body.is_refused:
            return _refuse(NoRoom, start_response)
        environ["wsgi.input"] = body
        try:
            answer = inside(environ, start_response)
        except (NoRoom, HungUp) as fault:
            return _refuse(type(fault), start_response)
        if body.fault is None:
            return answer
        if hasattr(answer, "close"):
            answer.close()
        return _refuse(type(body.fault), start_response)

    return application


def _refuse(fault: type[OSError], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer by the fault alone: somebody who speaks Welsh, or a program, or nobody reads it."""
    status, words = _REFUSALS[fault]
    own = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(words))), _COME_BACK]
    start_response(status, [*own, *headers_of_every_answer().items()])
    return [words]


_REFUSALS = {
    NoRoom: ("503 Service Unavailable", f"{_WORDS.en}\n{_WORDS.cy}\n".encode()),
    HungUp: ("400 Bad Request", b"The body is not whole.\n"),
}
