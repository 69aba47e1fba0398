"""PostgreSQL's own programs carry a database out and in again, whatever version the server at either end is of.

They read every server that is as old as they are or older. What they write begins with settings that an older server
may not know (``transaction_timeout`` came with 17): those say how the reading goes and nothing of what is read, and are
left out where they mean nothing.
"""

import contextlib
import re
import shutil
import subprocess
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

import psycopg
from psycopg.conninfo import conninfo_to_dict

from guildhall.config.places import ROOT
from guildhall.config.postgres_binaries import clean_environment, find_binaries
from guildhall.config.problems import Problem

FIRST_THAT_LEAVES_OUT_EXTENSIONS = 17
_CHUNK = 1 << 20
_NUMBER = re.compile(rb"\d+")
_SETTING = re.compile(rb"SET (\w+) = ")


def tools_version() -> int:
    """Return the major version of the programs that are here."""
    said = subprocess.run([_path_of("pg_dump"), "--version"], capture_output=True, check=True).stdout  # noqa: S603
    return int(_NUMBER.findall(said)[0])


def refuse_newer_server(version: int) -> None:
    """Refuse a server whose programs we have not.

    :raises Problem: it is newer than the programs that are here.
    """
    if version > (ours := tools_version()):
        raise Problem(
            f"The server is PostgreSQL {version}, and the programs here are of {ours}, which cannot read it: "
            f"set GUILDHALL_PG_BIN to the folder of pg_dump of version {version}, or use the server's own backups."
        )


def carry_out(address: str, snapshot: str, into: IO[bytes]) -> None:
    """Write all of the database, as one exported snapshot sees it, in pg_dump's own format.

    What a server's keepers added to it (extensions) is theirs, and stays there.

    :raises Problem: it cannot be read whole.
    """
    options = ["--format=custom", "--no-sync", f"--snapshot={snapshot}"]
    if tools_version() >= FIRST_THAT_LEAVES_OUT_EXTENSIONS:
        options.append("--exclude-extension=*")
    with _running("pg_dump", address, options, stdout=subprocess.PIPE) as dumping:
        assert dumping.program.stdout is not None
        shutil.copyfileobj(dumping.program.stdout, into, _CHUNK)
    dumping.refuse_failure("The database could not be read whole")


def carry_in(dump: IO[bytes], address: str) -> None:
    """Read a dump into an empty database: all of it, or nothing.

    :raises Problem: it is damaged, or the server refuses something in it.
    """
    known = _settings_known_to(address)
    with (
        _running("pg_restore", "", ["--file=-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reading,
        _running(
            "psql", address, ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        ) as writing,
        _fed(reading.program, dump),
    ):  # fmt: skip
        _pass_on(reading, writing, known)
    writing.refuse_failure("The database could not be read back")
    reading.refuse_failure("The database could not be read back")


class _Running:
    """A program at work, and what it complains of."""

    def __init__(self, program: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self.program, self.complaints = program, complaints
        self.said = ""

    def refuse_failure(self, what: str) -> None:
        if self.program.returncode:
            raise Problem(f"{what}: {' '.join(self.said.split())[-400:] or 'a program ended unexpectedly'}")


@contextlib.contextmanager
def _running(name: str, address: str, options: list[str], **pipes: int) -> Iterator[_Running]:
    """Run a program, wait for it, and keep its complaints, which go to a file: a pipe would fill up.

    The password goes by the environment, because everybody can read the arguments.
    """
    target = conninfo_to_dict(address)
    password = str(target.pop("password", ""))
    wanted = " ".join(f"{key}='{_quoted(str(value))}'" for key, value in target.items())
    command = [_path_of(name), *([f"--dbname={wanted}"] if wanted else []), *options]
    with tempfile.TemporaryFile() as complaints:
        environment = {**clean_environment(), "PGPASSWORD": password}
        program = subprocess.Popen(command, env=environment, stderr=complaints, cwd=ROOT, **pipes)  # type: ignore[call-overload] # noqa: S603
        running = _Running(program, complaints)
        try:
            yield running
        finally:
            for pipe in (program.stdin, program.stdout):
                if pipe:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            program.wait()
            complaints.seek(0)
            running.said = complaints.read().decode(errors="replace")


@contextlib.contextmanager
def _fed(program: subprocess.Popen[bytes], source: IO[bytes]) -> Iterator[None]:
    """Give a program what it reads, while we read what it writes."""

    damage: list[Exception] = []

    def feed() -> None:
        assert program.stdin is not None
        try:
            shutil.copyfileobj(source, program.stdin, _CHUNK)
        except BrokenPipeError:
            pass  # it says why it stopped reading
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as found:
            damage.append(found)
            program.kill()
        finally:
            with contextlib.suppress(BrokenPipeError):
                program.stdin.close()

    feeding = threading.Thread(target=feed)
    feeding.start()
    try:
        yield
    finally:
        feeding.join()
    if damage:
        raise Problem(f"The archive is damaged: {damage[0]}.")


def _pass_on(reading: _Running, writing: _Running, known: set[bytes]) -> None:
    """Hand a script from the reader to the server, in one transaction that ends well only if the reader did."""
    script, server = reading.program.stdout, writing.program.stdin
    assert script is not None
    assert server is not None
    try:
        server.write(b"BEGIN;\n")
        for line in _opening(script, known):
            server.write(line)
        shutil.copyfileobj(script, server, _CHUNK)
        if reading.program.wait() == 0:
            server.write(b"COMMIT;\n")
        server.flush()
    except BrokenPipeError:
        reading.program.kill()  # the server has refused something and said why


def _opening(script: IO[bytes], known: set[bytes]) -> Iterator[bytes]:
    """Yield the lines before the first thing that is made, without settings that the server does not know."""
    for line in script:
        found = _SETTING.match(line)
        if not found or found[1] in known:
            yield line
        if line.startswith(b"-- Name: "):
            return


def _path_of(name: str) -> str:
    path = find_binaries() / name
    if not path.is_file():
        raise Problem(
            f"There is no {name} in {path.parent}: set GUILDHALL_PG_BIN to a folder with all of PostgreSQL's."
        )
    return str(path)


def _settings_known_to(address: str) -> set[bytes]:
    with psycopg.connect(address) as connection:
        return {name.encode() for (name,) in connection.execute("SELECT name FROM pg_settings")}


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
