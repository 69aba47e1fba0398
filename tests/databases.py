"""Databases for tests: one forgetful cluster in the checkout, a migrated template in it, and a copy for each run."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psycopg

from guildhall.config.postgres import Cluster

ROOT = Path(__file__).parents[1]
HOME = ROOT / "var" / "tests"


@contextmanager
def fresh_copy() -> Iterator[dict[str, str]]:
    """Yield the login addresses of a new migrated database, and drop it afterwards."""
    HOME.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(HOME / "cluster", durable=False)
    cluster.start()
    name = f"test_{os.getpid()}"
    with _one_at_a_time():
        template = _ensure_template(cluster)
        _drop_leftovers(cluster, keep=template)
        cluster.drop_database(name)
        cluster.create_database(name, template=template)
    try:
        yield asdict(cluster.logins_for(name))
    finally:
        cluster.drop_database(name)
        cluster.stop()


def _ensure_template(cluster: Cluster) -> str:
    name = f"template_{_migrations_hash()}"
    if name not in _databases(cluster):
        cluster.drop_database("unfinished_template")
        cluster.create_database("unfinished_template")
        _migrate(asdict(cluster.logins_for("unfinished_template")))
        _superuser(cluster, f"ALTER DATABASE unfinished_template RENAME TO {name}")
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
    for path in sorted([*(ROOT / "src").rglob("migrations/*.py"), ROOT / "src/guildhall/kernel/walls.py"]):
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def _drop_leftovers(cluster: Cluster, keep: str) -> None:
    for name in _databases(cluster):
        stale_template = name.startswith("template_") and name != keep
        dead_run = name.startswith("test_") and not Path("/proc", name.removeprefix("test_")).exists()
        if stale_template or dead_run:
            cluster.drop_database(name)


def _databases(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.logins_for("postgres").superuser) as connection:
        return [name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")]


def _superuser(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.logins_for("postgres").superuser, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with open(HOME / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
