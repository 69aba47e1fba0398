"""``./guildhall bench [NAME]``: measurements, on an installation of their own that is thrown away afterwards."""

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from guildhall.config.building import build_what_is_missing
from guildhall.config.places import ROOT
from guildhall.config.problems import Problem

NOT_A_BENCH = {"__init__", "harness", "load"}


def run(options: Namespace) -> int:
    """Run ``bench/NAME.py``, or list what can be measured."""
    benches = {path.stem: path for path in sorted((ROOT / "bench").glob("*.py")) if path.stem not in NOT_A_BENCH}
    if not options.more:
        for name, path in benches.items():
            print(f"  {name:12} {_first_line(path)}")
        return 0
    name, *words = options.more
    if name not in benches:
        raise Problem(f"There is no bench called {name}; there is: {', '.join(benches) or 'none'}.")
    build_what_is_missing(print)
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    return subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *words], cwd=ROOT, env=environment, check=False
    ).returncode


def _first_line(path: Path) -> str:
    return path.read_text().partition("\n")[0].strip('" ')
