"""All that is promised of Notify's speed: accepting, batches, delivery, lists, reading, each with its target.

./guildhall bench notify [--parts accept batch ...]
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence

PARTS: Mapping[str, Sequence[str]] = {
    "accept": ("bench.accept", "--clients", "32"),
    "batch": ("bench.notify_batch",),
    "delivery": ("bench.notify_delivery",),
    "lists": ("bench.notify_lists",),
    "reading": ("bench.notify_reading",),
}
"""Each part is a bench of its own, which prints its target and whether it was met. A new one is one more line."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./guildhall bench notify", description=__doc__.partition("\n")[0])
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    outcomes = {part: _run(part) for part in parser.parse_args().parts}
    print("\nNotify, in short:")
    for part, is_met in outcomes.items():
        print(f"  {part:10} {'met' if is_met else 'MISSED'}")
    return 0 if all(outcomes.values()) else 1


def _run(part: str) -> bool:
    print(f"\n== {part} {'=' * (96 - len(part))}", flush=True)
    return subprocess.run([sys.executable, "-m", *PARTS[part]], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
