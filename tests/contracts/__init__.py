"""Cases and tables that the national platforms and public forms give us, each with its source and licence.

Every folder here has a README that names where each file comes from. A file that is missing or empty fails whoever
reads it: a promise that is silently not tested is none.
"""

import csv
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def cases(name: str) -> Any:
    """Return what a file of JSON holds, for example ``notify/phone_numbers.json``."""
    return _something(json.loads(_text(name)), name)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table by their headings, for example ``notify/letter_rates.csv``."""
    return _something(list(csv.DictReader(_text(name).splitlines())), name)


def all_files(pattern: str) -> list[str]:
    """Return the names of the files of a pattern, for example ``pay/*.json``, each to be read by ``cases``."""
    return _something(sorted(str(path.relative_to(HERE)) for path in HERE.glob(pattern)), pattern)


def _text(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def _something(found: Any, name: str) -> Any:
    assert found, f"{name} holds nothing to test with"
    return found
