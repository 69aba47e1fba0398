"""``./guildhall test --server``: the tests live on a server that somebody runs, but never in somebody's house."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests import databases
from tests.databases import ServerOfOnesOwn
from tests.own_server import KEEPER, OwnServer, running_server

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def debians(folder: Path) -> Iterator[OwnServer]:
    with running_server(folder / "server") as server:
        yield server


@pytest.fixture
def server(debians: OwnServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ServerOfOnesOwn:
    monkeypatch.setattr(databases, "HOME", folder)
    return ServerOfOnesOwn(f"postgresql://{KEEPER}@/postgres?host={debians.home}")


def _ask(address: str, question: str) -> tuple:
    with psycopg.connect(address) as connection:
        return connection.execute(question).fetchone() or ()


def test_the_tests_logins_and_databases_are_made_there(server: ServerOfOnesOwn) -> None:
    server.start()
    server.create_database("for_a_run")
    logins = server.logins_for("for_a_run")
    for login in (logins.owner, logins.web, logins.writer, logins.dispatcher):
        rights = "SELECT rolsuper OR rolbypassrls, current_database() FROM pg_roles WHERE rolname = current_user"
        assert _ask(login, rights) == (False, "for_a_run")
    assert _ask(logins.web, "SHOW server_encoding") == ("UTF8",)
    server.drop_database("for_a_run")
    server.stop()
    assert _ask(logins.superuser.replace("for_a_run", "postgres"), "SELECT 1") == (1,), "it is not ours to stop"


def test_logins_whose_passwords_are_lost_get_others(server: ServerOfOnesOwn, folder: Path) -> None:
    server.start()
    for kept in folder.glob("passwords-*"):
        kept.unlink()
    server.start()
    assert _ask(server.logins_for("postgres").web, "SELECT 1") == (1,)


def test_where_somebody_has_a_guildhall_nothing_is_touched(server: ServerOfOnesOwn, debians: OwnServer) -> None:
    server.start()
    debians.ask("COMMENT ON ROLE guildhall_writer IS NULL")
    with pytest.raises(SystemExit, match="guildhall_writer was made by no test"):
        server.start()
    debians.ask("COMMENT ON ROLE guildhall_writer IS 'made by Guildhall''s tests'")
