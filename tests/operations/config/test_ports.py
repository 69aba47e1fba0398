"""A port belongs to one installation, from the check to the end."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from guildhall.config.ports import Held, Place, find_place, hold
from guildhall.config.problems import Problem

from .conftest import free_port, start_guildhall, wait_until

EVERY_ADDRESS = ("127.0.0.1", "0.0.0.0", "::1", "::")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def until_then() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _hold_all_at_once(places: list[Place]) -> tuple[list[Held], list[str]]:
    """Hold each place in a thread of its own, all at one instant: who got it, and what the others were told."""
    ready, got, told = threading.Barrier(len(places)), [], []

    def try_it(place: Place) -> None:
        ready.wait()
        try:
            got.append(hold(place))
        except Problem as problem:
            told.append(str(problem))

    threads = [threading.Thread(target=try_it, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got, told


@pytest.mark.parametrize("addresses", [("127.0.0.1",) * 8, EVERY_ADDRESS * 2], ids=["one address", "every address"])
def test_of_many_who_want_a_port_at_one_instant_one_has_it(port: int, addresses: tuple[str, ...]) -> None:
    for _ in range(20):
        got, told = _hold_all_at_once([Place(address, port) for address in addresses])
        assert len(got) == 1
        assert len(told) == len(addresses) - 1
        got[0].let_go()


def test_two_starts_at_one_instant_with_folders_of_their_own_are_one_start(folder: Path, port: int) -> None:
    starts = [start_guildhall("up", "--port", port, "--data", folder / name) for name in ("one", "other")]
    wait_until(lambda: any(start.poll() is not None for start in starts))
    refused, running = sorted(starts, key=lambda start: start.poll() is None)
    assert refused.returncode == 1
    assert refused.stderr is not None
    assert f"Port {port} belongs to a Guildhall that runs here already" in refused.stderr.read()
    assert running.poll() is None
    running.terminate()
    running.communicate(timeout=60)
    hold(Place("127.0.0.1", port)).let_go()


@pytest.mark.parametrize("options", [0, socket.SO_REUSEPORT], ids=["alone", "ready to share"])
@pytest.mark.parametrize(
    ("theirs", "ours"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "::")]
)
def test_another_programs_port_is_not_taken(
    port: int, theirs: str, ours: str, options: int, until_then: ExitStack
) -> None:
    other = until_then.enter_context(socket.socket())
    if options:
        other.setsockopt(socket.SOL_SOCKET, options, 1)
    other.bind((theirs, port))
    other.listen()
    with pytest.raises(Problem, match=f"Port {port} is in use by another program"):
        hold(Place(ours, port))


def test_nobody_can_listen_beside_us(port: int, until_then: ExitStack) -> None:
    until_then.callback(hold(Place("127.0.0.1", port)).let_go)
    other = until_then.enter_context(socket.socket())
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with pytest.raises(OSError, match="already in use"):
        other.bind(("127.0.0.1", port))
        other.listen()


def test_a_port_is_held_as_long_as_anybody_holds_it_and_no_lock_is_left_when_they_are_killed(port: int) -> None:
    held = hold(Place("127.0.0.1", port))
    heir = subprocess.Popen(["sleep", "600"], pass_fds=held.descriptors)
    held.let_go()
    for address in EVERY_ADDRESS:
        with pytest.raises(Problem, match="belongs to a Guildhall"):
            hold(Place(address, port))
    heir.kill()
    heir.wait()
    hold(Place("127.0.0.1", port)).let_go()


def test_connections_that_have_ended_do_not_keep_the_port(port: int) -> None:
    held = hold(Place("127.0.0.1", port))
    with socket.create_connection(("127.0.0.1", port)):
        held.listener.accept()[0].close()  # the side that closes first is remembered for a minute
    held.let_go()
    hold(Place("127.0.0.1", port)).let_go()


def test_no_piece_of_an_answer_waits_until_the_one_before_it_is_acknowledged(port: int, until_then: ExitStack) -> None:
    held = hold(Place("127.0.0.1", port))
    until_then.callback(held.let_go)
    until_then.enter_context(socket.create_connection(("127.0.0.1", port)))
    ours = until_then.enter_context(held.listener.accept()[0])
    assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("port", [0, -1, 65_536, 99_999])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Problem, match="is not a port: choose one from 1 to 65535 with --port"):
        find_place("127.0.0.1", port)


@pytest.mark.parametrize("host", ["", "nowhere.invalid", "300.1.1.1", "x" * 300, "\x00"])
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(Problem, match="is not an address of this machine"):
        find_place(host, 8000)


def test_an_address_of_another_machine_is_refused(port: int) -> None:
    with pytest.raises(Problem, match=r"'192\.0\.2\.1' is not an address of this machine"):
        hold(Place("192.0.2.1", port))


def test_a_name_becomes_the_address_that_it_stands_for() -> None:
    assert find_place("localhost", 8000).is_loopback
    assert find_place("0", 8000).is_everywhere
