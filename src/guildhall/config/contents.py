"""What a database and a folder of files hold, counted and hashed, so that two of them can be compared."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

# Servers can be set to write values down differently: in a comparison all write alike.
_WRITE_ALIKE = """
SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL row_security = off
"""
_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""


@dataclass(frozen=True)
class Contents:
    """One table as it was: how many rows, and the hash of all of them in order."""

    rows: int
    sha256: str


def look_at_tables(connection: psycopg.Connection) -> dict[str, Contents]:
    """Count and hash each table of the database, in the connection's open snapshot."""
    connection.execute(_WRITE_ALIKE)
    return {name: _look_at_table(connection, name) for (name,) in connection.execute(_TABLES).fetchall()}


def hash_files(folder: Path) -> dict[str, str]:
    """Return the hash of each file under a folder, by its path there."""
    hashes = {}
    for path in files_under(folder):
        with path.open("rb") as file:
            hashes[str(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


def files_under(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


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
