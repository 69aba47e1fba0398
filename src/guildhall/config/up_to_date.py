"""What a database of this version should be marked with, and which databases are not ours to touch."""

import hashlib
from collections.abc import Iterable, Set
from datetime import UTC, datetime
from enum import Enum, auto
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from guildhall.config.installation import Installation
from guildhall.config.marks import KEY, Marks
from guildhall.config.places import PACKAGE
from guildhall.config.problems import Problem
from guildhall.config.sandbox_choice import MARK as SANDBOX
from guildhall.config.sandbox_choice import NONE

MIGRATIONS = "SELECT app || '.' || name FROM public.django_migrations ORDER BY 1"


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


class Tables(Enum):
    """What tables there must be for a command to be of use."""

    ANY = auto()
    SOME = auto()  # those of an earlier version do
    ALL = auto()


def refuse_unfit_database(owner_address: str, *, needs: Tables) -> None:
    """Refuse a database that was not migrated as far as ``needs`` says, or that a later version of Guildhall migrated.

    :raises Problem: it is one of these.
    """
    with psycopg.connect(owner_address) as connection:
        is_empty = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone() == (None,)
        applied = set() if is_empty else {name for (name,) in connection.execute(MIGRATIONS)}
    refuse_later_version(applied, "The database is of")
    if is_empty and needs is not Tables.ANY:
        raise Problem("The database is empty: run ./guildhall migrate first, or ./guildhall, which does.")
    if needs is Tables.ALL and (missing := our_migrations() - applied):
        raise Problem(
            f"The database is not up to date (migrations to run: {len(missing)}): run ./guildhall migrate first, or "
            "./guildhall, which does, and wait until it is done."
        )


def refuse_later_version(applied: Iterable[str], what: str) -> None:
    """Refuse what has been through migrations of ours that this version does not know.

    :raises Problem: a later version of Guildhall has been there.
    """
    known = our_migrations()
    ours = {name.partition(".")[0] for name in known}
    if unknown := sorted(name for name in applied if name.partition(".")[0] in ours and name not in known):
        raise Problem(
            f"{what} a later version of Guildhall ({unknown[0]} is unknown here): use that version, or a later one."
        )


def our_migrations() -> Set[str]:
    """Return every migration of ours, as Django writes it down."""
    return {_name_of(path) for path in PACKAGE.rglob("migrations/[0-9]*.py")}


def _name_of(path: Path) -> str:
    """Return a migration's name as Django writes it down: the module's label is its place in the package."""
    return "_".join(path.relative_to(PACKAGE).parts[:-2]) + f".{path.stem}"


def _hash_of(files: Iterable[Path], also: str) -> str:
    seen = hashlib.sha256(also.encode())
    for path in sorted(files):
        if path.suffix in {".py", ".json", ".csv"} and path.is_file():
            seen.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]
