"""What a database already contains, so that a start does not do it again: tables, councils, letters, sandbox.

The marks live in the database itself, as the comment of Django's table of migrations: they come and go with it,
through backup and restore too.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from guildhall.config.places import PACKAGE

Marks = dict[str, str]


def wanted_marks(addresses: dict[str, str], *, has_sandbox: bool) -> Marks:
    """Return what the database of this code should be marked with."""
    logins = " ".join(sorted(str(conninfo_to_dict(url).get("user")) for url in addresses.values()))
    libraries = " ".join(f"{name} {version(name)}" for name in ("django", "procrastinate"))
    tables = [*PACKAGE.rglob("migrations/*.py"), PACKAGE / "kernel" / "walls.py"]
    everything = _hash_of(PACKAGE.rglob("*"), "")
    marks = {
        "tables": _hash_of(tables, f"{logins} {libraries}"),
        "councils": _hash_of((PACKAGE / "organisations").rglob("*"), ""),
        "months": f"{datetime.now(UTC):%Y-%m}",
        "letters": everything,
    }
    return marks | ({"sandbox": everything} if has_sandbox else {})


def read_marks(owner_address: str) -> Marks:
    """Return what the database was last marked with: nothing, if it was never migrated."""
    with psycopg.connect(owner_address) as connection:
        found = connection.execute("SELECT obj_description(to_regclass('public.django_migrations'))").fetchone()
    return json.loads(found[0]) if found and found[0] else {}


def write_mark(owner_address: str, name: str, value: str) -> None:
    """Add one mark, when what it stands for is committed."""
    marks = read_marks(owner_address) | {name: value}
    with psycopg.connect(owner_address) as connection:
        connection.execute(
            sql.SQL("COMMENT ON TABLE public.django_migrations IS {}").format(sql.Literal(json.dumps(marks)))
        )


def _hash_of(files: Iterable[Path], also: str) -> str:
    seen = hashlib.sha256(also.encode())
    for path in sorted(files):
        if path.suffix in {".py", ".json", ".csv"} and path.is_file():
            seen.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]
