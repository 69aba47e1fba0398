"""What a database of this version should be marked with, and which databases are not ours to touch."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from guildhall.config.installation import Installation
from guildhall.config.marks import KEY, Marks
from guildhall.config.places import PACKAGE
from guildhall.config.problems import Problem
from guildhall.config.sandbox_choice import MARK as SANDBOX
from guildhall.config.sandbox_choice import NONE


def wanted_marks(installation: Installation) -> Marks:
    """Return what the database of this installation should be marked with."""
    addresses = installation.addresses.values()
    logins = " ".join(sorted(str(conninfo_to_dict(address).get("user")) for address in addresses))
    libraries = " ".join(f"{name} {version(name)}" for name in ("django", "procrastinate"))
    tables = [*PACKAGE.rglob("migrations/*.py"), PACKAGE / "kernel" / "walls.py"]
    everything = _hash_of(PACKAGE.rglob("*"), "")
    return {
        KEY: installation.key_fingerprint,
        "tables": _hash_of(tables, f"{logins} {libraries}"),
        "councils": _hash_of((PACKAGE / "organisations").rglob("*"), ""),
        "months": f"{datetime.now(UTC):%Y-%m}",
        "letters": everything,
        SANDBOX: everything if installation.sandbox.exists else NONE,
    }


def refuse_other_key(found: Marks, installation: Installation) -> None:
    """Refuse a database whose secrets were hidden with another key: what is written from now on would be lost with it.

    :raises Problem: it was.
    """
    if found.get(KEY, installation.key_fingerprint) != installation.key_fingerprint:
        raise Problem(
            f"The key {installation.key_file} is not the one that this database's secrets were hidden with: "
            "put that one back."
        )


def _hash_of(files: Iterable[Path], also: str) -> str:
    seen = hashlib.sha256(also.encode())
    for path in sorted(files):
        if path.suffix in {".py", ".json", ".csv"} and path.is_file():
            seen.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]
