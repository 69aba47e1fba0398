"""Letters to a printer's server over SFTP, by the OpenSSH client that every server's system has.

No library is needed for it, and the client's own care about keys and hosts holds: it logs in with the account's key,
only to the host whose key is known, and asks nobody anything.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guildhall.kernel.refusals import Invalid
from guildhall.notify.ports import HandedOver, NotTaken, Outcome, Outgoing, Unknown
from guildhall.notify.providers.letter_batch import Batch, print_batch
from guildhall.notify.providers.letter_folder import NOT_PRINTED

SECONDS_TO_CONNECT, SECONDS_FOR_A_BATCH = 10, 30.0
CLIENT = "sftp"

_CANNOT_LOG_IN = 255


class NoSftpClient(Invalid):
    """The machine has no OpenSSH client: ``apt install openssh-client``."""


class NotAnSftpAddress(Invalid):
    """A host, user or folder is missing, or holds what an address does not."""


@dataclass(frozen=True, slots=True)
class LetterSftpSettings:
    """Where letters go. ``host_key`` is as in known_hosts (``ssh-ed25519 AAAA…``), ``private_key`` a whole key file."""

    host: str
    port: int
    user: str
    folder: str
    host_key: str
    private_key: str


def make(given: Mapping[str, str]) -> "LetterSftp":
    """Return a provider with an account's settings; what is not one of them is passed over.

    :raises KeyError: something is missing.
    :raises NotAnSftpAddress: something of it cannot be.
    :raises NoSftpClient: the machine cannot speak SFTP.
    """
    if shutil.which(CLIENT) is None:
        raise NoSftpClient("this machine has no OpenSSH client")
    settings = LetterSftpSettings(
        host=given["host"],
        port=int(given.get("port") or 22),
        user=given["user"],
        folder=given.get("folder") or ".",
        host_key=given["host_key"].strip(),
        private_key=given["private_key"],
    )
    words = (settings.host, settings.user, settings.folder, settings.host_key)
    if any(word.startswith("-") or not word.isprintable() or '"' in word for word in words) or not settings.host:
        raise NotAnSftpAddress("the host, user, folder or key cannot be written in an address")
    return LetterSftp(settings)


class LetterSftp:
    """Puts letters on a printer's server under passing names, renames them, and puts their list there last."""

    name = "letter-sftp"
    at_once = 50

    def __init__(self, settings: LetterSftpSettings) -> None:
        self._settings = settings

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        printed = print_batch(batch)
        refused = self._put(printed) if printed.files else None
        return [NOT_PRINTED if name is None else refused or HandedOver(name) for name in printed.references]

    def _put(self, printed: Batch) -> NotTaken | Unknown | None:
        """Put the files there, and return what went wrong, if anything did."""
        with _room() as room:
            try:
                done = subprocess.run(  # noqa: S603 - the settings were looked through
                    self._command(room),
                    input=_orders(printed, room, self._settings.folder).encode(),
                    capture_output=True,
                    timeout=SECONDS_FOR_A_BATCH,
                    env={"PATH": os.environ.get("PATH", os.defpath)},
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return Unknown(f"{self._settings.host} did not take the letters in {SECONDS_FOR_A_BATCH:.0f} seconds")
            except OSError as fault:
                return NotTaken(f"{type(fault).__name__}: {fault}")
        if not done.returncode:
            return None
        said = done.stderr.decode(errors="replace").strip()[-300:] or f"sftp ended with {done.returncode}"
        return NotTaken(said) if done.returncode == _CANNOT_LOG_IN else Unknown(said)

    def _command(self, room: Path) -> list[str]:
        """Write down the key, the host's key and how to log in, and return the client's command."""
        settings, key, hosts = self._settings, room / "key", room / "known_hosts"
        key.touch(mode=0o600)
        key.write_text(settings.private_key.strip() + "\n")
        hosts.write_text(f"printer {settings.host_key}\n")
        options = {
            "BatchMode": "yes",
            "ConnectTimeout": str(SECONDS_TO_CONNECT),
            "GlobalKnownHostsFile": "/dev/null",
            "HostKeyAlias": "printer",
            "IdentitiesOnly": "yes",
            "IdentityFile": str(key),
            "LogLevel": "ERROR",
            "PasswordAuthentication": "no",
            "Port": str(settings.port),
            "StrictHostKeyChecking": "yes",
            "User": settings.user,
            "UserKnownHostsFile": str(hosts),
        }
        chosen = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return [CLIENT, "-F", "/dev/null", "-b", "-", *chosen, "--", settings.host]


def _orders(printed: Batch, room: Path, folder: str) -> str:
    """Return what the client is to do, line by line; it stops at the first line that fails, but for those with a -."""
    lines = [f'cd "{folder}"']
    lines += [f'-mkdir "{day}"' for day in sorted({file.place.partition("/")[0] for file in printed.files})]
    for number, file in enumerate(printed.files):
        local, day, name = room / str(number), *file.place.split("/")
        local.write_bytes(file.content)
        lines += [f'put "{local}" "{day}/.{name}.part"', f'-rm "{day}/{name}"']
        lines.append(f'rename "{day}/.{name}.part" "{day}/{name}"')
    return "\n".join(lines) + "\n"


@contextmanager
def _room() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="letters-") as room:
        yield Path(room)
