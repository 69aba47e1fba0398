"""What an operator can mend is said in one clear sentence, with a non-zero exit and no traceback."""

import socket
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest

from guildhall.config.postgres import Cluster

from .conftest import Guildhall, free_port

VARIABLES = {
    "web": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "writer": "DATABASE_WRITER_URL",
    "dispatcher": "DATABASE_DISPATCHER_URL",
}


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Cluster]:
    """A server that plays the one that somebody else runs."""
    cluster = Cluster(folder / "server", durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


def _addresses(server: Cluster, **other: str) -> dict[str, str]:
    logins = asdict(server.logins_for("guildhall")) | other
    return {variable: logins[login] for login, variable in VARIABLES.items()}


def _refused(done: object, words: str) -> None:
    assert done.returncode == 1, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, "one sentence, not a page"


def test_a_port_in_use(folder: Path, guildhall: Guildhall) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = guildhall("up", "--data", folder / "in-use", "--port", port)
    _refused(done, f"Port {port} is in use by another program")


def test_a_server_that_cannot_be_reached(folder: Path, guildhall: Guildhall) -> None:
    nowhere = f"postgresql://somebody:secret@127.0.0.1:{free_port()}/guildhall"
    done = guildhall("migrate", "--data", folder / "data", **dict.fromkeys(VARIABLES.values(), nowhere))
    _refused(done, "The database of DATABASE_URL does not let us in")
    assert "secret" not in done.stderr


def test_a_server_that_does_not_let_us_in(folder: Path, guildhall: Guildhall, server: Cluster) -> None:
    addresses = _addresses(server)
    forged = {name: url.replace("guildhall_web:", "guildhall_web:x") for name, url in addresses.items()}
    done = guildhall("migrate", "--data", folder / "data", **forged)
    _refused(done, "password authentication failed")


def test_addresses_that_are_missing(folder: Path, guildhall: Guildhall, server: Cluster) -> None:
    done = guildhall("migrate", "--data", folder / "data", DATABASE_URL=_addresses(server)["DATABASE_URL"])
    _refused(done, "DATABASE_OWNER_URL, DATABASE_WRITER_URL, DATABASE_DISPATCHER_URL must be set too")


def test_the_web_does_not_start_as_a_superuser(folder: Path, guildhall: Guildhall, server: Cluster) -> None:
    addresses = _addresses(server, web=server.logins_for("guildhall").superuser)
    done = guildhall("web", "--data", folder / "data", **addresses)
    _refused(done, "is a superuser")


def test_the_web_does_not_start_as_a_login_that_bypasses_the_wall(
    folder: Path, guildhall: Guildhall, server: Cluster
) -> None:
    logins = server.logins_for("guildhall")
    with psycopg.connect(logins.superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE mighty LOGIN BYPASSRLS PASSWORD 'mighty'")
        connection.execute("GRANT CONNECT ON DATABASE guildhall TO mighty")
    password = logins.web.split("//")[1].split("@")[0]
    done = guildhall(
        "web", "--data", folder / "data", **_addresses(server, web=logins.web.replace(password, "mighty:mighty"))
    )
    _refused(done, "has BYPASSRLS")


def test_the_web_does_not_start_as_the_owner(folder: Path, guildhall: Guildhall, server: Cluster) -> None:
    owner = server.logins_for("guildhall").owner
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS something (i int)")
    done = guildhall("web", "--data", folder / "data", **_addresses(server, web=owner))
    _refused(done, "owns Guildhall's tables")


def test_a_data_folder_that_cannot_be(guildhall: Guildhall) -> None:
    _refused(guildhall("migrate", "--data", "/proc/guildhall"), "The data folder /proc/guildhall cannot be used")


def test_a_missing_key_is_not_replaced_by_another(folder: Path, guildhall: Guildhall) -> None:
    (folder / "keyless" / "postgres" / "data").mkdir(parents=True)
    _refused(guildhall("migrate", "--data", folder / "keyless"), "key is missing: put it back")


def test_a_key_that_is_none(folder: Path, guildhall: Guildhall) -> None:
    (folder / "bad-key").mkdir()
    (folder / "bad-key" / "key").write_text("hello")
    _refused(guildhall("migrate", "--data", folder / "bad-key"), "is not a key")


def test_a_damaged_database(folder: Path, guildhall: Guildhall) -> None:
    cluster = Cluster(folder / "damaged" / "postgres", durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "global" / "pg_control").unlink()
    (folder / "damaged" / "key").write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    _refused(guildhall("migrate", "--data", folder / "damaged"), "is damaged")


def test_an_unknown_word_on_the_command_line(guildhall: Guildhall) -> None:
    done = guildhall("migrate", "--sideways")
    assert done.returncode == 2
    assert "unknown: --sideways" in done.stderr


def test_a_key_that_is_another_installations(folder: Path, guildhall: Guildhall) -> None:
    data = folder / "two-keys"
    assert guildhall("migrate", "--data", data).returncode == 0
    (data / "key").write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    _refused(guildhall("migrate", "--data", data), "is not the one that this database's secrets were hidden with")
    _refused(guildhall("backup", folder / "wrong.zip", "--data", data), "is not the one that this database's secrets")
