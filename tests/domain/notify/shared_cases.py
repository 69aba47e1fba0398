"""The input and expected results that come with the contract, where they are at hand."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[4] / "shared/data/notify"


def cases(name: str) -> list[Any]:
    """Return the cases of one file; skip the test, saying so, where the folder is absent."""
    return json.loads(_text(name))


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one table by their headings; skip the test, saying so, where the folder is absent."""
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the contract's cases are not here ({path})")
    return path.read_text("utf-8")
