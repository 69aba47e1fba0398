"""Every command, in every wrong situation: one plain line that says what to do, a non-zero exit, and no traceback.

The table is the product of the commands and the situations: a new command is in it at once, a new situation is a line.
What is wrong with one command's own words is in ``test_what_is_refused.py``.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from guildhall.config.commandline import COMMANDS
from guildhall.config.up_to_date import Tables

from .conftest import VARIABLES, free_port
from .situations import KEY, Here, arranged, plainly_refused
from .warm import Done

OPENS = [name for name, command in COMMANDS.items() if not command.is_for_developers]
WANTED = {name: COMMANDS[name].needs_tables for name in OPENS if COMMANDS[name].needs_installation}
NEEDS_TABLES = [name for name, wanted in WANTED.items() if wanted is not Tables.ANY]
NEEDS_ALL_TABLES = [name for name, wanted in WANTED.items() if wanted is Tables.ALL]
MIGRATES = ["up", "migrate"]

Arrange = Callable[[Here], dict[str, str]]


@pytest.fixture(scope="module")
def here(folder: Path) -> Iterator[Here]:
    with arranged(folder) as here:
        yield here


@dataclass(frozen=True)
class Situation:
    """What is wrong, as variables of the shell; ``said`` is what every command says of it."""

    said: str
    environment: dict[str, str] = field(default_factory=dict)
    at: Arrange = lambda here: {}
    of: list[str] = field(default_factory=lambda: OPENS)


def _server(here: Here) -> dict[str, str]:
    return here.addresses()


def _nobody_listens(here: Here) -> dict[str, str]:
    return dict.fromkeys(VARIABLES.values(), f"postgresql://somebody:hush@127.0.0.1:{free_port()}/guildhall")


def _wrong_password(here: Here) -> dict[str, str]:
    right = here.addresses()
    return right | {"DATABASE_URL": right["DATABASE_URL"].replace("guildhall_web:", "guildhall_web:hush")}


def _mighty(here: Here) -> dict[str, str]:
    return here.addresses() | {"DATABASE_URL": here.server.logins_for("guildhall").superuser}


def _no_database(here: Here) -> dict[str, str]:
    return here.addresses("nowhere")


def _later_version(here: Here) -> dict[str, str]:
    return _migrated(here, "later", "0999_of_next_year")


def _earlier_version(here: Here) -> dict[str, str]:
    return _migrated(here, "earlier", "0001_the_tables")


def _migrated(here: Here, database: str, only: str) -> dict[str, str]:
    with psycopg.connect(here.server.logins_for("postgres").superuser) as connection:
        is_there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
    if not is_there:
        here.server.create_database(database)
        with psycopg.connect(here.server.logins_for(database).owner) as connection:
            connection.execute("CREATE TABLE django_migrations AS SELECT 'notify' AS app, %s::text AS name", [only])
    return here.addresses(database)


NO_URL = "must be http or https, a host .* such as https:"
NO_KEY = "not a key|another key"
ONE = {"DATABASE_URL": "postgresql://guildhall_web:hush@127.0.0.1/guildhall"}
PUBLIC = {"GUILDHALL_SANDBOX": "1", "GUILDHALL_BASE_URL": "https://house.example"}

SITUATIONS = {
    "a slip in a name": Situation("did you mean GUILDHALL_SANDBOX", {"GUILDHALL_SANBOX": "0"}),
    "a base URL without scheme": Situation(NO_URL, {"GUILDHALL_BASE_URL": "house.example"}),
    "a base URL with a path": Situation(NO_URL, {"GUILDHALL_BASE_URL": "https://house.example/town"}),
    "a sandbox, perhaps": Situation("it must be 0 or 1", {"GUILDHALL_SANDBOX": "perhaps"}),
    "an email domain with an @": Situation("the name of a domain", {"GUILDHALL_EMAIL_DOMAIN": "@council.example"}),
    "no mail server": Situation(
        "SMTP_URL is wrong: it must be smtp://", {"GUILDHALL_SMTP_URL": "me:hush@mail.example"}
    ),
    "no networks": Situation("such as 10.1.0.0/16", {"GUILDHALL_CALLBACK_NETWORKS": "10.1.2.3/8"}),
    "no metrics port": Situation("from 1 to 65534", {"GUILDHALL_METRICS_PORT": "65535"}),
    "no database address": Situation("such as postgresql://", {"DATABASE_URL": "host=db password=hush"}),
    "one login of four": Situation("DATABASE_OWNER_URL, DATABASE_WRITER_URL, .* must be set too", ONE),
    "no server there": Situation("The database of DATABASE_URL does not let us in", at=_nobody_listens),
    "a wrong password": Situation("password authentication failed", at=_wrong_password),
    "no such database": Situation('database "nowhere" does not exist', at=_no_database),
    "web as a superuser": Situation("is a superuser .* the wall between councils would not hold", at=_mighty),
    "a key that is none": Situation(NO_KEY, {"GUILDHALL_KEY": "hello"}, at=_server),
    "a key of nothing": Situation(NO_KEY, {"GUILDHALL_KEY": base64.b64encode(bytes(32)).decode()}, at=_server),
    "the sandbox in public": Situation("set GUILDHALL_SANDBOX=0 for a real installation", PUBLIC, at=_server),
    "before a migration": Situation("run ./guildhall migrate first", at=_server, of=NEEDS_TABLES),
    "an earlier database": Situation("is not up to date .*migrate first", at=_earlier_version, of=NEEDS_ALL_TABLES),
    "a later database": Situation("of a later version of Guildhall", at=_later_version, of=NEEDS_TABLES + MIGRATES),
}


@pytest.mark.parametrize(
    ("name", "command"), [(name, command) for name, situation in SITUATIONS.items() for command in situation.of]
)
def test_it_is_said_in_one_line(here: Here, name: str, command: str) -> None:
    situation = SITUATIONS[name]
    environment = {"GUILDHALL_KEY": KEY} | situation.at(here) | situation.environment
    done = here.warm.run(*here.words(command), environment=environment)
    if command == "doctor" and not done.stderr:
        _the_doctor_says(done, f"WRONG  the installation cannot be opened\n       → .*({situation.said})")
    else:
        plainly_refused(done, situation.said)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (_server, "WRONG  migrations: [0-9]+ to run: ./guildhall migrate\n       → run ./guildhall migrate"),
        (_later_version, "WRONG  migrations: .*\n       → The database is of a later version of Guildhall"),
    ],
)
def test_the_doctor_looks_at_what_cannot_be_used_too(here: Here, at: Arrange, said: str) -> None:
    """Its own order in the recipe is before the first migration."""
    done = here.warm.run(*here.words("doctor"), environment=at(here) | {"GUILDHALL_BASE_URL": "https://house.example"})
    _the_doctor_says(done, said)
    assert "ok     the login guildhall_owner (owner) reaches the database" in done.stdout
    assert done.stdout.endswith("1 of these needs you.\n")


def _the_doctor_says(done: Done, words: str) -> None:
    assert (done.code, done.stderr) == (1, "")
    assert re.search(words, done.stdout), done.stdout


def test_a_database_is_backed_up_before_it_is_brought_up_to_date() -> None:
    assert set(NEEDS_TABLES) - set(NEEDS_ALL_TABLES) == {"backup"}


def test_the_table_has_every_command() -> None:
    assert set(OPENS) == {
        *("up", "web", "worker", "migrate", "sandbox", "doctor"),
        *("backup", "restore", "operator", "postcodes", "recount"),
    }
