"""Databases for tests: one forgetful cluster in the checkout, a migrated template in it, and a copy for each run.

With GUILDHALL_TEST_SERVER (``./guildhall test --server``) they are made in a server of one's own, whose superuser's
address it is, and the logins with them: a server that has Guildhall's logins already is somebody's house.
"""

import fcntl
import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from guildhall.config.commands.test import TEST_SERVER
from guildhall.config.postgres import Cluster
from guildhall.config.postgres_server import LOGINS, Logins, Server

ROOT = Path(__file__).parents[1]
HOME = ROOT / "var" / "tests"
RUN, TEMPLATE = "guildhall_test_", "guildhall_template_"
FOR_TESTS = "made by Guildhall's tests"


class ServerOfOnesOwn(Server):
    """A server that somebody runs, where the tests make logins and databases as in the embedded one."""

    def __init__(self, superuser: str) -> None:
        given = urlsplit(superuser)
        # Databases of the server's own may be in no encoding at all, and then names come as bytes.
        self._superuser = given._replace(query="&".join(filter(None, (given.query, "client_encoding=utf8"))))
        self._keys = HOME / f"passwords-{hashlib.sha256(superuser.encode()).hexdigest()[:8]}"

    def start(self) -> None:
        """Make the logins, or give those of an earlier run passwords that we know.

        :raises SystemExit: the server has Guildhall's logins, and no test made them.
        """
        with _one_at_a_time():
            self._refuse_somebodys_house()
            self.ensure_logins(self._passwords())

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def logins_for(self, database_name: str) -> Logins:
        named = self._superuser._replace(path=f"/{database_name}")
        passwords, place = self._passwords(), self._superuser.netloc.rpartition("@")[2]
        others = (named._replace(netloc=f"{login}:{passwords[login]}@{place}") for login in LOGINS)
        return Logins(*map(urlunsplit, (named, *others)))

    def _refuse_somebodys_house(self) -> None:
        with psycopg.connect(self.logins_for("postgres").superuser) as connection:
            for name, made_by in connection.execute(_WHO_MADE_LOGINS, [list(LOGINS)]):
                if not (made_by or "").startswith(FOR_TESTS):
                    raise SystemExit(f"The login {name} was made by no test: test on a server without a Guildhall.")

    def _passwords(self) -> dict[str, str]:
        if not self._keys.exists():
            passwords = {login: secrets.token_urlsafe(24) for login in LOGINS}
            self._keys.write_text(json.dumps(passwords | {"mark": f"{FOR_TESTS}, {secrets.token_hex(8)}"}))
            self._keys.chmod(0o600)
        return dict(json.loads(self._keys.read_text()))


_WHO_MADE_LOGINS = "SELECT rolname, shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = ANY(%s)"


@contextmanager
def fresh_copy() -> Iterator[dict[str, str]]:
    """Yield the login addresses of a new migrated database, and drop it afterwards."""
    HOME.mkdir(parents=True, exist_ok=True)
    given = os.environ.get(TEST_SERVER)
    server = ServerOfOnesOwn(given) if given else Cluster(HOME / "cluster", durable=False)
    server.start()
    name = f"{RUN}{os.getpid()}"
    with _one_at_a_time():
        template = _ensure_template(server)
        _drop_leftovers(server, keep=template)
        server.drop_database(name)
        server.create_database(name, template=template)
    try:
        yield asdict(server.logins_for(name))
    finally:
        server.drop_database(name)
        server.stop()


def _ensure_template(server: Server) -> str:
    name, unfinished = f"{TEMPLATE}{_migrations_hash()}", "guildhall_unfinished_template"
    if name not in _databases(server):
        server.drop_database(unfinished)
        server.create_database(unfinished)
        _migrate(asdict(server.logins_for(unfinished)))
        _superuser(server, f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


def _migrate(urls: dict[str, str]) -> None:
    environment = os.environ | {
        "GUILDHALL_LOGIN": "owner",
        "PYTHONPATH": str(ROOT / "src"),
        **{f"DATABASE_{login.upper()}_URL": url for login, url in urls.items()},
        "DATABASE_URL": urls["web"],
    }
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The migrations failed:\n{done.stderr[-4000:]}")


def _migrations_hash() -> str:
    """Hash every file that decides what a migrated database looks like."""
    seen = hashlib.sha256()
    kernel = ROOT / "src/guildhall/kernel"
    for path in sorted([*(ROOT / "src").rglob("migrations/*.py"), kernel / "walls.py", kernel / "partitions.py"]):
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def _drop_leftovers(server: Server, keep: str) -> None:
    for name in _databases(server):
        stale_template = name.startswith(TEMPLATE) and name != keep
        dead_run = name.startswith(RUN) and not Path("/proc", name.removeprefix(RUN)).exists()
        if stale_template or dead_run:
            server.drop_database(name)


def _databases(server: Server) -> list[str]:
    with psycopg.connect(server.logins_for("postgres").superuser) as connection:
        return [name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")]


def _superuser(server: Server, statement: str) -> None:
    with psycopg.connect(server.logins_for("postgres").superuser, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with open(HOME / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
