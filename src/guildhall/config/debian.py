"""What only tests need and the distribution brings: a browser, and a PostgreSQL server such as somebody else runs."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from guildhall.config.real_server import OLDEST_VERSION

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first that is there. The shell draws no window, and takes half the work of the others."""
NO_BROWSER = f"The journeys need a browser: on Debian, apt-get install {BROWSERS[0]}."
SERVERS = ("postgresql-15", "postgresql")
"""The first that there is: the oldest that Guildhall promises to work with, else the distribution's own."""
NO_SERVER = f"Backups and restores are tried with a server of Debian's too: apt-get install {SERVERS[0]}."
POLICY = Path("/usr/sbin/policy-rc.d")


def find_or_install(what: str, find: Callable[[], Path | None], packages: Sequence[str]) -> Path | None:
    """Return where something is; where root may, the first of the packages that there is brings it."""
    if found := find():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"\n== Installing {what}", flush=True)  # noqa: T201
        install = ["install", "--yes", "--no-install-recommends"]
        with _no_service_started():
            for command in (["update"], *([*install, package] for package in packages)):
                if not find():
                    _apt_get(*command)
    return find()


def find_browser() -> Path | None:
    """Return where a browser for the journeys is, if there is one."""
    return next((Path(found) for found in map(shutil.which, BROWSERS) if found), None)


def find_server() -> Path | None:
    """Return the folder of the programs of Debian's oldest PostgreSQL that Guildhall promises to work with."""
    installed = {int(path.parts[-3]): path.parent for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/postgres")}
    promised = sorted(version for version in installed if version >= OLDEST_VERSION)
    return installed[promised[0]] if promised else None


def _apt_get(*words: str) -> None:
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], env=quietly, stdout=subprocess.DEVNULL, check=False)  # noqa: S603, S607


@contextlib.contextmanager
def _no_service_started() -> Iterator[None]:
    """Debian starts the services that it installs, unless this file says no. A file of the machine's own stays."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
