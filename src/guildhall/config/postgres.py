"""The embedded PostgreSQL: a private database server in one folder, with a login for each trust.

``Cluster(home).start()`` returns the logins' addresses; ``stop()`` ends the server unless somebody else uses it.
It knows nothing of Django, needs no network port, and starts again after any crash of itself or of its starter.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import psycopg

from guildhall.config.postgres_binaries import choose_server_user, reachable_binaries
from guildhall.config.postgres_server import LOGINS, SUPERUSER, Logins, Server
from guildhall.config.problems import Problem

DATABASE = "guildhall"

STATE_DIRECTORY = Path("/var/lib/guildhall")
LONGEST_SOCKET_FOLDER = 75  # bytes: with "/.s.PGSQL.5432" under 90, where systems allow 103 to 107
AS_LONG_AS_IT_TAKES = 30 * 86_400  # after a crash it reads its own log first: how long that takes, nobody can say
SECONDS_TO_STOP = 60
LOG_KEPT = 10_000_000

_FATAL = re.compile(r"(?:FATAL|PANIC|could not|No space).*")
_ERROR = re.compile(r"(?:error|FATAL|fatal):.*")
_NUMBER = re.compile(r"\d+")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # our queries are short: compiling them costs more than it saves
    "max_locks_per_transaction": "256",  # a dump locks every monthly partition at once
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A statement that fails, and the detail of why, hold what people typed: the program says what went wrong.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Cluster(Server):
    """One private PostgreSQL server, whose files are all under ``home``.

    As root, the files belong to an ordinary user; where that user cannot reach ``home`` they live in a folder
    of the system's state directory named after it, and ``self.home`` says so.
    With ``durable=False`` a crash of the server may lose what was committed last: for tests only.
    """

    def __init__(self, home: Path, durable: bool = True) -> None:
        self.home = reachable(home)
        self.data = self.home / "data"
        self._user = choose_server_user(self.home)
        self.sockets = _socket_folder(self.home)
        self._log = self.home / "log"
        self._settings = SETTINGS | ({} if durable else FORGETFUL)
        self._log_began_at = 0
        self._held: int | None = None

    def start(self) -> Logins:
        """Make the cluster if there is none, start it if it is not running, and return the logins of ``guildhall``.

        Several processes may start the same cluster: the first does the work, all may use it, the last to stop ends it.

        :raises Problem: the folder cannot be used, or the cluster is damaged.
        """
        try:
            self._prepare_folders()
            with self._one_starter_at_a_time():
                self._hold()
                self._start_server()
                self._ensure_logins_and_database()
        except OSError as refusal:
            raise Problem(f"The database's folder {self.home} cannot be used: {refusal.strerror}.") from refusal
        return self.logins_for(DATABASE)

    def stop(self) -> None:
        """End the server, unless another process has started it too and still uses it."""
        if self._release_and_see_whether_last():
            self._stop_server()

    def is_running(self) -> bool:
        """Tell whether the server's main process lives (a zombie does not)."""
        return self._server_pid() is not None

    def logins_for(self, database_name: str) -> Logins:
        """Return the addresses of one of this cluster's databases."""
        passwords = self._passwords()

        def address(login: str) -> str:
            place = quote(str(self.sockets), safe="")
            return f"postgresql://{login}:{passwords[login]}@/{quote(database_name)}?host={place}"

        return Logins(*(address(login) for login in (SUPERUSER, *LOGINS)))

    def _passwords(self) -> dict[str, str]:
        file = self.home / "passwords"
        try:
            passwords: dict[str, str] = json.loads(file.read_text())
            if passwords.keys() >= {SUPERUSER, *LOGINS, "mark"}:
                return passwords
        except (ValueError, AttributeError):
            pass
        raise Problem(f"{file} is damaged: stop what runs there, remove that file, and start again to have it renewed.")

    def run_tool(self, tool: str, *arguments: object) -> tuple[int, str]:
        """Run one of PostgreSQL's programs as the server's user; return its exit code and what it said."""
        return self._user.run(self._binaries / tool, *arguments)

    @cached_property
    def _binaries(self) -> Path:
        return reachable_binaries(self._user, self.home)

    # -- the server ------------------------------------------------------------------------------------------------

    def _start_server(self) -> None:
        if not self.data.exists():
            self._make_cluster()
        self._refuse_strange_data()
        if not (self.home / "passwords").exists():
            self._renew_passwords()
        if self.is_running() and not self._has_socket():
            self._stop_server()  # a cleaner of /tmp took the socket away: nobody could connect
        deadline = time.monotonic() + SECONDS_TO_STOP
        while not self.is_running():
            self._forget_dead_server()
            if self._try_to_start():
                break
            # Orphans of a server killed a moment ago go by themselves, but hold its shared memory until then.
            if "pre-existing shared memory block" not in self._last_words() or time.monotonic() > deadline:
                raise Problem(self._why_it_does_not_start())
            time.sleep(0.2)
        self._wait_until_it_answers()

    def _try_to_start(self) -> bool:
        if self._log.exists() and self._log.stat().st_size > LOG_KEPT:
            self._log.replace(self._log.with_suffix(".old"))
        self._log_began_at = self._log.stat().st_size if self._log.exists() else 0
        options = self._settings | {"unix_socket_directories": str(self.sockets)}
        wanted = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        code, _ = self.run_tool(
            "pg_ctl", "-D", self.data, "-l", self._log, "-w", "-t", AS_LONG_AS_IT_TAKES, "-o", wanted, "start"
        )
        return code == 0

    def _stop_server(self) -> None:
        for message, seconds in ((signal.SIGINT, SECONDS_TO_STOP), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            pid = self._server_pid()
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, message)
            _wait_until(lambda: not self.is_running(), seconds)

    def _wait_until_it_answers(self) -> None:
        """A server that another process has just started may still be recovering: it is waited for while it lives."""
        while True:
            try:
                psycopg.connect(self.logins_for("postgres").superuser, connect_timeout=5).close()
                return
            except psycopg.OperationalError as refusal:
                if "password authentication failed" in str(refusal):
                    raise Problem(
                        f"The passwords in {self.home}/passwords are not this database's: "
                        "stop the server, remove that file, and start again to have them renewed."
                    ) from refusal
                if not self.is_running():
                    raise Problem(self._why_it_does_not_start()) from refusal
            time.sleep(0.1)

    def _server_pid(self) -> int | None:
        """Return the running server's process id: what the lock file says, if that process is really ours."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            status = Path("/proc", str(pid), "stat").read_text()
            is_dead = status.rpartition(")")[2].split()[0] in "ZX"
            is_ours = Path("/proc", str(pid), "cwd").readlink() == self.data  # a postmaster works in its data folder
        except (OSError, IndexError, ValueError):
            return None
        return pid if is_ours and not is_dead else None

    def _forget_dead_server(self) -> None:
        """Remove the lock files of a server that is no more.

        PostgreSQL removes most by itself, but takes a zombie (where nothing reaps them, as in bare containers) or
        a stranger that was given the same process id after a restart for a live server.
        """
        for lock in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def _has_socket(self) -> bool:
        return (self.sockets / ".s.PGSQL.5432").exists()

    def _last_words(self) -> str:
        """Return what the server has said since we last tried to start it."""
        try:
            with self._log.open("rb") as log:
                log.seek(self._log_began_at)
                return log.read(100_000).decode(errors="replace")
        except OSError:
            return ""

    def _why_it_does_not_start(self) -> str:
        said = _FATAL.findall(self._last_words())
        if _tells_of_a_full_disk(self._last_words()):
            return f"The disk that holds {self.home} is full: make room and start again."
        because = f" PostgreSQL says: {said[-1]}." if said else ""
        return (
            f"The database in {self.home} is damaged or cannot start.{because} Its log is {self._log}. "
            "Move that folder away, then restore a backup (./guildhall restore FILE) or begin anew."
        )

    # -- making a cluster ------------------------------------------------------------------------------------------

    def _make_cluster(self) -> None:
        """Run initdb in a folder that is named when complete, so that a killed start leaves no half cluster."""
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        passwords = _new_passwords()
        _write_private(self.home / "passwords", json.dumps(passwords))
        version = int(_NUMBER.findall(self.run_tool("postgres", "--version")[1])[0])
        locale = ("--locale-provider=builtin", "--locale=C.UTF-8") if version >= 17 else ("--locale=C",)
        with self._readable_by_server(passwords[SUPERUSER]) as password_file:
            code, said = self.run_tool(
                "initdb", "-D", unfinished, "-U", SUPERUSER, "-E", "UTF8", *locale, "-A", "scram-sha-256", "-k",
                "--pwfile", password_file, "--no-sync",
            )  # fmt: skip
        if code:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise Problem(_why_initdb_failed(said, self.home))
        self.run_tool("initdb", "-D", unfinished, "--sync-only")
        unfinished.rename(self.data)

    def _refuse_strange_data(self) -> None:
        try:
            made_by = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise Problem(
                f"The database in {self.home} is damaged: {self.data} is not a PostgreSQL data folder. "
                "Move that folder away, then restore a backup (./guildhall restore FILE) or begin anew."
            ) from None
        ours = _NUMBER.findall(self.run_tool("postgres", "--version")[1])[0]
        if made_by != ours:
            raise Problem(
                f"The database in {self.home} was made by PostgreSQL {made_by}, and this is PostgreSQL {ours}: "
                "take a backup with the former version and restore it with this one."
            )

    def _renew_passwords(self) -> None:
        """Give the superuser a new password in single-user mode; the other logins get theirs as the start ends."""
        if self.is_running():
            self._stop_server()
        self._forget_dead_server()
        passwords = _new_passwords()
        with self._readable_by_server(f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'\n") as command:
            code, said = self._user.run(
                "/bin/sh", "-c", '"$1" --single -D "$2" postgres < "$3"', "sh",
                self._binaries / "postgres", self.data, command,
            )  # fmt: skip
        if code:
            raise Problem(f"The passwords file of {self.home} is missing and could not be renewed: {said[-300:]}")
        _write_private(self.home / "passwords", json.dumps(passwords))

    def _ensure_logins_and_database(self) -> None:
        self.ensure_logins(self._passwords())
        if not self.has_database(DATABASE):
            self.create_database(DATABASE)

    # -- folders and locks -----------------------------------------------------------------------------------------

    def _prepare_folders(self) -> None:
        for folder in (self.home, self.sockets):
            _make_passable(folder.parent)
            folder.mkdir(exist_ok=True, mode=0o700)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), self._user.uid}:
                raise Problem(
                    f"{folder} belongs to another user: run this as that user, or choose a folder with --data."
                )
            os.chown(folder, self._user.uid, self._user.gid)
            folder.chmod(0o700)

    @contextlib.contextmanager
    def _readable_by_server(self, text: str) -> Iterator[Path]:
        descriptor, name = tempfile.mkstemp(dir=self.home)
        try:
            os.write(descriptor, text.encode())
            os.fchown(descriptor, self._user.uid, self._user.gid)
            yield Path(name)
        finally:
            os.close(descriptor)
            Path(name).unlink()

    @contextlib.contextmanager
    def _one_starter_at_a_time(self) -> Iterator[None]:
        descriptor = os.open(self.home / "starting", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _hold(self) -> None:
        """Take a share of the server; the kernel gives it back when we end, however we end."""
        if self._held is None:
            self._held = os.open(self.home / "in-use", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def _release_and_see_whether_last(self) -> bool:
        if self._held is None:
            return False
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_last = True
        except BlockingIOError:
            is_last = False
        finally:
            held, self._held = self._held, None
        os.close(held)
        return is_last


def reachable(folder: Path) -> Path:
    """Return ``folder``, or its stand-in in the system's state directory where the server's user cannot enter it."""
    folder = folder.expanduser().absolute().resolve()
    return folder if can_reach(folder) else STATE_DIRECTORY / short_name(folder, distinct_from=folder)


def can_reach(home: Path) -> bool:
    """Tell whether the server's user could work in ``home``; only root has to ask, others run the server itself."""
    if os.geteuid() != 0:
        return True
    nearest = next(parent for parent in home.parents if parent.is_dir())
    return choose_server_user(home).can_enter(nearest)


def short_name(named_after: Path, *, distinct_from: Path) -> str:
    """Return a folder's name with a mark that tells it from others of that name."""
    return f"{named_after.name}-{hashlib.sha256(os.fsencode(distinct_from)).hexdigest()[:8]}"


def _make_passable(folder: Path) -> None:
    """Make missing folders that every user may pass through, whatever our umask: the server's user has to."""
    for missing in reversed([parent for parent in (folder, *folder.parents) if not parent.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o755)


def _new_passwords() -> dict[str, str]:
    named = {login: secrets.token_urlsafe(24) for login in (SUPERUSER, *LOGINS)}
    return named | {"mark": f"passwords {secrets.token_hex(8)}"}


def _write_private(path: Path, text: str) -> None:
    """Write a file of mode 600, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)


def _socket_folder(home: Path) -> Path:
    """Return a short folder for the sockets: ``home`` where its path is short, else one under /tmp named after it."""
    if len(os.fsencode(home)) <= LONGEST_SOCKET_FOLDER:
        return home
    return Path("/tmp") / f"guildhall-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"  # noqa: S108 (a private folder is made in it)


def _tells_of_a_full_disk(said: str) -> bool:
    return "No space left" in said or "free disk space" in said


def _why_initdb_failed(said: str, home: Path) -> str:
    if _tells_of_a_full_disk(said):
        return f"The disk that holds {home} is full: make room and start again."
    errors = _ERROR.findall(said)
    return f"A new database could not be made in {home}: {errors[0] if errors else said[-300:]}"


def _wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.02)
