"""A PostgreSQL server that somebody else runs, set up as the recipe says, serves as well as the embedded one.

It is Debian's (15 on Debian 12), the embedded one is newer (18): what one of them holds comes back in the other.
"""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.own_server import OwnServer, running_server

from guildhall.config.archive import read_manifest
from guildhall.config.contents import Contents, look_at_tables
from guildhall.config.postgres_tools import tools_version

from .conftest import Guildhall, free_port
from .test_one_command import launched

pytestmark = pytest.mark.server

REAL = {"GUILDHALL_BASE_URL": "https://guildhall.example", "GUILDHALL_SANDBOX": "0"}


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[OwnServer]:
    with running_server(folder / "server") as server:
        yield server


@pytest.fixture(scope="module")
def addresses(server: OwnServer) -> dict[str, str]:
    return server.follow_the_recipe()


@pytest.fixture(scope="module")
def data(folder: Path, addresses: dict[str, str]) -> Path:
    """The data folder of a real house that was started on the server, served pages, and was stopped."""
    with launched(folder / "data", free_port(), **addresses, **REAL) as house:
        assert house.is_ready()
        assert house.ask("/", host="guildhall.example")[0] == 200
        assert house.ask("/")[0] == 400, "not the house's own name"
        house.launcher.send_signal(signal.SIGINT)
        assert house.launcher.wait(60) == 0
    return folder / "data"


@pytest.fixture(scope="module")
def archive(folder: Path, data: Path, server: OwnServer, guildhall: Guildhall, addresses: dict[str, str]) -> Path:
    made = _backed_up(guildhall, folder / "of-the-server.zip", data, addresses)
    assert read_manifest(made).server == server.version
    return made


def _backed_up(guildhall: Guildhall, archive: Path, data: Path, addresses: dict[str, str]) -> Path:
    done = guildhall("backup", archive, "--data", data, **addresses)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Read it back whole, and all was as it says" in done.stdout
    assert not (data / "proving").exists(), "the server that it was read into has gone"
    return archive


def _restored(
    guildhall: Guildhall, archive: Path, into: Path, key: Path, addresses: dict[str, str]
) -> "subprocess.CompletedProcess[str]":
    return guildhall("restore", archive, "--data", into, "--key", key, **addresses)


def _contents(address: str) -> dict[str, Contents]:
    with psycopg.connect(address) as connection:
        return look_at_tables(connection)


def test_a_real_house_starts_on_it_and_no_server_of_ours_is_made(data: Path) -> None:
    assert not (data / "postgres").exists()


def test_a_backup_needs_a_login_that_sees_over_the_walls(
    folder: Path, data: Path, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    blind = addresses | {"DATABASE_BACKUP_URL": ""}
    refused = guildhall("backup", folder / "refused.zip", "--data", data, **blind)
    assert refused.returncode == 1
    assert "Set DATABASE_BACKUP_URL" in refused.stderr
    assert not (folder / "refused.zip").exists()


def test_its_backup_comes_back_into_another_database_of_the_same_server_with_its_walls_standing(
    folder: Path, data: Path, archive: Path, server: OwnServer, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    elsewhere = server.follow_the_recipe("elsewhere")
    done = _restored(guildhall, archive, folder / "other", data / "key", elsewhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert _contents(elsewhere["DATABASE_BACKUP_URL"]) == _contents(addresses["DATABASE_BACKUP_URL"])
    said = guildhall("doctor", "--data", folder / "other", **elsewhere, **REAL).stdout
    assert "ok     migrations: ok" in said
    assert "ok     the wall between councils stands around all" in said


def test_a_database_that_is_not_empty_is_not_touched(
    folder: Path, data: Path, archive: Path, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    before = _contents(addresses["DATABASE_BACKUP_URL"])
    done = guildhall("restore", archive, "--data", folder / "fresh", "--key", data / "key", "--force", **addresses)
    assert done.returncode == 1
    assert "The database of DATABASE_URL is not empty" in done.stderr
    assert _contents(addresses["DATABASE_BACKUP_URL"]) == before


def test_its_backup_comes_back_into_the_embedded_server_and_from_there_again(
    folder: Path, data: Path, archive: Path, server: OwnServer, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    embedded = folder / "embedded"
    done = _restored(guildhall, archive, embedded, data / "key", {})
    assert (done.returncode, done.stderr) == (0, "")
    back = _backed_up(guildhall, folder / "of-the-embedded.zip", embedded, {})
    assert read_manifest(back).server == tools_version() > server.version, "an older server is the point of this test"
    home_again = server.follow_the_recipe("home_again")
    done = _restored(guildhall, back, folder / "again", data / "key", home_again)
    assert (done.returncode, done.stderr) == (0, "")
    assert _contents(home_again["DATABASE_BACKUP_URL"]) == _contents(addresses["DATABASE_BACKUP_URL"])


def test_what_the_servers_keepers_added_is_theirs(
    folder: Path, data: Path, archive: Path, server: OwnServer, guildhall: Guildhall, addresses: dict[str, str]
) -> None:
    """An extension, a role of theirs with rights on a table, and a habit of ending sessions that wait."""
    server.ask(
        "CREATE EXTENSION pg_trgm; CREATE ROLE reporting; GRANT SELECT ON organisations_organisation TO reporting;"
        "ALTER ROLE guildhall_backup SET idle_in_transaction_session_timeout = '250ms';"
        "ALTER DATABASE guildhall SET bytea_output = 'escape'; ALTER DATABASE guildhall SET DateStyle = 'German'",
        "guildhall",
    )
    _backed_up(guildhall, folder / "with-theirs.zip", data, addresses)
