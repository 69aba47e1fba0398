"""What trials share: a whole house of their own, and a resident who walks through its pages as a browser would."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from guildhall.config.postgres import Cluster

SECONDS_TO_BE_READY = 90


@dataclass(frozen=True)
class House:
    """A running ``./guildhall`` with a durable database of its own."""

    launcher: "subprocess.Popen[bytes]"
    data: Path
    base_url: str
    cluster: Cluster

    def is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5).close()
        except (OSError, http.client.HTTPException):
            return False
        return True

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_BE_READY
        while not self.is_ready():
            if self.launcher.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The house is not ready:\n{(self.data / 'log').read_text()[-4000:]}")
            time.sleep(0.1)

    def processes(self, name: str) -> list[int]:
        """Return the process ids of "web" or "worker" (the whole group, its leader first), or of the "database"."""
        if name == "database":
            return [int((self.cluster.data / "postmaster.pid").read_text().split()[0])]
        launches = json.loads((self.data / "launched.json").read_text())["launches"]
        group = next(launch["pid"] for launch in launches if launch["name"] == name)
        return sorted(_members_of(group), key=lambda pid: pid != group)

    def sandbox(self) -> dict[str, Any]:
        """Return what ``./guildhall sandbox --json`` prints."""
        done = subprocess.run(guildhall("sandbox", self.data, "--json"), env=_environment(), capture_output=True)
        return json.loads(done.stdout)


@contextmanager
def running_house() -> Iterator[House]:
    """Start a house in a folder that is thrown away afterwards."""
    data = Path(tempfile.mkdtemp(prefix="guildhall-bench-"))
    data.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (data / "log").open("wb") as log:
        launcher = subprocess.Popen(
            guildhall("up", data, "--port", str(port)), env=_environment(), stdout=log, stderr=log
        )
    house = House(launcher, data, f"http://localhost:{port}", Cluster(data / "postgres"))
    try:
        house.wait_until_ready()
        yield house
    finally:
        launcher.send_signal(signal.SIGINT)
        launcher.wait(60)
        shutil.rmtree(data, ignore_errors=True)


def guildhall(command: str, data: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "guildhall", command, "--data", str(data), *words]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "GUILDHALL_"))}


def _members_of(group: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[2] == str(group) and fields[0] not in "ZX":
            yield int(path.parent.name)


# -- a visitor ---------------------------------------------------------------------------------------------------------


class NoAnswer(Exception):
    """The house did not answer, or said that it cannot now: what was asked may have happened or not."""


@dataclass(frozen=True)
class Form:
    """The first form of a page that sends something: where to, what it brings along, and the boxes to fill."""

    action: str
    hidden: Mapping[str, str]
    boxes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Page:
    url: str
    html: str

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    @property
    def form(self) -> Form | None:
        reader = _FormReader()
        reader.feed(self.html)
        return reader.found

    def find(self, pattern: str) -> str | None:
        found = re.search(pattern, self.html, re.DOTALL)
        return found[1] if found else None


@dataclass
class Visitor:
    """Somebody with a browser: keeps cookies, follows redirects, fills forms."""

    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, url: str) -> Page:
        """Open a page.

        :raises NoAnswer: no answer, or one of 500 and above.
        """
        return self._open(urllib.request.Request(url))

    def send(self, page: Page, answers: Mapping[str, str]) -> Page:
        """Send the page's form, with those of the answers that it asks for; a lone choice that is not known is made.

        :raises NoAnswer: no answer, or one of 500 and above.
        """
        form = page.form
        assert form is not None, f"{page.url} has no form"
        filled = {box: answers.get(box, choices[0] if choices else "") for box, choices in form.boxes.items()}
        body = urllib.parse.urlencode(dict(form.hidden) | filled).encode()
        target = urllib.parse.urljoin(page.url, form.action)
        return self._open(urllib.request.Request(target, data=body, headers={"Referer": page.url}))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Page(answer.url, answer.read().decode())
        except urllib.error.HTTPError as answer:
            if answer.code >= 500:
                raise NoAnswer(f"{answer.code} {answer.url}") from answer
            return Page(answer.url or request.full_url, answer.read().decode())
        except (OSError, http.client.HTTPException) as problem:
            raise NoAnswer(repr(problem)) from problem


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Form | None = None
        self._inside = False
        self._in_main = False
        self._action = ""
        self._hidden: dict[str, str] = {}
        self._boxes: dict[str, tuple[str, ...]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        elif tag == "form" and self._in_main and self.found is None and said.get("method", "").lower() == "post":
            self._inside, self._action = True, said.get("action", "")
        elif self._inside and (name := said.get("name")):
            self._note(tag, name, said)
        elif self._inside and tag == "option" and said.get("value"):
            self._boxes[self._select] += (said["value"],)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside = False
            self.found = Form(self._action, self._hidden, self._boxes)

    def _note(self, tag: str, name: str, said: dict[str, str]) -> None:
        kind = said.get("type", "text") if tag == "input" else tag
        if kind == "hidden":
            self._hidden[name] = said.get("value", "")
        elif kind in {"radio", "checkbox"}:
            self._boxes[name] = (*self._boxes.get(name, ()), said.get("value", ""))
        elif kind in {"select", "textarea", "text", "email", "tel", "number", "password"}:
            self._boxes.setdefault(name, ())
            self._select = name if kind == "select" else self._select
