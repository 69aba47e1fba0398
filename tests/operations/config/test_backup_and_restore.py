"""What a backup holds comes back whole, into an empty place, and never by accident over what is in use."""

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from guildhall.config.archive import Contents, look_at_tables
from guildhall.config.postgres import Cluster

from .conftest import Guildhall


@dataclass(frozen=True)
class BackedUp:
    """An installation that was backed up and then destroyed: what it held, its key, and the archive."""

    tables: dict[str, Contents]
    key: Path
    archive: Path


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
    done = guildhall("backup", archive, "--data", data)
    assert done.returncode == 0, done.stderr
    assert " MB, " in done.stdout
    assert " s." in done.stdout
    shutil.rmtree(data)
    return BackedUp(tables, key, archive)


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


def test_the_archive_is_private_and_does_not_contain_the_key(backed_up: BackedUp) -> None:
    assert backed_up.archive.stat().st_mode & 0o777 == 0o600
    key = backed_up.key.read_bytes().strip()
    with zipfile.ZipFile(backed_up.archive) as archive:
        assert not any(key in archive.read(name) for name in archive.namelist())


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
    other.write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
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
