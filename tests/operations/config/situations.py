"""Where wrong situations are arranged: a server that somebody else runs, archives, and a program that is warm."""

import base64
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guildhall.config.archive import FORMAT
from guildhall.config.installation import key_fingerprint
from guildhall.config.postgres import Cluster

from .conftest import VARIABLES, free_port, fresh_environment
from .warm import Done, Warm

KEY = base64.b64encode(b"the key of this table's archives").decode()
OTHER_KEY = base64.b64encode(b"the key of another installation.").decode()
LOGINS = {login: f"guildhall_{login}" for login in ("owner", "web", "writer", "dispatcher")}


@dataclass(frozen=True)
class Here:
    """Where commands are run: a folder of folders, a server, and a port that is free."""

    folder: Path
    server: Cluster
    warm: Warm
    port: int

    def addresses(self, database: str = "guildhall") -> dict[str, str]:
        """Return the variables that lead to one of the server's databases, as to a server of somebody else's."""
        logins = asdict(self.server.logins_for(database))
        named = {variable: logins[login] for login, variable in VARIABLES.items()}
        return named | {"DATABASE_BACKUP_URL": logins["superuser"], "GUILDHALL_KEY": KEY}

    def words(self, command: str) -> list[object]:
        """Return words with which the command would do its work if nothing were wrong."""
        more: dict[str, list[object]] = {
            "up": ["--port", free_port()],
            "web": ["--port", free_port()],
            "backup": [self.folder / "new.zip"],
            "restore": [self.folder / "good.zip"],
            "operator": ["jo@example.com"],
            "postcodes": [self.folder / "postcodes.csv"],
        }
        return [command, "--data", self.folder / "data", *more.get(command, [])]


@contextmanager
def arranged(folder: Path) -> Iterator[Here]:
    server = Cluster(folder / "server", durable=False)
    server.start()
    (folder / "postcodes.csv").write_text("pcds,oslaua\n")
    write_archive(folder / "good.zip")
    with Warm(fresh_environment()) as warm:
        yield Here(folder, server, warm, free_port())
    server.stop()


def write_archive(target: Path, **other: Any) -> None:
    """Write an archive as a backup does, of an installation with nothing in it."""
    manifest = {
        "format": FORMAT,
        "made_at": "2026-11-30T00:00:00+00:00",
        "key_fingerprint": key_fingerprint(KEY),
        "logins": LOGINS,
        "tables": {},
        "files": {},
    }
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest | other))


def plainly_refused(done: Done, words: str, *, code: int = 1) -> None:
    """See that it was said in one line, with what to do, and that no password was shown."""
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    assert (done.code, done.stderr.count("\n")) == (code, 1), done.stderr or done.stdout
    assert done.stderr.startswith("guildhall: ")
    assert re.search(words, done.stderr), done.stderr
    assert "hush" not in done.stderr
