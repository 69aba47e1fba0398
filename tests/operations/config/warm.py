"""Runs commands as a fresh shell would, each in a process of its own, without loading the program anew for each.

One process loads it and forks for every command: a start of Python would cost half a second, and the table is long.
"""

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Any

LOADED = ("django.core.management", "django.db.models", "django.forms", "babel.dates", "jinja2", "joserfc.jwt")
LOADED += ("phonenumbers", "procrastinate", "psycopg_pool", "pypdf", "pypdfium2", "segno", "structlog", "urllib3")
"""What commands load whatever their environment says; what of ours reads settings each loads for itself."""
SECONDS_BEFORE_GIVING_UP = 600


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


class Warm:
    """The process that has the program loaded."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Warm":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)

    def run(self, *words: object, environment: dict[str, str], largest_file: int | None = None) -> Done:
        """Run ``./guildhall WORDS`` to its end; no file that it writes may be larger than ``largest_file`` bytes."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"words": [str(word) for word in words], "environment": environment, "largest_file": largest_file}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Done(**json.loads(self._process.stdout.readline()))


def _serve() -> None:
    from guildhall.__main__ import main  # noqa: PLC0415 - here, not in the tests' own process

    for name in LOADED:
        import_module(name)
    gc.freeze()  # else every fork would copy most of it, only to look through it
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if child == 0:
                _become(main, asked, out.fileno(), err.fileno())
            _, status = os.waitpid(child, 0)
            said = [_read(file) for file in (out, err)]
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "stdout": said[0], "stderr": said[1]}), flush=True)


def _become(main: Any, asked: dict[str, Any], out: int, err: int) -> None:
    code = 70
    signal.alarm(SECONDS_BEFORE_GIVING_UP)
    try:
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.environ.update(asked["environment"])
        if asked["largest_file"] is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest_file"],) * 2)
        code = _exit_code(main, asked["words"])
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _exit_code(main: Any, words: Sequence[str]) -> int:
    try:
        return int(main(list(words)))
    except SystemExit as left:
        return int(left.code or 0)


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


if __name__ == "__main__":
    _serve()
