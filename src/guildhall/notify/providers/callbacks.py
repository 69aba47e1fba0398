"""Sending a callback over HTTP: to the open internet only, once, and not for longer than a few seconds.

The name is resolved here and the very address that was looked at is connected to, so that a name cannot mean one thing
when it is checked and another when it is used.
"""

import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Network, IPv6Network, ip_address

from guildhall.kernel.outgoing import HttpResponse, trust
from guildhall.notify.domain.callbacks import Address, Called, NotACallbackAddress, read_address
from guildhall.notify.domain.networks import is_public

SECONDS = 5.0
"""For all of it: from the name to the answer's status."""

Networks = Sequence[IPv4Network | IPv6Network]


class NotPublic(Exception):
    """The name stands for an address that callbacks may not go to."""


class _Line(HTTPConnection):
    response_class = HttpResponse


class HttpCaller:
    """Sends callbacks. ``allowed`` are private networks that the operator lets them go to."""

    def __init__(self, *, allowed: Networks = (), may_be_loopback: bool = False, seconds: float = SECONDS) -> None:
        self._allowed, self._may_be_loopback, self._seconds = allowed, may_be_loopback, seconds

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        """Send it and return what came of it. An answer that leads elsewhere is not followed."""
        try:
            address = read_address(url, may_be_loopback=self._may_be_loopback)
            return Called(self._post(address, headers, body))
        except (NotPublic, NotACallbackAddress) as fault:
            return Called(None, str(fault))
        except TimeoutError:
            return Called(None, f"no answer within {self._seconds:g} seconds")
        except (OSError, HTTPException, ValueError) as fault:
            return Called(None, _said(fault))

    def _post(self, address: Address, headers: Mapping[str, str], body: bytes) -> int:
        line = _Line(address.host, address.port, timeout=self._seconds)
        line.sock = self._connected(address)
        hung_up = threading.Event()
        watch = threading.Timer(self._seconds, _hang_up, (line, hung_up))
        watch.start()
        try:
            if address.is_https:
                self._encrypt(line)
            line.request("POST", address.path, body=body, headers={**headers, "Connection": "close"})
            return line.getresponse().status
        except (OSError, HTTPException, ValueError) as fault:
            if hung_up.is_set():
                raise TimeoutError from fault
            raise
        finally:
            watch.cancel()
            line.close()

    def _connected(self, address: Address) -> socket.socket:
        """Return a line to the name's first address.

        :raises NotPublic: one of its addresses is private.
        """
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        for *_, where in found:
            self.check(str(where[0]))
        host, port, *_ = found[0][4]
        return socket.create_connection((str(host), int(port)), timeout=self._seconds)

    def _encrypt(self, line: HTTPConnection) -> None:
        encrypted = trust().wrap_socket(line.sock, server_hostname=line.host, do_handshake_on_connect=False)
        line.sock = encrypted
        encrypted.do_handshake()

    def check(self, text: str) -> None:
        """Make sure that callbacks may go to an address.

        :raises NotPublic: they may not.
        """
        address = ip_address(text.partition("%")[0])
        if is_public(address) or any(address in network for network in self._allowed):
            return
        if not (self._may_be_loopback and address.is_loopback):
            raise NotPublic(f"{address} is not a public address")


def _hang_up(line: HTTPConnection, hung_up: threading.Event) -> None:
    """End a call that takes too long, also one that is answered a letter at a time."""
    hung_up.set()
    with suppress(OSError):
        line.sock.shutdown(socket.SHUT_RDWR)


def _said(fault: Exception) -> str:
    why = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return (why or type(fault).__name__)[:300]
