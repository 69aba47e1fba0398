"""The embedded PostgreSQL starts anywhere, comes back after any crash, and gives nobody more than their login."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from guildhall.config.postgres import STATE_DIRECTORY, Cluster
from guildhall.config.postgres_binaries import find_binaries
from guildhall.config.problems import Problem

from .conftest import wait_until

RIGHTS = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Iterator[Cluster]:
    made = Cluster(folder / "home")
    made.start()
    yield made
    made.stop()


def _ask(address: str, question: str) -> tuple:
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(question).fetchone() or ()


def _server(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize("login", ["owner", "web", "writer", "dispatcher"])
def test_no_login_of_the_application_can_step_over_the_wall(cluster: Cluster, login: str) -> None:
    address = getattr(cluster.logins_for("guildhall"), login)
    assert _ask(address, RIGHTS) == (False, False, False, False)
    assert _ask(address, "SELECT current_database()") == ("guildhall",)


def test_only_the_owner_makes_tables(cluster: Cluster) -> None:
    logins = cluster.logins_for("guildhall")
    with psycopg.connect(logins.owner) as connection:
        connection.execute("CREATE TABLE owned (i int)")
    for address in (logins.web, logins.writer, logins.dispatcher):
        with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE stolen (i int)")


def test_what_somebody_typed_is_not_in_the_servers_log_when_a_statement_fails(cluster: Cluster) -> None:
    typed = "jo@testford.example"
    with psycopg.connect(cluster.logins_for("guildhall").owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE written_to (email text UNIQUE)")
        for _ in range(2):
            with suppress(psycopg.errors.UniqueViolation):
                psycopg.ClientCursor(connection).execute("INSERT INTO written_to VALUES (%s)", [typed])
        log = (cluster.home / "log").read_text()
    assert "duplicate key value violates unique constraint" in log
    assert typed not in log


def test_nobody_gets_in_without_the_password(cluster: Cluster) -> None:
    address = cluster.logins_for("guildhall").web
    password = address.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address.replace(password, "wrong"))


def test_passwords_and_data_are_for_the_operators_eyes_only(cluster: Cluster) -> None:
    assert (cluster.home / "passwords").stat().st_mode & 0o777 == 0o600
    assert cluster.home.stat().st_mode & 0o777 == 0o700
    assert _ask(cluster.logins_for("guildhall").superuser, "SHOW listen_addresses") == ("",)


def test_a_login_that_was_given_too_much_loses_it_at_the_next_start(cluster: Cluster) -> None:
    _do(cluster, "ALTER ROLE guildhall_web BYPASSRLS")
    cluster.start()
    assert _ask(cluster.logins_for("guildhall").web, RIGHTS) == (False, False, False, False)


def test_a_database_can_be_copied_and_dropped(cluster: Cluster) -> None:
    cluster.create_database("original")
    with psycopg.connect(cluster.logins_for("original").owner) as connection:
        connection.execute("CREATE TABLE words AS SELECT 'hello' AS word")
    cluster.create_database("copy", template="original")
    assert _ask(cluster.logins_for("copy").owner, "SELECT word FROM words") == ("hello",)
    for name in ("original", "copy", "copy"):
        cluster.drop_database(name)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(cluster.logins_for("copy").owner)


def test_a_killed_server_comes_back_with_everything_committed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.logins_for("guildhall").owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS i")
    os.kill(_server(cluster), signal.SIGKILL)
    logins = cluster.start()
    assert cluster.is_running()
    assert _ask(logins.owner, "SELECT i FROM kept") == (1,)


def test_a_server_that_reads_its_log_is_waited_for_as_long_as_it_lives(cluster: Cluster, folder: Path) -> None:
    """After a crash a database answers nobody until it has read what it wrote, however long that takes."""
    cluster.stop()
    reading, asked = folder / "reading", folder / "home" / "asked"
    reading.touch()
    command = f"touch {asked}; while [ -e {reading} ]; do sleep 0.02; done; false"
    (cluster.data / "recovery.signal").touch()
    with (cluster.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = '{command}'\n")
    with ThreadPoolExecutor() as pool:
        started = pool.submit(cluster.start)
        wait_until(asked.exists)
        with pytest.raises(psycopg.OperationalError, match="is starting up"):
            psycopg.connect(cluster.logins_for("guildhall").web)
        assert not started.done()
        reading.unlink()
        assert _ask(started.result().web, "SELECT 1") == (1,)


def test_a_lock_left_behind_whose_number_another_process_has_now_does_no_harm(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert not cluster.is_running()
    cluster.start()
    assert cluster.is_running()


def test_the_last_user_to_stop_ends_the_server(cluster: Cluster) -> None:
    other = Cluster(cluster.home)
    other.start()
    other.stop()
    assert cluster.is_running()
    cluster.stop()
    assert not cluster.is_running()
    cluster.start()


def test_lost_passwords_are_renewed(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.home / "passwords").unlink()
    logins = cluster.start()
    for address in (logins.superuser, logins.owner, logins.web, logins.writer, logins.dispatcher):
        assert _ask(address, "SELECT 1") == (1,)


def test_a_server_whose_socket_was_swept_away_is_started_again(cluster: Cluster) -> None:
    (cluster.sockets / ".s.PGSQL.5432").unlink()
    logins = cluster.start()
    assert _ask(logins.web, "SELECT 1") == (1,)


def test_a_start_that_was_killed_while_making_the_cluster_is_made_good(folder: Path) -> None:
    unfinished = folder / "killed" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    cluster = Cluster(folder / "killed", durable=False)
    assert _ask(cluster.start().web, "SELECT 1") == (1,)
    cluster.stop()


def test_a_deep_folder_gets_a_short_socket(folder: Path) -> None:
    cluster = Cluster(folder / ("y" * 120) / ("z" * 120) / "home", durable=False)
    try:
        assert _ask(cluster.start().web, "SELECT 1") == (1,)
        assert len(os.fsencode(cluster.sockets / ".s.PGSQL.5432")) < 90
        assert cluster.sockets.stat().st_mode & 0o777 == 0o700
        again = Cluster(cluster.home)
        assert again.sockets == cluster.sockets
        assert again.is_running()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.sockets)


def test_a_damaged_cluster_is_named_with_what_to_do(folder: Path) -> None:
    cluster = Cluster(folder / "damaged", durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(Problem, match=r"is damaged.*restore a backup"):
        cluster.start()
    (cluster.data / "PG_VERSION").unlink()
    with pytest.raises(Problem, match=r"is damaged.*restore a backup"):
        cluster.start()


def test_a_cluster_of_another_version_is_refused_by_name(folder: Path) -> None:
    (folder / "older" / "data").mkdir(parents=True)
    (folder / "older" / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Problem, match="was made by PostgreSQL 9, and this is PostgreSQL"):
        Cluster(folder / "older").start()


def test_a_file_in_the_place_of_the_folder_is_refused_in_a_sentence(folder: Path) -> None:
    (folder / "a-file").write_text("")
    with pytest.raises(Problem, match="cannot be used"):
        Cluster(folder / "a-file" / "home").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can shut others out of a folder")
def test_a_folder_that_the_servers_user_cannot_enter_has_a_stand_in() -> None:
    closed = Path(tempfile.mkdtemp(prefix="closed"))
    cluster = Cluster(closed / "home", durable=False)
    try:
        assert cluster.home.parent == STATE_DIRECTORY
        assert _ask(cluster.start().web, "SELECT 1") == (1,)
        assert Cluster(closed / "home").home == cluster.home
    finally:
        cluster.stop()
        shutil.rmtree(cluster.home)
        closed.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can shut others out of a folder")
def test_programs_that_the_servers_user_cannot_reach_are_copied_for_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Path(tempfile.mkdtemp(prefix="closed"))
    wheel = find_binaries().parents[1]
    shutil.copytree(find_binaries().parent, closed / wheel.name / "pg", symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), closed / f"{wheel.name}.libs")
    monkeypatch.setenv("GUILDHALL_PG_BIN", str(closed / wheel.name / "pg" / "bin"))
    strict = os.umask(0o077)
    try:
        cluster = Cluster(folder / "far", durable=False)
        assert _ask(cluster.start().web, "SELECT 1") == (1,)
        assert Path("/proc", str(_server(cluster)), "exe").readlink().is_relative_to(cluster.home / "pg")
        cluster.stop()
    finally:
        os.umask(strict)
        shutil.rmtree(closed)


def _do(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.logins_for("postgres").superuser, autocommit=True) as connection:
        connection.execute(statement.encode())
