"""``./guildhall test``: style, types, import contracts, and every ring of tests."""

import os
import shutil
import subprocess
import sys
import time
from argparse import Namespace
from dataclasses import dataclass

from guildhall.config.building import build_what_is_missing
from guildhall.config.places import ROOT

MOST_PROCESSES = 4
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first that is there. The shell draws no window, and takes half the work of the others."""
NO_BROWSER = f"The journeys need a browser: on Debian, apt-get install {BROWSERS[0]}."
WITHOUT_BROWSER = ("-m", "not browser")
JOURNEYS = "tests/journeys"


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]


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
        left_out = WITHOUT_BROWSER if options.without_browser else ()
        return _call(Step("tests", [*_pytest(), *left_out, *options.more]))
    browser = None if options.without_browser else _find_or_install_browser()
    outcomes = [_take(step) for step in _steps()]
    outcomes.append(_take(_journeys()) if browser else _missing_journeys(options))
    return _summarise(outcomes)


def _steps() -> list[Step]:
    return [
        Step("style (ruff check)", [_tool("ruff"), "check"]),
        Step("format (ruff format --check)", [_tool("ruff"), "format", "--check"]),
        Step("types (mypy)", [_tool("mypy")]),
        Step("import contracts (lint-imports)", [_tool("lint-imports")]),
        Step("domain, operations, wire, architecture", [*_pytest(), *_in_parallel(), f"--ignore={JOURNEYS}"]),
    ]


def _journeys() -> Step:
    """Apart from the other rings: a browser keeps an event loop in its process, where Django asks for none."""
    return Step("journeys in a browser", [*_pytest(), *_in_parallel(), JOURNEYS])


def _in_parallel() -> tuple[str, ...]:
    """In one process more than there are processors: tests also wait, for the database and for each other."""
    return ("-n", str(min(MOST_PROCESSES, 1 + (os.cpu_count() or 1))), "--dist", "worksteal")


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest"]


def _tool(name: str) -> str:
    return str(ROOT / ".venv" / "bin" / name)


def _take(step: Step) -> Outcome:
    _say(step.name)
    started = time.monotonic()
    code = _call(step)
    return Outcome(step.name, code == 0, time.monotonic() - started)


def _call(step: Step) -> int:
    """Run a step in the checkout, free of whatever installation our caller's environment points to."""
    ours = ("DATABASE_", "GUILDHALL_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(step.command, cwd=ROOT, env=environment, check=False).returncode


def _missing_journeys(options: Namespace) -> Outcome:
    name = _journeys().name
    if options.without_browser:
        return Outcome(name, True, 0, "LEFT OUT, as you asked: nobody has tried the pages")
    return Outcome(
        name, False, 0, f"{NO_BROWSER} It cannot be installed from here; or leave them out: --without-browser."
    )


def _find_or_install_browser() -> str | None:
    if found := find_browser():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _say("Installing chromium for the journeys")
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["install", "--yes", "--no-install-recommends"]
        for command in (["update"], [*install, BROWSERS[0]], [*install, BROWSERS[1]]):
            if not find_browser():
                subprocess.run(["apt-get", "-qq", *command], env=quietly, stdout=subprocess.DEVNULL, check=False)
    return find_browser()


def find_browser() -> str | None:
    """Return the path of a browser for the journeys, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _summarise(outcomes: list[Outcome]) -> int:
    print("\nSummary")
    for outcome in outcomes:
        word = "ok    " if outcome.is_good else "FAILED"
        print(f"  {word}  {outcome.seconds:6.1f} s  {outcome.name}" + (f": {outcome.remark}" if outcome.remark else ""))
    failed = [outcome for outcome in outcomes if not outcome.is_good]
    print(f"  {'All good' if not failed else f'{len(failed)} failed'}, {sum(o.seconds for o in outcomes):.0f} s")
    return 1 if failed else 0


def _say(line: str) -> None:
    print(f"\n== {line}", flush=True)
