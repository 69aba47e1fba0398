"""A printer's server: SSH and SFTP on loopback, with one user and one key, over a folder."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface


@dataclass(frozen=True)
class PrintersServer:
    """Where the server listens, by what key it is known, and whom it lets in. ``deaf`` makes it answer nobody."""

    port: int
    host_key: str
    private_key: str
    folder: Path


class _Gate(paramiko.ServerInterface):
    def __init__(self, allowed: paramiko.PKey) -> None:
        self._allowed = allowed

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_known = username == "council" and key.asbytes() == self._allowed.asbytes()
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Files(SFTPServerInterface):
    def __init__(self, server: Any, folder: Path, *words: Any, **more: Any) -> None:
        super().__init__(server, *words, **more)
        self._folder = folder

    def _real(self, path: str) -> str:
        return str(self._folder) + self.canonicalize(path)

    def _attempt(self, act: Any, *words: Any) -> int:
        try:
            act(*words)
        except OSError as fault:
            return SFTPServer.convert_errno(fault.errno or 0)
        return paramiko.SFTP_OK

    def stat(self, path: str) -> Any:
        try:
            return SFTPAttributes.from_stat(os.stat(self._real(path)))
        except OSError as fault:
            return SFTPServer.convert_errno(fault.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        try:
            handle = SFTPHandle(flags)
            handle.writefile = handle.readfile = os.fdopen(os.open(self._real(path), flags, 0o600), "wb")  # type: ignore[attr-defined]
        except OSError as fault:
            return SFTPServer.convert_errno(fault.errno or 0)
        return handle

    def mkdir(self, path: str, attr: Any) -> int:
        return self._attempt(os.mkdir, self._real(path))

    def remove(self, path: str) -> int:
        return self._attempt(os.remove, self._real(path))

    def rename(self, oldpath: str, newpath: str) -> int:
        return self._attempt(os.rename, self._real(oldpath), self._real(newpath))

    posix_rename = rename


_TURNS = cycle(range(2))
"""A server has other keys than the one before it."""


@cache
def _keys(_turn: int) -> tuple[paramiko.RSAKey, paramiko.RSAKey]:
    """Return a server's key and its user's, made once: it takes a tenth of a second."""
    return paramiko.RSAKey.generate(2048), paramiko.RSAKey.generate(2048)


@contextmanager
def printers_server(folder: Path) -> Iterator[PrintersServer]:
    """Run the server while the block runs."""
    host, user = _keys(next(_TURNS))
    private = folder.parent / "users-key"
    user.write_private_key_file(str(private))
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(host)
        transport.set_subsystem_handler("sftp", SFTPServer, _Files, folder)
        with suppress(Exception):
            transport.start_server(server=_Gate(user))

    def listen() -> None:
        with suppress(OSError):
            while True:
                serve(listener.accept()[0])

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield PrintersServer(listener.getsockname()[1], f"ssh-rsa {host.get_base64()}", private.read_text(), folder)
    finally:
        listener.close()
