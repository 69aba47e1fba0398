"""A PostgreSQL server that somebody else runs serves as well as the embedded one, and is not taken for it."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest

from guildhall.config.archive import look_at_tables
from guildhall.config.postgres import Cluster

from .conftest import Guildhall
from .test_what_is_refused import VARIABLES


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder / "server", durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def addresses(server: Cluster) -> dict[str, str]:
    return _addresses(server, "guildhall")


def _addresses(server: Cluster, database: str) -> dict[str, str]:
    logins = asdict(server.logins_for(database))
    return {variable: logins[login] for login, variable in VARIABLES.items()}


@pytest.fixture(scope="module")
def data(folder: Path, guildhall: Guildhall, addresses: dict[str, str]) -> Path:
    data = folder / "data"
    done = guildhall("migrate", "--data", data, **addresses)
    assert done.returncode == 0, done.stderr
    return data


def test_it_is_migrated_and_no_server_of_ours_is_made(
    data: Path, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    assert not (data / "postgres").exists()
    said = guildhall("doctor", "--data", data, **addresses).stdout
    assert "ok     migrations: ok" in said
    assert "ok     the wall between councils stands around all" in said


def test_people_may_live_there_so_there_is_no_sandbox(
    data: Path, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    done = guildhall("sandbox", "--data", data, **addresses)
    assert done.returncode == 1
    assert "This installation has no sandbox" in done.stderr


def test_a_backup_needs_a_login_that_sees_over_the_walls_and_comes_back_into_an_empty_database(
    folder: Path, data: Path, server: Cluster, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    archive = folder / "backup.zip"
    refused = guildhall("backup", archive, "--data", data, **addresses)
    assert refused.returncode == 1
    assert "Set DATABASE_BACKUP_URL" in refused.stderr
    every_row = server.logins_for("guildhall").superuser
    assert guildhall("backup", archive, "--data", data, DATABASE_BACKUP_URL=every_row, **addresses).returncode == 0

    server.create_database("elsewhere")
    other = _addresses(server, "elsewhere") | {"DATABASE_BACKUP_URL": server.logins_for("elsewhere").superuser}
    done = guildhall("restore", archive, "--data", folder / "other", "--key", data / "key", **other)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(every_row) as before, psycopg.connect(other["DATABASE_BACKUP_URL"]) as after:
        assert look_at_tables(before) == look_at_tables(after)
