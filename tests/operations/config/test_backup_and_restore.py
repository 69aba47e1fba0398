"""What a backup holds comes back whole, into an empty place, and never by accident over what is in use."""

import base64
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guildhall.config.archive import read_manifest
from guildhall.config.contents import Contents, look_at_tables
from guildhall.config.installation import Installation, open_installation
from guildhall.config.postgres import Cluster
from guildhall.config.postgres_binaries import find_binaries
from guildhall.config.postgres_tools import carry_in
from guildhall.config.problems import Problem
from guildhall.config.proof import PROVING, prove_archive

from .conftest import Guildhall, fresh_environment


@dataclass(frozen=True)
class BackedUp:
    """An installation that was backed up and then destroyed: what it held, its key, the archive, its credentials."""

    tables: dict[str, Contents]
    key: Path
    archive: Path
    printed: dict[str, Any]


def _look(data: Path) -> dict[str, Contents]:
    cluster = Cluster(data / "postgres")
    try:
        with psycopg.connect(cluster.start().superuser) as connection:
            return look_at_tables(connection)
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def backed_up(folder: Path, guildhall: Guildhall) -> BackedUp:
    data, key, archive = folder / "first", folder / "key-kept-apart", folder / "backup.zip"
    assert guildhall("migrate", "--data", data).returncode == 0
    (data / "files" / "logos").mkdir()
    (data / "files" / "logos" / "crest.png").write_bytes(b"\x89PNG")
    tables = _look(data)
    shutil.copy(data / "key", key)
    printed = json.loads(guildhall("sandbox", "--json", "--data", data).stdout)
    done = guildhall("backup", archive, "--data", data)
    assert (done.returncode, done.stderr) == (0, "")
    assert " MB, " in done.stdout
    assert "Read it back whole, and all was as it says" in done.stdout
    shutil.rmtree(data)
    return BackedUp(tables, key, archive, printed)


@pytest.fixture
def opened(restored: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """The restored installation, opened in this process as a command opens it."""
    for name in set(os.environ) - set(fresh_environment()):
        monkeypatch.delenv(name)
    with open_installation(restored) as installation:
        yield installation


@pytest.fixture(scope="module")
def restored(folder: Path, guildhall: Guildhall, backed_up: BackedUp) -> Iterator[Path]:
    data = folder / "second"
    done = guildhall("restore", backed_up.archive, "--data", data, "--key", backed_up.key)
    assert done.returncode == 0, done.stderr
    assert "all as the archive says" in done.stdout
    yield data


def test_a_destroyed_installation_comes_back_row_for_row(restored: Path, backed_up: BackedUp) -> None:
    assert sum(table.rows for table in backed_up.tables.values()) > 300
    assert _look(restored) == backed_up.tables
    assert (restored / "files" / "logos" / "crest.png").read_bytes() == b"\x89PNG"


def test_what_came_back_needs_no_migration_and_its_walls_stand(restored: Path, guildhall: Guildhall) -> None:
    said = guildhall("doctor", "--data", restored).stdout
    assert "ok     migrations: ok" in said
    assert "ok     the wall between councils stands around all" in said


def test_the_archive_is_its_owners_and_holds_no_secret_in_clear(backed_up: BackedUp) -> None:
    """Neither the key nor what the key hides, nor what is only compared: who reads a backup can sign in as nobody."""
    assert backed_up.archive.stat().st_mode & 0o777 == 0o600
    secrets = [backed_up.key.read_text().strip(), *_secrets_in(backed_up.printed)]
    assert len(secrets) >= 1 + 4 + 3 * 2
    written = _everything_in(backed_up.archive)
    for secret in secrets:
        ways = (secret.encode(), secret.encode().hex().encode(), base64.b64encode(secret.encode()))
        assert not any(way in written for way in ways), secret


def _secrets_in(printed: dict[str, Any]) -> list[str]:
    """Return what the sandbox's credentials are made of. A Notify key ends in its secret, a UUID."""
    people = (printed["staff"], printed["operator"], printed["identity"]["resident"])
    keys = [key[-36:] for key in printed["notify"]["api_keys"].values()]
    return [*keys, printed["pay"]["api_key"], *(who[what] for who in people for what in ("password", "totp_secret"))]


def _everything_in(archive: Path) -> bytes:
    """Return all that is in an archive, the database as a script."""
    with zipfile.ZipFile(archive) as opened:
        dump = opened.read("database.dump")
        rest = b"".join(opened.read(name) for name in opened.namelist() if name != "database.dump")
    script = subprocess.run(
        [find_binaries() / "pg_restore", "--file=-"], input=dump, stdout=subprocess.PIPE, check=True
    ).stdout
    assert b"officer@sandbox.example" in script
    return rest + script


def test_a_backup_that_cannot_be_read_back_is_none(opened: Installation, backed_up: BackedUp, folder: Path) -> None:
    manifest = read_manifest(backed_up.archive)
    prove_archive(opened, backed_up.archive, manifest)
    promised = manifest.tables | {"organisations_organisation": Contents(0, "")}
    with pytest.raises(Problem, match="differ from what the archive promises: organisations_organisation"):
        prove_archive(opened, backed_up.archive, replace(manifest, tables=promised))
    with pytest.raises(Problem, match=r"stored files read back differ .* gone\.png"):
        prove_archive(opened, backed_up.archive, replace(manifest, files=manifest.files | {"gone.png": ""}))
    for damage, said in DAMAGES.items():
        with pytest.raises(Problem, match=said):
            prove_archive(opened, _damaged(backed_up.archive, folder / "damaged.zip", damage), manifest)
    assert PROVING not in _databases(opened)


def _cut_short(dump: bytes) -> bytes:
    return dump[: len(dump) // 2]


def _of_something_else(dump: bytes) -> bytes:
    return b"CREATE TABLE stolen (i int);\n"


DAMAGES = {
    _cut_short: "The database could not be read back",
    _of_something_else: "The database could not be read back: .*does not appear to be a valid archive",
}


def _damaged(archive: Path, copy: Path, damage: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(archive) as original, zipfile.ZipFile(copy, "w") as changed:
        for name in original.namelist():
            content = original.read(name)
            changed.writestr(name, damage(content) if name == "database.dump" else content)
    return copy


def _databases(installation: Installation) -> set[str]:
    assert installation.cluster is not None
    with psycopg.connect(installation.cluster.logins_for("postgres").superuser) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_what_stops_half_way_leaves_an_empty_database(opened: Installation, backed_up: BackedUp, folder: Path) -> None:
    copies = [_damaged(backed_up.archive, folder / f"{damage.__name__}.zip", damage) for damage in DAMAGES]
    assert opened.cluster is not None
    opened.cluster.create_database("half")
    address = opened.cluster.logins_for("half").superuser
    for copy in (*copies, _with_a_byte_turned_over(backed_up.archive, folder / "turned.zip")):
        with zipfile.ZipFile(copy) as archive, archive.open("database.dump") as dump, pytest.raises(Problem):
            carry_in(dump, address)
        with psycopg.connect(address) as connection:
            assert look_at_tables(connection) == {}
    opened.cluster.drop_database("half")


def _with_a_byte_turned_over(archive: Path, copy: Path) -> Path:
    """As a disk does it: the archive's own checksums find it."""
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    return copy


def test_a_backup_does_not_replace_another(restored: Path, guildhall: Guildhall, backed_up: BackedUp) -> None:
    done = guildhall("backup", backed_up.archive, "--data", restored)
    assert done.returncode == 1
    assert "exists already" in done.stderr


def test_an_installation_in_use_is_not_overwritten_unless_forced(
    restored: Path, guildhall: Guildhall, backed_up: BackedUp
) -> None:
    refused = guildhall("restore", backed_up.archive, "--data", restored)
    assert refused.returncode == 1
    assert "is in use" in refused.stderr
    assert guildhall("restore", backed_up.archive, "--data", restored, "--force").returncode == 0
    assert _look(restored) == backed_up.tables


def test_without_the_archives_key_nothing_is_touched(folder: Path, guildhall: Guildhall, backed_up: BackedUp) -> None:
    other = folder / "other-key"
    other.write_text("dGhlIGtleSBvZiBhbm90aGVyIGluc3RhbGxhdGlvbi4=\n")
    done = guildhall("restore", backed_up.archive, "--data", folder / "third", "--key", other)
    assert done.returncode == 1
    assert "written with another key" in done.stderr
    assert not (folder / "third" / "postgres").exists()


def test_an_archive_that_was_changed_is_refused_and_what_is_there_stays(
    folder: Path, restored: Path, guildhall: Guildhall, backed_up: BackedUp
) -> None:
    changed = folder / "changed.zip"
    with zipfile.ZipFile(backed_up.archive) as original, zipfile.ZipFile(changed, "w") as copy:
        for name in original.namelist():
            content = original.read(name)
            copy.writestr(name, b"GIF" if name.endswith("crest.png") else content)
    done = guildhall("restore", changed, "--data", restored, "--force")
    assert done.returncode == 1
    assert "differ from what the archive promises: logos/crest.png" in done.stderr
    assert _look(restored) == backed_up.tables
    assert (restored / "files" / "logos" / "crest.png").read_bytes() == b"\x89PNG"


def test_a_file_that_is_no_archive_is_refused_in_a_sentence(folder: Path, guildhall: Guildhall) -> None:
    (folder / "notes.txt").write_text("hello")
    done = guildhall("restore", folder / "notes.txt", "--data", folder / "fourth")
    assert done.returncode == 1
    assert "is not a backup of Guildhall" in done.stderr
    assert "Traceback" not in done.stderr
