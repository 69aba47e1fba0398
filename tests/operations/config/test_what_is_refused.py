"""What is wrong with one command's own words, or around it, is said in one plain line with what to do.

What is wrong for every command is in ``test_every_command_in_every_situation.py``.
"""

import json
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from guildhall.config.installation import key_fingerprint, make_data_folder
from guildhall.config.launches import the_only_launcher
from guildhall.config.ports import Place, hold
from guildhall.config.postgres import Cluster
from guildhall.config.up_to_date import our_migrations

from .conftest import free_port
from .situations import KEY, OTHER_KEY, Here, arranged, plainly_refused, write_archive

Arrange = Callable[[Here], AbstractContextManager[object]]


@pytest.fixture(scope="module")
def here(folder: Path) -> Iterator[Here]:
    with arranged(folder) as here:
        yield here


@dataclass(frozen=True)
class Case:
    """A command's words and what it says of them. What stands in braces is filled in, in variables too."""

    words: str
    said: str
    arrange: Arrange = lambda here: nullcontext()
    environment: dict[str, str] = field(default_factory=dict)
    code: int = 1
    largest_file: int | None = None


# -- what is arranged --------------------------------------------------------------------------------------------------


def _taken(here: Here) -> AbstractContextManager[object]:
    return socket.create_server(("127.0.0.1", here.port))


@contextmanager
def _held(here: Here) -> Iterator[None]:
    held = hold(Place("127.0.0.1", here.port))
    try:
        yield
    finally:
        held.let_go()


def _running(here: Here) -> AbstractContextManager[object]:
    make_data_folder(here.folder / "data")
    return the_only_launcher(here.folder / "data")


def _file(name: str, content: bytes = b"") -> Arrange:
    def write(here: Here) -> AbstractContextManager[object]:
        path = here.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return nullcontext()

    return write


def _archive(name: str, **other: Any) -> Arrange:
    def write(here: Here) -> AbstractContextManager[object]:
        write_archive(here.folder / name, **other)
        return nullcontext()

    return write


def _cut_short(here: Here) -> AbstractContextManager[object]:
    whole = (here.folder / "good.zip").read_bytes()
    return _file("cut.zip", whole[: len(whole) // 2])(here)


@contextmanager
def _done_before(here: Here, before: str, after: str) -> Iterator[None]:
    with psycopg.connect(here.server.logins_for("guildhall").superuser, autocommit=True) as connection:
        connection.execute(before.encode())
        try:
            yield
        finally:
            connection.execute(after.encode())


def _mighty_login(here: Here) -> AbstractContextManager[object]:
    made = "CREATE ROLE mighty LOGIN PASSWORD 'mighty' BYPASSRLS; GRANT CONNECT ON DATABASE guildhall TO mighty"
    return _done_before(here, made, "REVOKE CONNECT ON DATABASE guildhall FROM mighty; DROP ROLE mighty")


def _somebodys_table(here: Here) -> AbstractContextManager[object]:
    made = "CREATE TABLE something (i int); ALTER TABLE something OWNER TO guildhall_owner"
    return _done_before(here, made, "DROP TABLE something")


def _migrated_with(key: str) -> Arrange:
    def make(here: Here) -> AbstractContextManager[object]:
        mark = sql.Literal(json.dumps({"key": key_fingerprint(key)})).as_string()
        applied = sql.Literal(sorted(our_migrations())).as_string()
        made = (
            "CREATE TABLE django_migrations AS "
            "SELECT split_part(each, '.', 1) AS app, split_part(each, '.', 2) AS name "
            f"FROM unnest({applied}::text[]) AS each; GRANT SELECT ON django_migrations TO guildhall_owner"
        )
        return _done_before(
            here, f"{made}; COMMENT ON TABLE django_migrations IS {mark}", "DROP TABLE django_migrations"
        )

    return make


# -- the table ---------------------------------------------------------------------------------------------------------

AT, SERVED = " --data {folder}/data", " --data {folder}/data --port {port}"
BACK = "restore {folder}/good.zip" + AT
SERVER = {"DATABASE_URL": "{web}"}  # the other three, and the key, come with it
BLIND = SERVER | {"DATABASE_BACKUP_URL": ""}
WEBS = SERVER | {"DATABASE_BACKUP_URL": "{web}"}
NO_PORT = "is not a port: choose one from 1 to 65535 with --port"
NO_HOST = "is not an address of this machine"
NO_BACKUP = "is not a backup of Guildhall, or is damaged"
NO_DATA = "The data folder .* cannot be used: .*--data"
NOT_THE_KEY = "is not the one that this database's secrets were hidden with: put that one back"
WATCHED = {"GUILDHALL_METRICS_PORT": "{port}"}

SERVING = [
    (f" --port 0{AT}", NO_PORT, 1),
    (f" --port 99999{AT}", NO_PORT, 1),
    (f" --port -1{AT}", NO_PORT, 1),
    (f" --port x{AT}", "invalid int value: 'x': see ./guildhall (up|web) --help", 2),
    (f" --host nowhere.invalid{SERVED}", f"'nowhere.invalid' {NO_HOST}", 1),
]

CASES = [
    *(Case(command + words, said, code=code) for command in ("up", "web") for words, said, code in SERVING),
    Case("nosuch", "invalid choice: 'nosuch'.*: see ./guildhall --help", code=2),
    Case("migrate --sideways", "unknown: --sideways: see ./guildhall --help", code=2),
    Case("backup", "required: file: see ./guildhall backup --help", code=2),
    Case("bench nosuch", "There is no bench called nosuch"),
    # ports
    Case(f"up{SERVED}", "Port [0-9]+ is in use by another program: stop it, or .* --port", _taken),
    Case(f"up{SERVED}", "Port [0-9]+ belongs to a Guildhall that runs here already: stop that one", _held),
    Case(f"up --port {{other}}{AT}", "in use .*GUILDHALL_METRICS_PORT", _taken, WATCHED),
    Case(f"up{SERVED}", f"'x.invalid' {NO_HOST}", environment=WATCHED | {"GUILDHALL_METRICS_ADDRESS": "x.invalid"}),
    Case(f"up --host 192.0.2.1{SERVED}", f"'192.0.2.1' {NO_HOST}", environment=SERVER),
    Case(f"up --host 0.0.0.0{SERVED}", "open to everybody on 0.0.0.0", environment=SERVER | {"GUILDHALL_SANDBOX": "1"}),
    # folders and keys
    Case(f"up{SERVED}", "already runs with the data folder .*: stop that one", _running),
    Case(BACK, "already runs with the data folder .*: stop that one", _running, SERVER),
    *(Case(f"{command} --data /proc/guildhall", NO_DATA) for command in ("up", "migrate", "backup x.zip")),
    *(Case(f"{command} --data {{folder}}/file", NO_DATA, _file("file")) for command in ("up", "migrate", "worker")),
    Case("migrate --data {folder}/keyless", "key is missing: put it back", _file("keyless/postgres/data/PG_VERSION")),
    Case("migrate --data {folder}/bad", "is not a key", _file("bad/key", b"hello")),
    Case("migrate --data {folder}/raw", "is not a key", _file("raw/key", bytes(range(256)))),
    Case("migrate --data {folder}/dir", "key: Is a directory", _file("dir/key/inside")),
    Case(f"migrate{AT}", NOT_THE_KEY, _migrated_with(OTHER_KEY), SERVER),
    Case(f"backup {{folder}}/x.zip{AT}", NOT_THE_KEY, _migrated_with(OTHER_KEY), SERVER),
    # logins
    Case(f"web{SERVED}", "has BYPASSRLS", _mighty_login, {"DATABASE_URL": "{mighty}"}),
    Case(f"web{SERVED}", "owns Guildhall's tables", _somebodys_table, {"DATABASE_URL": "{owner}"}),
    Case(f"backup {{folder}}/x.zip{AT}", "Set DATABASE_BACKUP_URL to a login", _migrated_with(KEY), BLIND),
    Case(f"backup {{folder}}/x.zip{AT}", "permission denied", _migrated_with(KEY), WEBS),
    # backups
    Case(f"backup {{folder}}{AT}", "exists already: choose another name", _migrated_with(KEY), SERVER),
    Case(f"backup {{folder}}/no/x.zip{AT}", "There is no folder .*/no: make it first", _migrated_with(KEY), SERVER),
    Case(f"backup {{folder}}/full.zip{AT}", "File too large", _migrated_with(KEY), SERVER, largest_file=1024),
    Case(f"restore {{folder}}/gone.zip{AT}", "There is no file .*gone.zip"),
    Case(f"restore {{folder}}{AT}", "cannot be read: Is a directory"),
    Case(f"restore {{folder}}/notes.txt{AT}", NO_BACKUP, _file("notes.txt", b"hello")),
    Case(f"restore {{folder}}/cut.zip{AT}", NO_BACKUP, _cut_short),
    Case(f"restore {{folder}}/list.zip{AT}", NO_BACKUP, _archive("list.zip", tables=[])),
    Case(f"restore {{folder}}/newer.zip{AT}", "later version of Guildhall .format 9", _archive("newer.zip", format=9)),
    Case(f"restore {{folder}}/next.zip{AT}", "a later version", _archive("next.zip", migrations=["pay.0999_x"])),
    Case(BACK, "There is no key file .*--key FILE"),
    Case(f"{BACK} --key {{folder}}/nokey", "There is no key file .*--key FILE"),
    Case(f"{BACK} --key {{folder}}", "Is a directory"),
    Case(BACK, "written with another key", environment={"GUILDHALL_KEY": OTHER_KEY}),
    Case(BACK, "damaged: there is no database in it", environment=SERVER),
    Case(BACK, "The database of DATABASE_URL is not empty", _somebodys_table, SERVER),
    Case(f"{BACK} --force", "The database of DATABASE_URL is not empty", _somebodys_table, SERVER),
    Case(f"restore {{folder}}/names.zip{AT}", "logins are called", _archive("names.zip", logins={}), SERVER),
    Case(f"restore {{folder}}/role.zip{AT}", "rights to reporting", _archive("role.zip", roles=["reporting"]), SERVER),
    # others
    Case(f"sandbox{AT}", "no sandbox: set GUILDHALL_SANDBOX=1", _migrated_with(KEY), SERVER),
    Case(f"operator jo@{AT}", "jo@ is not an email address", _migrated_with(KEY), SERVER),
    Case(f"postcodes {{folder}}/gone.csv{AT}", "There is no file", _migrated_with(KEY), SERVER),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.words}: {case.said[:40]}")
def test_it_is_said_in_one_line(here: Here, case: Case) -> None:
    shutil.rmtree(here.folder / "data", ignore_errors=True)
    logins = here.server.logins_for("guildhall")
    filled = {
        "folder": here.folder,
        "port": here.port,
        "other": free_port(),
        "web": logins.web,
        "owner": logins.owner,
        "mighty": re.sub("//[^@]*@", "//mighty:mighty@", logins.web),
    }
    said = {name: value.format(**filled) for name, value in case.environment.items()}
    environment = (here.addresses() if "DATABASE_URL" in said else {}) | said
    with case.arrange(here):
        done = here.warm.run(
            *case.words.format(**filled).split(), environment=environment, largest_file=case.largest_file
        )
    plainly_refused(done, case.said, code=case.code)
    assert not list(here.folder.glob("*.unfinished"))


def test_a_damaged_database_is_named_with_what_to_do(here: Here) -> None:
    cluster = Cluster(here.folder / "damaged" / "postgres", durable=False)
    cluster.start()
    cluster.stop()
    passwords = cluster.home / "passwords"
    right = passwords.read_text()
    passwords.write_text(right[:20])
    _refused(here, "damaged", "passwords is damaged: .*remove that file, and start again")
    passwords.write_text(right)
    (cluster.data / "global" / "pg_control").unlink()
    _refused(here, "damaged", "is damaged.*restore a backup")


def _refused(here: Here, data: str, said: str) -> None:
    words = ("migrate", "--data", here.folder / data)
    plainly_refused(here.warm.run(*words, environment={"GUILDHALL_KEY": KEY}), said)
