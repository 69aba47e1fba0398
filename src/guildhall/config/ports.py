"""Ports: one belongs to one installation, from the first look at it until the last process that serves on it has ended.

A port is taken by listening on it alone, so that the kernel refuses every other listener on that address, and together
with a name made from its number, so that no second Guildhall serves the same number on another address: 127.0.0.1 and
::1 are both "localhost". The kernel gives both back when the processes that hold them have ended, however they ended.
What is asked before the server is there waits in the queue.
"""

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from guildhall.config.lifeline import LAUNCHER
from guildhall.config.problems import Problem

LISTENERS = "GUILDHALL_LISTENERS"
QUEUE = 1024


@dataclass(frozen=True)
class Place:
    """Where to listen. ``chosen_with`` says how the operator chooses another port."""

    address: str
    port: int
    chosen_with: str = "--port"

    @property
    def is_loopback(self) -> bool:
        return ip_address(self.address.partition("%")[0]).is_loopback

    @property
    def is_everywhere(self) -> bool:
        return ip_address(self.address.partition("%")[0]).is_unspecified

    @property
    def as_url_host(self) -> str:
        return f"[{self.address}]" if ":" in self.address else self.address


@dataclass(frozen=True)
class Held:
    """A port that is ours. It can be handed down to a process that we start."""

    place: Place
    listener: socket.socket
    name: socket.socket | None

    @property
    def descriptors(self) -> tuple[int, ...]:
        return (self.listener.fileno(), *([self.name.fileno()] if self.name else []))

    def let_go(self) -> None:
        self.listener.close()
        if self.name:
            self.name.close()


def find_place(host: str, port: int, *, chosen_with: str = "--port") -> Place:
    """Return the place that a host and port mean: a name becomes the first address it stands for.

    :raises Problem: the host is no address of any machine, or the port is no port.
    """
    if not 0 < port < 1 << 16:
        raise Problem(f"{port} is not a port: choose one from 1 to 65535 with {chosen_with}.")
    try:
        found = socket.getaddrinfo(host or ".", port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _not_ours(host) from None
    return Place(str(found[0][4][0]), port, chosen_with)


@contextlib.contextmanager
def held(places: Iterable[Place]) -> Iterator[list[Held]]:
    """Hold all these ports, or none, and let go of them afterwards.

    :raises Problem: one is another program's, or cannot be had.
    """
    with contextlib.ExitStack() as until_then:
        taken = []
        for place in places:
            taken.append(hold(place))
            until_then.callback(taken[-1].let_go)
        yield taken


def hold(place: Place) -> Held:
    """Take a port.

    :raises Problem: it is another program's, or cannot be had.
    """
    name = _take_name(place)
    try:
        return Held(place, _listen(place), name)
    except OSError as refusal:
        if name:
            name.close()
        raise _why_not(place, refusal) from refusal


@contextlib.contextmanager
def listening_at(place: Place) -> Iterator[socket.socket]:
    """Give the socket that our launcher listens with at this place; without a launcher, hold the port ourselves.

    :raises Problem: nobody handed it down, and it is another program's.
    """
    known = dict(each.split("=") for each in os.environ.get(LISTENERS, "").split(",") if each)
    if LAUNCHER in os.environ and str(place.port) in known:
        with socket.socket(fileno=int(known[str(place.port)])) as listener:
            yield listener
        return
    with held([place]) as [own]:
        yield own.listener


def handed_down(ports: Iterable[Held]) -> dict[str, str]:
    """Return the environment by which a process that we start finds the ports that it is to serve on."""
    return {LISTENERS: ",".join(f"{each.place.port}={each.listener.fileno()}" for each in ports)}


def _take_name(place: Place) -> socket.socket | None:
    """Take the number's name among Linux's abstract sockets, which have no file and end with their process."""
    if sys.platform != "linux":
        return None
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0guildhall port {place.port}")
    except OSError as refusal:
        name.close()
        raise Problem(
            f"Port {place.port} belongs to a Guildhall that runs here already: stop that one, "
            f"or choose another port with {place.chosen_with}."
        ) from refusal
    return name


def _listen(place: Place) -> socket.socket:
    """Without SO_REUSEPORT, which lets others listen too. SO_REUSEADDR only passes over connections that have ended.

    Its connections have TCP_NODELAY: no piece of an answer waits until the one before it is acknowledged.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in place.address else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind((place.address, place.port))
        listener.listen(QUEUE)
    except BaseException:
        listener.close()
        raise
    return listener


def _why_not(place: Place, refusal: OSError) -> Problem:
    match refusal.errno:
        case errno.EADDRINUSE:
            return Problem(
                f"Port {place.port} is in use by another program: stop it, or choose another with {place.chosen_with}."
            )
        case errno.EACCES:
            return Problem(f"Port {place.port} is for root only: choose one from 1024 on with {place.chosen_with}.")
        case _:
            return _not_ours(place.address)


def _not_ours(host: str) -> Problem:
    return Problem(f"{host!r} is not an address of this machine.")
