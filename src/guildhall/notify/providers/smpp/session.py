"""One line to a message centre: bound, kept alive, shared by all who send, and listened to."""

import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import cycle

import structlog

from guildhall.kernel.outgoing import trust
from guildhall.notify.providers.smpp.pdu import HEADER, LONGEST, RESPONSE, Command, Pdu, Torn, bind_body

log = structlog.get_logger(__name__)

SECONDS_TO_BIND = 10.0
KEPT, NOT_NOW, NEVER = 0, 0x64, 0x65
"""What the centre is told of what it brings: kept; to be brought again; not to be brought again, for it is not kept."""


class LineLost(Exception):
    """The line is gone. ``is_sent``: what was asked may have arrived before."""

    def __init__(self, why: str, *, is_sent: bool) -> None:
        super().__init__(why)
        self.is_sent = is_sent


class NoRoom(Exception):
    """Too many requests are under way."""


@dataclass(frozen=True, slots=True)
class Centre:
    """A message centre, and as whom we call. ``seconds_of_silence``: after these, we ask whether it is still there."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    is_tls: bool = False
    window: int = 10
    seconds_of_silence: float = 30.0

    @property
    def name(self) -> str:
        return f"{self.system_id}@{self.host}:{self.port}"


Bring = Callable[[Pdu], int]
"""Takes what the centre brings, and returns what it is told: one of the three above."""


class Session:
    """A bound line. Answers are told apart by their sequence numbers, so that several requests may be under way.

    :raises LineLost: the centre cannot be reached, or does not let us in.
    """

    def __init__(self, centre: Centre, bring: Bring) -> None:
        self._centre, self._bring = centre, bring
        self._answers: dict[int, Future[Pdu]] = {}
        self._lock, self._window = threading.Lock(), threading.BoundedSemaphore(centre.window)
        self._sequence = cycle(range(1, 0x7FFFFFFF))
        self._end: LineLost | None = None
        self._socket = _connect(centre)
        threading.Thread(target=self._listen, name=f"smpp-{centre.host}", daemon=True).start()
        self._bind()

    @property
    def is_open(self) -> bool:
        return self._end is None

    def ask(self, command: Command, body: bytes, *, seconds: float) -> "Future[Pdu]":
        """Send a request when there is room for one more under way; return what will be its answer.

        :raises NoRoom: so many are still without an answer after ``seconds``.
        """
        if not self._window.acquire(timeout=max(0.0, seconds)):
            raise NoRoom("the centre does not answer")
        answer = self._send(command, body)
        answer.add_done_callback(lambda done: self._window.release())
        return answer

    def give_up(self, why: str) -> None:
        """Hang up on a centre that does not answer: what it was asked stays without an answer."""
        self._lose(why)

    def close(self) -> None:
        """Say goodbye and hang up."""
        if self.is_open:
            with contextlib.suppress(LineLost, TimeoutError):
                self._send(Command.UNBIND, b"").result(timeout=1.0)
        self._lose("we hung up")

    def _bind(self) -> None:
        centre = self._centre
        body = bind_body(centre.system_id, centre.password, centre.system_type)
        try:
            answer = self._send(Command.BIND_TRANSCEIVER, body).result(timeout=SECONDS_TO_BIND)
        except (LineLost, TimeoutError) as fault:
            self._lose("the centre did not answer")
            raise LineLost(f"the centre did not let us in: {fault}", is_sent=False) from fault
        if answer.status:
            self._lose("the centre did not let us in")
            raise LineLost(f"the centre did not let us in: status {answer.status:#x}", is_sent=False)

    def _send(self, command: int, body: bytes) -> "Future[Pdu]":
        answer: Future[Pdu] = Future()
        with self._lock:
            if self._end is not None:
                answer.set_exception(LineLost(str(self._end), is_sent=False))
                return answer
            sequence = next(self._sequence)
            self._answers[sequence] = answer
        self._write(Pdu(command, 0, sequence, body))
        return answer

    def _write(self, pdu: Pdu) -> None:
        try:
            with self._lock:
                self._socket.sendall(pdu.encode())
        except OSError as fault:
            self._lose(f"{type(fault).__name__}: {fault}")

    def _listen(self) -> None:
        """Read what comes until the line is gone. A silent centre is asked; one that stays silent is given up."""
        has_asked = False
        try:
            while self.is_open:
                try:
                    pdu = self._read()
                except TimeoutError:
                    if has_asked:
                        raise
                    has_asked = True
                    self._send(Command.ENQUIRE_LINK, b"")
                    continue
                has_asked = False
                self._take(pdu)
        except (OSError, Torn) as fault:
            self._lose(f"{type(fault).__name__}: {fault}")
        except Exception as fault:
            log.exception("smpp_line_failed", centre=self._centre.name)
            self._lose(f"{type(fault).__name__}: {fault}")

    def _read(self) -> Pdu:
        length, command, status, sequence = HEADER.unpack(self._read_octets(HEADER.size, may_be_silent=True))
        if not HEADER.size <= length <= LONGEST:
            raise Torn(f"a command of {length} octets")
        return Pdu(command, status, sequence, self._read_octets(length - HEADER.size, may_be_silent=False))

    def _read_octets(self, count: int, *, may_be_silent: bool) -> bytes:
        """Read so many octets. Silence before the first of a command is no fault; in the midst of one it is."""
        read = bytearray()
        while len(read) < count:
            try:
                more = self._socket.recv(count - len(read))
            except TimeoutError as fault:
                if may_be_silent and not read:
                    raise
                raise Torn("the centre fell silent in the midst of a command") from fault
            if not more:
                raise Torn("the centre hung up")
            read += more
        return bytes(read)

    def _take(self, pdu: Pdu) -> None:
        if pdu.is_response:
            with self._lock:
                answer = self._answers.pop(pdu.sequence, None)
            if answer is not None:
                answer.set_result(pdu)
        elif pdu.command == Command.DELIVER_SM:
            self._write(Pdu(RESPONSE | pdu.command, self._bring(pdu), pdu.sequence, b"\0"))
        elif pdu.command in (Command.ENQUIRE_LINK, Command.UNBIND):
            self._write(Pdu(RESPONSE | pdu.command, 0, pdu.sequence))
            if pdu.command == Command.UNBIND:
                raise Torn("the centre said goodbye")
        else:
            self._write(Pdu(Command.GENERIC_NACK, 3, pdu.sequence))

    def _lose(self, why: str) -> None:
        with self._lock:
            if self._end is None:
                self._end = LineLost(why, is_sent=True)
            waiting, self._answers = list(self._answers.values()), {}
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for each in waiting:
            each.set_exception(LineLost(why, is_sent=True))


def _connect(centre: Centre) -> socket.socket:
    try:
        line = socket.create_connection((centre.host, centre.port), timeout=SECONDS_TO_BIND)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if centre.is_tls:
            line = trust().wrap_socket(line, server_hostname=centre.host)
        line.settimeout(centre.seconds_of_silence)
    except OSError as fault:
        raise LineLost(f"{type(fault).__name__}: {fault}", is_sent=False) from fault
    return line
