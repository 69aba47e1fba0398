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

from guildhall.config.installation import Installation
from guildhall.config.places import PACKAGE
from guildhall.config.problems import Problem

Marks = dict[str, str]

KEY = "key"


def wanted_marks(installation: Installation) -> Marks:
    """Return what the database of this installation should be marked with."""
    addresses = installation.addresses.values()
    logins = " ".join(sorted(str(conninfo_to_dict(address).get("user")) for address in addresses))
    libraries = " ".join(f"{name} {version(name)}" for name in ("django", "procrastinate"))
    tables = [*PACKAGE.rglob("migrations/*.py"), PACKAGE / "kernel" / "walls.py"]
    everything = _hash_of(PACKAGE.rglob("*"), "")
    marks = {
        KEY: installation.key_fingerprint,
        "tables": _hash_of(tables, f"{logins} {libraries}"),
        "councils": _hash_of((PACKAGE / "organisations").rglob("*"), ""),
        "months": f"{datetime.now(UTC):%Y-%m}",
        "letters": everything,
    }
    return marks | ({"sandbox": everything} if installation.has_sandbox else {})


def refuse_other_key(found: Marks, installation: Installation) -> None:
    """Refuse a database whose secrets were hidden with another key: what is written from now on would be lost with it.

    :raises Problem: it was.
    """
    if found.get(KEY, installation.key_fingerprint) != installation.key_fingerprint:
        raise Problem(
            f"The key {installation.key_file} is not the one that this database's secrets were hidden with: "
            "put that one back."
        )


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
