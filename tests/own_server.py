"""A PostgreSQL server that somebody else runs: Debian's own programs, set up by the very words of the recipe."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guildhall.config.debian import NO_SERVER, find_server
from guildhall.config.postgres_binaries import choose_server_user

RECIPE = Path(__file__).parents[1] / "docs" / "recipes" / "a-server-of-your-own.md"
PASSWORD = "a pass:word/with@signs?"  # as an operator may choose one
LOGINS = {
    "DATABASE_URL": "guildhall_web",
    "DATABASE_OWNER_URL": "guildhall_owner",
    "DATABASE_WRITER_URL": "guildhall_writer",
    "DATABASE_DISPATCHER_URL": "guildhall_dispatcher",
    "DATABASE_BACKUP_URL": "guildhall_backup",
}
KEEPER = "dba"


class OwnServer:
    """A running server of Debian's, and what its keeper does with it."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.programs, self.home = programs, home
        self.version = int(programs.parent.name)
        self._user = choose_server_user(home)

    def set_up(self) -> None:
        """Make the server and start it, reachable by a socket in its folder only."""
        self.home.mkdir()
        os.chown(self.home, self._user.uid, self._user.gid)
        data = self.home / "data"
        self._run("initdb", "-D", data, "-U", KEEPER, "-E", "SQL_ASCII", "--locale=C", "-A", "trust", "--no-sync")
        (data / "pg_hba.conf").write_text(f"local all {KEEPER} trust\nlocal all all scram-sha-256\n")
        options = f"-c listen_addresses= -c unix_socket_directories={self.home} -c fsync=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", self.home / "log", "-o", options, "start")

    def take_down(self) -> None:
        self._run("pg_ctl", "-D", self.home / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.home)

    def follow_the_recipe(self, database: str = "guildhall") -> dict[str, str]:
        """Do what the recipe says, for a database of that name, and return the variables that it says to set."""
        [script] = re.findall(r"```sql\n(.*?)```", RECIPE.read_text(), re.DOTALL)
        script = script.replace("'…'", "'" + PASSWORD.replace("'", "''") + "'")
        if database != "guildhall":  # the logins are there already
            script = "\n".join(
                line for line in script.splitlines() if not line.startswith(("CREATE ROLE", "GRANT guildhall_owner"))
            )
            script = re.sub(r"(DATABASE|connect) guildhall\b", rf"\1 {database}", script)
        self.ask(script)
        return self.addresses(database)

    def addresses(self, database: str) -> dict[str, str]:
        """Return the variables that lead to one of the databases."""
        quoted = "".join(f"%{byte:02X}" for byte in PASSWORD.encode())
        return {
            variable: f"postgresql://{login}:{quoted}@/{database}?host={self.home}"
            for variable, login in LOGINS.items()
        }

    def ask(self, script: str, database: str = "postgres") -> str:
        """Let the keeper say something, and return the answer."""
        command = [self.programs / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-U", KEEPER, database]
        return subprocess.run(command, input=script, check=True, capture_output=True, text=True).stdout

    def _run(self, name: str, *words: object) -> None:
        code, said = self._user.run(self.programs / name, *words)
        assert code == 0, said


@contextmanager
def running_server(home: Path) -> Iterator[OwnServer]:
    """Give a server of Debian's in a folder that can be passed through, for as long as it is wanted."""
    programs = find_server()
    if programs is None:
        pytest.fail(NO_SERVER, pytrace=False)
    server = OwnServer(programs, home)
    server.set_up()
    try:
        yield server
    finally:
        server.take_down()
