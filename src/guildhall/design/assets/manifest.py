"""Where the built style sheets, scripts and pictures are, under names that change with their contents."""

import json
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parents[1] / "static" / "built"
MANIFEST = "manifest.json"
ROOT = "/assets/"


def asset(name: str) -> str:
    """Return the address of an asset: ``asset("guildhall.css")``. A name that was never built is returned as it is."""
    return ROOT + hashed_names().get(name, name)


@cache
def hashed_names() -> dict[str, str]:
    """Return each asset's hashed file name by its plain one; nothing before the first build."""
    try:
        names: dict[str, str] = json.loads((BUILT / MANIFEST).read_text())
    except FileNotFoundError:
        return {}
    return names
