"""A database in which two councils have a row in every table, whatever the rules say that a row should be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from psycopg import sql

from guildhall.kernel.ids import new_id

A, B = new_id(), new_id()
LOGINS = ("web", "writer", "dispatcher")

# What to put into a column that must have something, by the column's type.
SAMPLES = {
    "uuid": "gen_random_uuid()",
    "text": "md5(random()::text)",
    "character varying": "left(md5(random()::text), 8)",
    "character": "'x'",
    "boolean": "true",
    "smallint": "1",
    "integer": "(random() * 1e9)::int",
    "bigint": "(random() * 1e9)::bigint",
    "numeric": "1",
    "double precision": "1",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "interval": "'1 day'",
    "jsonb": "'{}'",
    "bytea": "sha256(gen_random_uuid()::text::bytea)",
    "inet": "'192.0.2.1'",
    "ARRAY": "'{}'",
}


@dataclass(frozen=True)
class Houses:
    """A database in which two councils have a row in every table."""

    urls: dict[str, str]
    tables: tuple[str, ...]


def council_tables(superuser: psycopg.Connection) -> list[str]:
    """Every table and partition with an ``organisation_id``."""
    found = superuser.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND a.attname = 'organisation_id' AND NOT a.attisdropped ORDER BY c.relname"
    )
    return [name for (name,) in found]


def furnish(superuser: psycopg.Connection, table: str) -> None:
    """Give each council a row. Checks are taken off first: here a row need not make sense, only exist."""
    checks = superuser.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c' AND conislocal", [table]
    )
    for (check,) in checks.fetchall():
        superuser.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(check))
        )
    if superuser.execute("SELECT relispartition FROM pg_class WHERE oid = %s::regclass", [table]).fetchone() == (True,):
        return  # the parent's rows are in it
    columns = superuser.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND (is_nullable = 'NO' OR data_type IN ('uuid', 'text', 'bytea'))"
        " AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'"
        " AND column_name <> 'organisation_id'",
        [table],
    ).fetchall()
    names = [sql.Identifier(name) for name, _ in columns]
    samples = [sql.SQL(SAMPLES[kind]) for _, kind in columns]
    for council in (A, B):
        superuser.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join([sql.Identifier("organisation_id"), *names]),
                sql.SQL(", ").join([sql.Literal(council), *samples]),
            )
        )


@contextmanager
def furnished_copy(database: dict[str, str]) -> Iterator[Houses]:
    """Yield a copy of the migrated database with a row of each council in every table, and drop it afterwards."""
    name = f"walls_{os.getpid()}"
    connections.close_all()  # a database that somebody is connected to cannot be copied
    source = urlsplit(database["superuser"]).path.strip("/")
    with psycopg.connect(database["superuser"].replace(f"/{source}", "/postgres"), autocommit=True) as cluster:
        cluster.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        cluster.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cluster.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source)))
        urls = {login: urlunsplit(urlsplit(url)._replace(path=f"/{name}")) for login, url in database.items()}
        with psycopg.connect(urls["superuser"]) as superuser:
            tables = tuple(council_tables(superuser))
            superuser.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
            for table in tables:
                furnish(superuser, table)
        yield Houses(urls, tables)
        cluster.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
