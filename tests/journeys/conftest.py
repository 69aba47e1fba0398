"""What a journey needs: the product running as an operator would start it, and a browser of Debian's."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from tests.journeys.in_process import running_here
from tests.journeys.looking import switch_scripts_off
from tests.journeys.people import Officer, sign_in

from guildhall.config.debian import NO_BROWSER, find_browser

ROOT = Path(__file__).parents[2]
DATA = ROOT / "var" / f"journeys-{os.getpid()}"
# Chromium must neither look for updates nor call home: the machines that run tests reach no network.
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_START = 120

# Playwright keeps an event loop in this thread; Django would take every query of a fixture for one made inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
    # What needs the whole product takes longest: it begins first, so that nobody waits for it at the end.
    items.sort(key=lambda item: "site" not in getattr(item, "fixturenames", ()))


# The product


@pytest.fixture
def address(database: object) -> Iterator[str]:
    """The address of the product running inside the test, on the test's database."""
    with running_here() as address:
        yield address


@dataclass(frozen=True)
class Site:
    """A running installation with its sandbox council."""

    base_url: str
    sandbox: dict[str, Any]

    @property
    def council(self) -> str:
        slug: str = self.sandbox["organisation"]["slug"]
        return slug

    def inbox(self, to: str = "") -> list[dict[str, Any]]:
        """Return what was delivered in the sandbox, newest first; with ``to``, to that person."""
        with urllib.request.urlopen(f"{self.base_url}/sandbox/inbox?format=json") as answer:
            messages: list[dict[str, Any]] = json.load(answer)
        return [message for message in messages if not to or message["to"] == to]

    def wait_for_mail(self, to: str, about: str, *, count: int = 1) -> dict[str, Any]:
        """Return the newest of ``count`` messages to a person whose subject or body mentions something."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            found = [message for message in self.inbox(to) if about in f"{message['subject']}\n{message['body']}"]
            if len(found) >= count:
                return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no {count} messages to {to} about {about!r}; the inbox holds {self.inbox(to)}")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The product, started by its own command with a database of its own, and stopped as Ctrl-C would.

    It stands while a file's tests need it: also a house that nobody visits takes time from the others.
    """
    _sweep_up()
    DATA.mkdir(parents=True)
    port = _free_port()
    log = (DATA / "log").open("w")
    running = subprocess.Popen(
        _guildhall("up", "--port", str(port)), env=_environment(), stdout=log, stderr=subprocess.STDOUT
    )
    try:
        base_url = f"http://localhost:{port}"
        _wait_until_ready(base_url, running)
        printed = subprocess.run(_guildhall("sandbox", "--json"), env=_environment(), capture_output=True, check=True)
        yield Site(base_url, json.loads(printed.stdout))
    finally:
        running.terminate()
        running.wait(30)
        _sweep_up()


def _sweep_up() -> None:
    """Remove the data of this run, and of runs that were killed."""
    for data in DATA.parent.glob("journeys-*"):
        run = data.name.rpartition("-")[2]
        if data == DATA or (run.isdigit() and not Path("/proc", run).exists()):
            shutil.rmtree(data, ignore_errors=True)


def _guildhall(*words: str) -> list[str]:
    return [sys.executable, "-m", "guildhall", *words, "--data", str(DATA)]


def _environment() -> dict[str, str]:
    """Our caller's environment without any installation of theirs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "GUILDHALL_"))}
    return kept | {"PYTHONPATH": str(ROOT / "src")}


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait_until_ready(base_url: str, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and running.poll() is None:
        try:
            urllib.request.urlopen(f"{base_url}/readyz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"Guildhall did not start:\n{(DATA / 'log').read_text()[-4000:]}")


# The browser


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    started = playwright.chromium.launch(executable_path=path, args=QUIETLY)
    yield started
    started.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open a page as a visitor of their own: ``new_page(javascript=False)``, ``new_page(width=320, language="cy")``."""
    visits: list[BrowserContext] = []

    def open_page(*, javascript: bool = True, width: int = 1280, language: str = "en", cookies: Any = None) -> Page:
        visits.append(
            browser.new_context(
                viewport={"width": width, "height": 900},
                locale="cy-GB" if language == "cy" else "en-GB",
                reduced_motion="reduce",
                storage_state=cookies,
            )
        )
        visits[-1].set_default_timeout(10_000)
        page = visits[-1].new_page()
        page.on("console", lambda message: _refuse_blocked(message.text))
        if not javascript:
            switch_scripts_off(page)
        return page

    yield open_page
    for opened in visits:
        opened.close()


def _refuse_blocked(words: str) -> None:
    assert "Content Security Policy" not in words, words


@pytest.fixture(scope="module")
def officers_cookies(site: Site, browser: Browser) -> Any:
    """What the browser of the sandbox's officer holds after they signed in."""
    visit = browser.new_context(locale="en-GB")
    sign_in(visit.new_page(), site.base_url, site.sandbox["staff"])
    cookies = visit.storage_state()
    visit.close()
    return cookies


@pytest.fixture
def officer(officers_cookies: Any, new_page: NewPage) -> Officer:
    """The sandbox's officer, signed in once and for all tests."""
    return Officer(officers_cookies, new_page)
