"""One installation as a command finds it: its data folder, its database logins and its key, put into the environment.

Nothing here imports Django: the settings read the environment that ``Installation.environment`` describes.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from guildhall.config import real_server
from guildhall.config.base_url import BaseUrl, read_base_url
from guildhall.config.launches import find_running_base_url
from guildhall.config.lifeline import LAUNCHER
from guildhall.config.marks import read_marks
from guildhall.config.places import choose_data_folder
from guildhall.config.ports import Place
from guildhall.config.postgres import Cluster
from guildhall.config.problems import Problem
from guildhall.config.sandbox_choice import Sandbox, choose_sandbox, sandbox_of_environment

DEFAULT_PORT = 8000
_KEY_BYTES = 32


@dataclass(frozen=True)
class Installation:
    """What every command needs to know. ``cluster`` is None where somebody else runs the server."""

    data: Path
    addresses: dict[str, str]
    key: str
    base_url: BaseUrl
    sandbox: Sandbox
    cluster: Cluster | None

    def environment(self, login: str) -> dict[str, str]:
        """Return the environment in which Django's settings find this installation, as one of the logins."""
        return {
            "DJANGO_SETTINGS_MODULE": "guildhall.config.settings",
            "GUILDHALL_DATA": str(self.data),
            "GUILDHALL_KEY": self.key,
            "GUILDHALL_BASE_URL": str(self.base_url),
            **self.sandbox.environment(),
            "GUILDHALL_LOGIN": login,
            **{real_server.VARIABLES[login]: address for login, address in self.addresses.items()},
        }

    @property
    def files(self) -> Path:
        """The folder of stored files, which a backup takes along."""
        return self.data / "files"

    @property
    def key_file(self) -> Path:
        return self.data / "key"

    @property
    def key_fingerprint(self) -> str:
        return key_fingerprint(self.key)


@contextlib.contextmanager
def open_installation(
    asked_data: Path | None, *, place: Place | None = None, in_public: bool = False
) -> Iterator[Installation]:
    """Find or make the installation, with its database running, and let go of it afterwards.

    :param place: where the caller is going to serve, if it is.
    :param in_public: the operator says that the sandbox may be shown to everybody.
    :raises Problem: something that the operator can mend is in the way.
    """
    if LAUNCHER in os.environ:
        yield _as_the_launcher_says()
        return
    is_embedded = not real_server.is_chosen()
    data = choose_data_folder(asked_data, for_embedded_database=is_embedded)
    make_data_folder(data)
    base_url = find_base_url(data, place)
    opened = _with_embedded_database if is_embedded else _with_real_server
    with opened(data) as (addresses, key, cluster):
        sandbox = choose_sandbox(read_marks(addresses["owner"]), is_embedded=is_embedded, in_public=in_public)
        sandbox.refuse_open_doors(base_url, place)
        yield Installation(data, addresses, key, base_url, sandbox, cluster)


Opened = tuple[dict[str, str], str, Cluster | None]


@contextlib.contextmanager
def _with_embedded_database(data: Path) -> Iterator[Opened]:
    key = find_or_make_key(data / "key", is_new=not (data / "postgres" / "data").exists())
    cluster = Cluster(data / "postgres")
    try:
        addresses = asdict(cluster.start())
        del addresses["superuser"]
        yield addresses, key, cluster
    finally:
        cluster.stop()


@contextlib.contextmanager
def _with_real_server(data: Path) -> Iterator[Opened]:
    addresses = real_server.read_addresses()
    real_server.refuse_unusable_server(addresses)
    yield addresses, find_or_make_key(data / "key", is_new=real_server.is_empty(addresses["owner"])), None


def _as_the_launcher_says() -> Installation:
    said = os.environ
    return Installation(
        data=Path(said["GUILDHALL_DATA"]),
        addresses={login: said[variable] for login, variable in real_server.VARIABLES.items()},
        key=said["GUILDHALL_KEY"],
        base_url=read_base_url(said["GUILDHALL_BASE_URL"]),
        sandbox=sandbox_of_environment(),
        cluster=None,
    )


def find_or_make_key(file: Path, *, is_new: bool) -> str:
    """Return the installation's key: GUILDHALL_KEY, else the key file's, which a new installation gets.

    :raises Problem: the key of an installation in use is missing, or is no key.
    """
    if given := os.environ.get("GUILDHALL_KEY"):
        return _checked(given, "GUILDHALL_KEY")
    if file.exists():
        return _checked(file.read_text(errors="replace").strip(), str(file))
    if not is_new:
        raise Problem(
            f"The installation's key {file} is missing: put it back from where you keep it. "
            "Without it the stored secrets (sign-in apps, API keys) cannot be read."
        )
    write_key(file, base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode())
    return file.read_text().strip()


def key_fingerprint(key: str) -> str:
    """Return a word that tells one key from another and reveals neither."""
    return hashlib.sha256(b"guildhall key " + key.encode()).hexdigest()[:16]


def write_key(file: Path, key: str) -> None:
    """Write a key file of mode 600; an existing one is left alone, whoever was first."""
    unfinished = file.with_name(f"key.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(key + "\n")
        opened.flush()
        os.fsync(descriptor)
    with contextlib.suppress(FileExistsError):
        os.link(unfinished, file)
    unfinished.unlink()


def _checked(key: str, where: str) -> str:
    try:
        read = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        read = b""
    if len(read) != _KEY_BYTES or read == bytes(_KEY_BYTES):
        raise Problem(f"{where} is not a key: it must be {_KEY_BYTES} random bytes in base64.")
    return key


def make_data_folder(data: Path) -> None:
    """The folder can be passed through (the database's user has to); what is private in it is private by itself."""
    try:
        for missing in reversed([folder for folder in (data, *data.parents) if not folder.exists()]):
            missing.mkdir(exist_ok=True)
            missing.chmod(0o755)
        (data / "files").mkdir(exist_ok=True, mode=0o700)
    except OSError as refusal:
        raise Problem(
            f"The data folder {data} cannot be used: {refusal.strerror}. Choose another with --data."
        ) from refusal
    if not os.access(data, os.W_OK):
        raise Problem(f"The data folder {data} cannot be written to: choose another with --data.")


def find_base_url(data: Path, place: Place | None) -> BaseUrl:
    """Return where people reach the installation: what is said, else where it is served, or is going to be.

    :raises Problem: what is said is no base URL.
    """
    if said := os.environ.get("GUILDHALL_BASE_URL"):
        return read_base_url(said)
    if place is None and (running := find_running_base_url(data)):
        return read_base_url(running)
    if place is None or place.is_loopback or place.is_everywhere:
        return BaseUrl("http", "localhost", place.port if place else DEFAULT_PORT)
    return BaseUrl("http", place.as_url_host, place.port)
