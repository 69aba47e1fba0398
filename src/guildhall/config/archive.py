"""Backup and restore: one zip archive with the database, the stored files, and a manifest to compare them with.

The manifest counts each table's rows and hashes their ordered contents, from the very snapshot that is dumped, so that
a restore can prove itself. The installation's key is never in an archive; the manifest only knows its fingerprint.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from guildhall.config.installation import Installation
from guildhall.config.places import ROOT
from guildhall.config.postgres import DATABASE
from guildhall.config.postgres_binaries import clean_environment, find_binaries
from guildhall.config.problems import Problem

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"
RESTORING, REPLACED = "guildhall_restoring", "guildhall_replaced"
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Contents:
    """One table as it was: how many rows, and the hash of all of them in order."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive promises to contain. ``logins`` are the role names that its tables and policies refer to."""

    made_at: str
    key_fingerprint: str
    logins: dict[str, str]
    tables: dict[str, Contents]
    files: dict[str, str]
    format: int = FORMAT


def write_archive(installation: Installation, target: Path, *, made_at: str) -> Manifest:
    """Write everything but the key to ``target``, which must not exist; it appears only when it is complete.

    :raises Problem: the target exists, the database cannot be read whole, or there is no room.
    """
    if target.exists():
        raise Problem(f"{target} exists already: choose another name, or move it away.")
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with open(unfinished, "xb", opener=_private) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            manifest = _fill(archive, installation, made_at)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        with open(unfinished, "rb") as written:
            os.fsync(written.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def read_manifest(source: Path) -> Manifest:
    """Return what the archive promises.

    :raises Problem: it is no archive of ours, or is damaged.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            said = json.loads(archive.read(MANIFEST))
            if said["format"] != FORMAT:
                raise Problem(f"{source} was written by a later version of Guildhall (format {said['format']}).")
            tables = {name: Contents(**contents) for name, contents in said.pop("tables").items()}
            return Manifest(tables=tables, **said)
    except FileNotFoundError:
        raise Problem(f"There is no file {source}.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as damage:
        raise Problem(f"{source} is not a backup of Guildhall, or is damaged: {damage}.") from damage


def restore_archive(installation: Installation, source: Path, manifest: Manifest) -> None:
    """Put the archive's database and files in the place of the installation's, once they have proved to be whole.

    :raises Problem: what was read back is not what the manifest promises; then nothing has changed.
    """
    files = installation.data / "files.restoring"
    shutil.rmtree(files, ignore_errors=True)
    with zipfile.ZipFile(source) as archive:
        _unpack_files(archive, files)
        _compare("stored files", manifest.files, _hash_files(files))
        _restore_database(installation, archive, manifest)
    shutil.rmtree(installation.files, ignore_errors=True)
    files.rename(installation.files)


def look_at_tables(connection: psycopg.Connection) -> dict[str, Contents]:
    """Count and hash each table of the database, in the connection's open snapshot."""
    connection.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL row_security = off")
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
    ).fetchall()
    return {name: _look_at_table(connection, name) for (name,) in names}


def full_login(installation: Installation) -> str:
    """Return the address of a login that may read every council's rows: the wall binds even the owner.

    :raises Problem: a real server is used and no such login is given.
    """
    if installation.cluster is not None:
        return installation.cluster.logins_for(DATABASE).superuser
    if given := os.environ.get("DATABASE_BACKUP_URL"):
        return given
    raise Problem(
        "Set DATABASE_BACKUP_URL to a login that may read every council's rows (a superuser, or one with BYPASSRLS): "
        "backup and restore need it, and nothing else uses it."
    )


def is_in_use(installation: Installation) -> bool:
    """Tell whether the installation holds anything that a restore would replace."""
    with psycopg.connect(full_login(installation)) as connection:
        found = connection.execute("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()
    return found is not None or any(installation.files.iterdir())


# -- writing -----------------------------------------------------------------------------------------------------------


def _fill(archive: zipfile.ZipFile, installation: Installation, made_at: str) -> Manifest:
    """Dump the database and look at its tables in one snapshot: others may go on writing meanwhile."""
    address = full_login(installation)
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        command, environment = _tool("pg_dump", address)
        with archive.open(DUMP, "w", force_zip64=True) as into:
            _pour_out([*command, "--format=custom", "--no-sync", f"--snapshot={snapshot}"], environment, into)
        tables = look_at_tables(connection)
    for path in _files_under(installation.files):
        archive.write(path, FILES + str(path.relative_to(installation.files)))
    return Manifest(
        made_at=made_at,
        key_fingerprint=installation.key_fingerprint,
        logins=login_names(installation),
        tables=tables,
        files=_hash_files(installation.files),
    )


def login_names(installation: Installation) -> dict[str, str]:
    return {login: str(conninfo_to_dict(url)["user"]) for login, url in installation.addresses.items()}


def _look_at_table(connection: psycopg.Connection, name: str) -> Contents:
    rows, seen = 0, hashlib.sha256()
    query = sql.SQL('COPY (SELECT t::text FROM {} t ORDER BY t::text COLLATE "C") TO STDOUT').format(
        sql.Identifier("public", name)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for line in copy:
            seen.update(line)
            rows += bytes(line).count(b"\n")
    return Contents(rows, seen.hexdigest())


def _hash_files(folder: Path) -> dict[str, str]:
    hashes = {}
    for path in _files_under(folder):
        with path.open("rb") as file:
            hashes[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


def _files_under(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# -- reading back ------------------------------------------------------------------------------------------------------


def _restore_database(installation: Installation, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Restore beside the present database, compare, and only then change places with it.

    On a server of somebody else's there is only the one database, which must be empty.
    """
    cluster = installation.cluster
    if cluster is None:
        _pour_database_in(archive, full_login(installation), manifest)
        return
    cluster.drop_database(RESTORING)
    cluster.create_database(RESTORING)
    try:
        _pour_database_in(archive, cluster.logins_for(RESTORING).superuser, manifest)
        _change_places(cluster.logins_for("postgres").superuser)
        cluster.drop_database(REPLACED)
    finally:
        cluster.drop_database(RESTORING)


def _pour_database_in(archive: zipfile.ZipFile, address: str, manifest: Manifest) -> None:
    command, environment = _tool("pg_restore", address)
    with archive.open(DUMP) as dump:
        _pour_in([*command, "--exit-on-error", "--single-transaction"], environment, dump)
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        _compare("tables", manifest.tables, look_at_tables(connection))


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


def _compare(what: str, promised: dict[str, Contents] | dict[str, str], found: object) -> None:
    if found == promised:
        return
    assert isinstance(found, dict)
    different = sorted(name for name in promised.keys() | found.keys() if promised.get(name) != found.get(name))
    raise Problem(f"The {what} read back differ from what the archive promises: {', '.join(different)[:300]}.")


def _unpack_files(archive: zipfile.ZipFile, into: Path) -> None:
    into.mkdir(mode=0o700)
    for member in archive.infolist():
        if member.filename.startswith(FILES):
            target = (into / member.filename.removeprefix(FILES)).resolve()
            if into.resolve() not in target.parents:
                raise Problem(f"The archive wants to write outside of the data folder: {member.filename}.")
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, _CHUNK)


# -- PostgreSQL's programs ---------------------------------------------------------------------------------------------


def _tool(name: str, address: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line of a program and its environment, with the password: others can read arguments."""
    target = conninfo_to_dict(address)
    password = str(target.pop("password", ""))
    wanted = " ".join(f"{key}='{_quoted(str(value))}'" for key, value in target.items())
    return [str(find_binaries() / name), f"--dbname={wanted}"], {**clean_environment(), "PGPASSWORD": password}


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _pour_out(command: list[str], environment: dict[str, str], into: IO[bytes]) -> None:
    running = subprocess.Popen(  # noqa: S603
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert running.stdout is not None
    shutil.copyfileobj(running.stdout, into, _CHUNK)
    _, said = running.communicate()
    _refuse_failure("The database could not be read whole", running.returncode, said)


def _pour_in(command: list[str], environment: dict[str, str], source: IO[bytes]) -> None:
    running = subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert running.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # then it says below why it stopped reading
        shutil.copyfileobj(source, running.stdin, _CHUNK)
    _, said = running.communicate()
    _refuse_failure("The database could not be read back", running.returncode, said)


def _refuse_failure(what: str, code: int, said: bytes) -> None:
    if code:
        raise Problem(f"{what}: {' '.join(said.decode(errors='replace').split())[-400:]}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
