"""Backup and restore: one zip archive with the database, the stored files, and a manifest to compare them with.

The manifest counts each table's rows and hashes their ordered contents, from the very snapshot that is dumped, so that
a restore can prove itself. The installation's key is never in an archive; the manifest only knows its fingerprint.
"""

import contextlib
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from guildhall.config.contents import Contents, files_under, hash_files, look_at_tables
from guildhall.config.installation import Installation
from guildhall.config.postgres import DATABASE
from guildhall.config.postgres_tools import carry_in, carry_out, refuse_newer_server
from guildhall.config.problems import Problem
from guildhall.config.up_to_date import MIGRATIONS

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"
RESTORING, REPLACED = "guildhall_restoring", "guildhall_replaced"
MOST_OF_A_MANIFEST = 64 * 1024 * 1024
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What an archive promises to contain. ``logins`` are the names of the four logins; ``roles`` whoever has rights.

    ``migrations`` tell which version of Guildhall wrote it, and ``server`` which version of PostgreSQL.
    """

    made_at: str
    key_fingerprint: str
    logins: dict[str, str]
    tables: dict[str, Contents]
    files: dict[str, str]
    roles: list[str] = field(default_factory=list)
    migrations: list[str] = field(default_factory=list)
    server: int = 0
    format: int = FORMAT


@contextlib.contextmanager
def appearing_when_complete(target: Path) -> Iterator[Path]:
    """Give the path to write to; what is there becomes ``target``, which must not exist, when nothing went wrong.

    :raises Problem: the target exists.
    """
    if target.exists():
        raise Problem(f"{target} exists already: choose another name, or move it away.")
    if not target.parent.is_dir():
        raise Problem(f"There is no folder {target.parent}: make it first.")
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def write_archive(installation: Installation, target: Path, *, made_at: str) -> Manifest:
    """Write everything but the key to ``target``, which only its owner may read.

    :raises Problem: the database cannot be read whole.
    """
    with open(target, "xb", opener=_private) as file:
        with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            manifest = _fill(archive, installation, made_at)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def read_manifest(source: Path) -> Manifest:
    """Return what the archive promises.

    :raises Problem: it is no archive of ours, or is damaged.
    """
    try:
        with zipfile.ZipFile(source) as archive, archive.open(MANIFEST) as file:
            said = json.loads(file.read(MOST_OF_A_MANIFEST))
            if said["format"] != FORMAT:
                raise Problem(f"{source} was written by a later version of Guildhall (format {said['format']!r}).")
            tables = {name: Contents(**contents) for name, contents in said.pop("tables").items()}
            return Manifest(tables=tables, **said)
    except FileNotFoundError:
        raise Problem(f"There is no file {source}.") from None
    except OSError as refusal:
        raise Problem(f"{source} cannot be read: {refusal.strerror}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, AttributeError) as damage:
        raise Problem(f"{source} is not a backup of Guildhall, or is damaged: {damage}.") from damage


def restore_archive(installation: Installation, source: Path, manifest: Manifest) -> None:
    """Put the archive's database and files in the place of the installation's, once they have proved to be whole.

    On a server that somebody else runs there is only the one database, which must be empty: it is filled, and compared
    afterwards.

    :raises Problem: what was read back is not what the manifest promises; then nothing of ours has been replaced.
    """
    files = installation.data / "files.restoring"
    shutil.rmtree(files, ignore_errors=True)
    with zipfile.ZipFile(source) as archive:
        _unpack_files(archive, files)
        compare("stored files", manifest.files, hash_files(files))
        _restore_database(installation, archive, manifest)
    shutil.rmtree(installation.files, ignore_errors=True)
    files.rename(installation.files)


def read_database_in(archive: zipfile.ZipFile, address: str, manifest: Manifest) -> None:
    """Read the archive's database into an empty one, and compare each table.

    :raises Problem: it cannot be read, or holds something else than the manifest promises.
    """
    if DUMP not in archive.namelist():
        raise Problem("The archive is damaged: there is no database in it.")
    with archive.open(DUMP) as dump:
        carry_in(dump, address)
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        compare("tables", manifest.tables, look_at_tables(connection))


def make_roles(address: str, names: Iterable[str]) -> None:
    """Make whoever has rights in an archive and is unknown to a server of ours: a name that nobody can log in with."""
    with psycopg.connect(address) as connection:
        for name in sorted(set(names) - _roles_known_to(connection)):
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))


def hash_stored_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the hash of each stored file in the archive, by its path."""
    hashes = {}
    for member in _stored_files(archive):
        seen = hashlib.sha256()
        with archive.open(member) as file:
            while piece := file.read(_CHUNK):
                seen.update(piece)
        hashes[member.filename.removeprefix(FILES)] = seen.hexdigest()
    return hashes


def compare(what: str, promised: dict[str, Contents] | dict[str, str], found: object) -> None:
    """Refuse what is not exactly as promised.

    :raises Problem: it is not; it names what differs.
    """
    if found == promised:
        return
    assert isinstance(found, dict)
    different = sorted(name for name in promised.keys() | found.keys() if promised.get(name) != found.get(name))
    raise Problem(f"The {what} read back differ from what the archive promises: {', '.join(different)[:300]}.")


def full_login(installation: Installation) -> str:
    """Return the address of a login that may read every council's rows: the wall binds even the owner.

    :raises Problem: a real server is used and no such login is given.
    """
    if installation.cluster is not None:
        return installation.cluster.logins_for(DATABASE).superuser
    if given := os.environ.get("DATABASE_BACKUP_URL"):
        return given
    raise Problem(
        "Set DATABASE_BACKUP_URL to a login that may read every council's rows "
        "(docs/recipes/a-server-of-your-own.md shows how to create one): backup and restore need it, nothing else does."
    )


def has_tables(installation: Installation) -> bool:
    """Tell whether the installation's database holds anything that a restore would replace."""
    with psycopg.connect(full_login(installation)) as connection:
        return connection.execute(_SOMETHING_OF_OURS).fetchone() is not None


def login_names(installation: Installation) -> dict[str, str]:
    return {login: str(conninfo_to_dict(url)["user"]) for login, url in installation.addresses.items()}


# What an extension of the server's keepers brought along is not ours.
_SOMETHING_OF_OURS = """
SELECT 1 FROM pg_class c WHERE relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


# -- writing -----------------------------------------------------------------------------------------------------------


def _fill(archive: zipfile.ZipFile, installation: Installation, made_at: str) -> Manifest:
    """Dump the database and look at its tables in one snapshot: others may go on writing meanwhile."""
    address = full_login(installation)
    with psycopg.connect(address) as connection:
        server = connection.info.server_version // 10000
        refuse_newer_server(server)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute(_NO_TIMEOUTS)
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        with archive.open(DUMP, "w", force_zip64=True) as into:
            carry_out(address, snapshot, into)
        tables = look_at_tables(connection)
        roles, migrations = ([name for (name,) in connection.execute(query)] for query in (_ROLES, MIGRATIONS))
    return Manifest(
        made_at=made_at,
        key_fingerprint=installation.key_fingerprint,
        logins=login_names(installation),
        tables=tables,
        files=_write_files(archive, installation.files),
        roles=roles,
        migrations=migrations,
        server=server,
    )


def _write_files(archive: zipfile.ZipFile, folder: Path) -> dict[str, str]:
    """Write the stored files and return the hash of each as it was written. One that goes meanwhile is left out."""
    hashes = {}
    for path in files_under(folder):
        name = str(path.relative_to(folder))
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            hashes[name] = _write_file(archive, FILES + name, file)
    return hashes


def _write_file(archive: zipfile.ZipFile, name: str, file: IO[bytes]) -> str:
    seen = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as into:
        while piece := file.read(_CHUNK):
            seen.update(piece)
            into.write(piece)
    return seen.hexdigest()


# A server may end sessions that stand still, as ours does while PostgreSQL's programs work.
_NO_TIMEOUTS = """
SELECT set_config(name, '0', true) FROM pg_settings
WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout', 'lock_timeout')
"""


# Who owns something in this database, or was given a right: our logins, and roles of the server's keepers.
_ROLES = """
SELECT DISTINCT rolname FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid
WHERE d.refclassid = 'pg_authid'::regclass AND rolname !~ '^pg_'
AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE (e.classid, e.objid, e.deptype) = (d.classid, d.objid, 'e'))
"""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


# -- reading back ------------------------------------------------------------------------------------------------------


def _restore_database(installation: Installation, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Restore beside the present database, compare, and only then change places with it."""
    cluster = installation.cluster
    if cluster is None:
        _refuse_unknown_roles(full_login(installation), manifest.roles)
        read_database_in(archive, full_login(installation), manifest)
        return
    make_roles(cluster.logins_for("postgres").superuser, manifest.roles)
    cluster.drop_database(RESTORING)
    cluster.create_database(RESTORING)
    try:
        read_database_in(archive, cluster.logins_for(RESTORING).superuser, manifest)
        _change_places(cluster.logins_for("postgres").superuser)
        cluster.drop_database(REPLACED)
    finally:
        cluster.drop_database(RESTORING)


def _refuse_unknown_roles(address: str, names: Iterable[str]) -> None:
    with psycopg.connect(address) as connection:
        if unknown := sorted(set(names) - _roles_known_to(connection)):
            raise Problem(
                f"The archive gives rights to {', '.join(unknown)}, whom this server does not know: create the role "
                "first (CREATE ROLE)."
            )


def _roles_known_to(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}


def _change_places(address: str) -> None:
    """One transaction: a kill in the middle leaves the present database in its place."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [DATABASE],
        )
        with connection.transaction():
            for old, new in ((DATABASE, REPLACED), (RESTORING, DATABASE)):
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                connection.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))


def _unpack_files(archive: zipfile.ZipFile, into: Path) -> None:
    into.mkdir(mode=0o700)
    for member in _stored_files(archive):
        target = (into / member.filename.removeprefix(FILES)).resolve()
        if into.resolve() not in target.parents:
            raise Problem(f"The archive wants to write outside of the data folder: {member.filename!r}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)


def _stored_files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if member.filename.startswith(FILES) and not member.is_dir()]
