"""Files looked into by ClamAV's daemon, over its own protocol."""

import socket
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

from guildhall.kernel.outgoing import Answer
from guildhall.notify.ports import ScannerUnreachable

SECONDS = 20.0
LONGEST_VERDICT = 4096
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Clamd:
    """A daemon at a host and port, or at a socket in the file system when ``host`` is empty."""

    host: str
    port: int
    path: str = ""

    def passes(self, content: bytes) -> bool:
        """Send the content in pieces (INSTREAM) and read the verdict: ``stream: OK`` or ``stream: … FOUND``."""
        try:
            with self._connection() as connection:
                connection.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), _CHUNK):
                    piece = content[start : start + _CHUNK]
                    connection.sendall(struct.pack("!L", len(piece)) + piece)
                connection.sendall(struct.pack("!L", 0))
                verdict = _read_to_the_end(connection)
        except OSError as fault:
            raise ScannerUnreachable("the virus scanner does not answer: try again later") from fault
        if verdict.endswith(b" FOUND"):
            return False
        if verdict.endswith(b" OK"):
            return True
        raise ScannerUnreachable(f"the virus scanner says {verdict.decode(errors='replace')!r}")

    def _connection(self) -> socket.socket:
        if self.host:
            return socket.create_connection((self.host, self.port), SECONDS)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        connection.connect(self.path)
        return connection


def clamd_at(url: str) -> Clamd:
    """Return the daemon at ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``.

    :raises ValueError: the address is neither.
    """
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return Clamd(parts.hostname, parts.port or 3310)
    if parts.scheme == "unix" and parts.path:
        return Clamd("", 0, parts.path)
    raise ValueError(f"{url} is not tcp://host:port or unix:///path")


def _read_to_the_end(connection: socket.socket) -> bytes:
    answer, told = Answer(connection, seconds=SECONDS, longest=LONGEST_VERDICT), b""
    while not told.endswith(b"\0") and (piece := answer.read(LONGEST_VERDICT)):
        told += piece
    return told.rstrip(b"\0\n")
