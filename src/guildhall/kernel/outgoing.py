"""What others answer whom we ask over the network: waited for until a moment, and read up to a length.

A socket's own timeout begins anew with every byte, and no library of ours bounds what it reads: one server that lets
its answer drip, or never ends it, would keep a thread or the memory for good. Every answer over HTTP is read here;
who speaks another protocol reads with ``Answer``.
"""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPResponse
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError
from urllib3.util import Timeout

LONGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer, its head among them: all templates of a large service, and the same again."""


@cache
def trust() -> ssl.SSLContext:
    """Return whom we believe over TLS: whoever this machine did when we first asked.

    Reading it takes tens of milliseconds, so a process that is to believe others is started again.
    """
    return ssl.create_default_context()


class AnswerTooLong(OSError):
    """More came than anybody means to read."""


class NoAnswer(Exception):
    """There was none, in time and within bounds. ``is_sent``: what was asked may have arrived all the same."""

    def __init__(self, fault: Exception, *, is_sent: bool) -> None:
        super().__init__(f"{type(fault).__name__}: {fault}")
        self.is_sent = is_sent


class Answer(io.RawIOBase):
    """What comes over a socket from now on: within ``seconds`` in all, and ``longest`` bytes of it.

    Reading raises ``TimeoutError`` and ``AnswerTooLong``. The socket stays its owner's, with its own timeout.
    """

    def __init__(self, sock: socket.socket, *, seconds: float, longest: int) -> None:
        self._sock, self._until, self._left = sock, time.monotonic() + seconds, longest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:  # also when more comes at once, again and again
            raise TimeoutError("no whole answer in time")
        waits = self._sock.gettimeout()
        self._sock.settimeout(left)
        try:
            count = self._sock.recv_into(buffer)
        finally:
            self._sock.settimeout(waits)
        self._left -= count
        if self._left < 0:
            raise AnswerTooLong("the answer does not end")
        return count


class HttpResponse(HTTPResponse):
    """The standard library's, read within the seconds that its socket waits for anything."""

    def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        self._file = self.fp  # keeps the socket open until the answer is closed
        bounded = Answer(sock, seconds=sock.gettimeout() or 0.0, longest=LONGEST_ANSWER)
        self.fp = io.BufferedReader(bounded)

    def _close_conn(self) -> None:
        super()._close_conn()  # type: ignore[misc]
        self._file.close()


class _Connection(HTTPConnection):
    response_class = HttpResponse


class _SecureConnection(HTTPSConnection):
    response_class = HttpResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A status, and the body as it was sent: nothing in it is unpacked."""

    status: int
    body: bytes


class Http:
    """Asks over HTTP, so many times at once at most, over connections that are kept. Never led elsewhere."""

    def __init__(self, *, connections: int = 1) -> None:
        self._pool = urllib3.PoolManager(maxsize=connections, block=True, retries=False)
        self._pool.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def ask(
        self, method: str, url: str, *, headers: Mapping[str, str], seconds: float, body: bytes | None = None
    ) -> HttpAnswer:
        """Ask, and return the answer if all of it is there within ``seconds``.

        :raises NoAnswer: it is not, or is longer than may be, or is no HTTP.
        """
        timeout = Timeout(connect=seconds / 2, total=seconds)
        try:
            answer = self._pool.request(
                method, url, headers=headers, body=body, timeout=timeout, redirect=False, decode_content=False
            )
        except (NewConnectionError, ConnectTimeoutError, SSLError) as fault:
            raise NoAnswer(fault, is_sent=False) from fault
        except HTTPError as fault:
            raise NoAnswer(fault, is_sent=True) from fault
        return HttpAnswer(answer.status, answer.data)
