"""``./guildhall test``: style, types, import contracts, and every ring of tests."""

import os
import subprocess
import sys
import time
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from guildhall.config.building import build_what_is_missing
from guildhall.config.debian import BROWSERS, NO_BROWSER, SERVERS, find_browser, find_or_install, find_server
from guildhall.config.places import ROOT

MOST_PROCESSES = 4
JOURNEYS = "tests/journeys"
TEST_SERVER = "GUILDHALL_TEST_SERVER"
BY_FILE = ("--dist", "loadfile")
"""A file stays in one process, which makes once what the file's tests share: a server, a house, a running product."""
AS_THEY_COME = ("--no-loadscope-reorder",)
"""In the order of the folders, not of the number of tests: files of few and long tests would come last."""


@dataclass(frozen=True)
class Step:
    """``is_quiet``: what it says is heard only if it fails."""

    name: str
    command: list[str]
    is_quiet: bool = False


@dataclass(frozen=True)
class Outcome:
    name: str
    is_good: bool
    seconds: float
    remark: str = ""


def run(options: Namespace) -> int:
    """Run all checks, whatever fails, and end with a summary; given words for pytest, run only those tests."""
    build_what_is_missing(_say)
    if options.more:
        return _call(Step("tests", [*_pytest(), *_left_out(options), *options.more]), options.server)
    browser = None if options.without_browser else find_or_install("chromium for the journeys", find_browser, BROWSERS)
    if not options.without_server:
        find_or_install("PostgreSQL, as somebody else's server", find_server, SERVERS)
    started = time.monotonic()
    with ThreadPoolExecutor(1) as beside:
        types = beside.submit(_take_silently, _types())
        outcomes = [_take(step, options.server) for step in _steps(options)]
        outcomes.append(_take(_journeys(), options.server) if browser else _missing_journeys(options))
        outcomes.append(types.result())
    if options.without_server:
        outcomes.append(Outcome("Debian's server", True, 0, "LEFT OUT, as you asked: nobody has tried another server"))
    return _summarise(outcomes, time.monotonic() - started)


def _steps(options: Namespace) -> list[Step]:
    rings = [*_pytest(), *_in_parallel(), *AS_THEY_COME, *_left_out(options), f"--ignore={JOURNEYS}"]
    return [
        Step("style (ruff check)", [_tool("ruff"), "check"]),
        Step("format (ruff format --check)", [_tool("ruff"), "format", "--check"]),
        Step("import contracts (lint-imports)", [_tool("lint-imports")]),
        _found(),
        Step("domain, operations, wire, architecture", rings),
    ]


def _found() -> Step:
    """Once before all processes look for them together: who meets a file of tests first compiles it for the others."""
    return Step("every test is found", [*_pytest(), "--collect-only", "-qq"], is_quiet=True)


def _types() -> Step:
    """Beside the others: it takes a minute of one processor, which another of them would stand idle for."""
    return Step("types (mypy)", [_tool("mypy")])


def _left_out(options: Namespace) -> list[str]:
    """Return pytest's words for what is not to be tried."""
    marks = {"browser": options.without_browser, "server": options.without_server}
    unwanted = [f"not {mark}" for mark, is_unwanted in marks.items() if is_unwanted]
    return ["-m", " and ".join(unwanted)] if unwanted else []


def _journeys() -> Step:
    """Apart from the other rings: a browser keeps an event loop in its process, where Django asks for none."""
    return Step("journeys in a browser", [*_pytest(), *_in_parallel(), *AS_THEY_COME, JOURNEYS])


def _in_parallel() -> tuple[str, ...]:
    """In one process more than there are processors: tests also wait, for the database and for each other."""
    return ("-n", str(min(MOST_PROCESSES, 1 + (os.cpu_count() or 1))), *BY_FILE)


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest"]


def _tool(name: str) -> str:
    return str(ROOT / ".venv" / "bin" / name)


def _take(step: Step, server: str | None) -> Outcome:
    _say(step.name)
    started = time.monotonic()
    code = _call(step, server)
    return Outcome(step.name, code == 0, time.monotonic() - started)


def _take_silently(step: Step) -> Outcome:
    """Take a step beside others, and say what it said in one piece when it has ended."""
    started = time.monotonic()
    done = subprocess.run(step.command, cwd=ROOT, env=_environment(None), capture_output=True, text=True, check=False)
    _say(f"{step.name}\n{done.stdout}{done.stderr}")
    return Outcome(step.name, done.returncode == 0, time.monotonic() - started)


def _call(step: Step, server: str | None) -> int:
    heard = subprocess.PIPE if step.is_quiet else None
    done = subprocess.run(step.command, cwd=ROOT, env=_environment(server), stdout=heard, text=True, check=False)
    if done.returncode:
        print(done.stdout or "", end="")
    return done.returncode


def _environment(server: str | None) -> dict[str, str]:
    """Return our caller's environment, free of whatever installation it points to.

    ``server`` is where the tests find a superuser of a server of their caller's own, instead of the embedded one.
    """
    ours = ("DATABASE_", "GUILDHALL_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | ({TEST_SERVER: server} if server else {})


def _missing_journeys(options: Namespace) -> Outcome:
    name = _journeys().name
    if options.without_browser:
        return Outcome(name, True, 0, "LEFT OUT, as you asked: nobody has tried the pages")
    return Outcome(
        name, False, 0, f"{NO_BROWSER} It cannot be installed from here; or leave them out: --without-browser."
    )


def _summarise(outcomes: list[Outcome], seconds: float) -> int:
    print("\nSummary")
    for outcome in outcomes:
        word = "ok    " if outcome.is_good else "FAILED"
        print(f"  {word}  {outcome.seconds:6.1f} s  {outcome.name}" + (f": {outcome.remark}" if outcome.remark else ""))
    failed = [outcome for outcome in outcomes if not outcome.is_good]
    print(f"  {'All good' if not failed else f'{len(failed)} failed'}, {seconds:.0f} s")
    return 1 if failed else 0


def _say(line: str) -> None:
    print(f"\n== {line}", flush=True)
