"""Where things are: the checkout (or the installed package) and the data folder."""

import os
from pathlib import Path

from guildhall.config.postgres import STATE_DIRECTORY, can_reach, short_name

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]


def is_checkout() -> bool:
    """Tell whether we run from a checkout, whose page assets are built here, or from an installed package."""
    return (ROOT / "pyproject.toml").exists()


def choose_data_folder(asked: Path | None, *, for_embedded_database: bool) -> Path:
    """Return the folder of the embedded database, files and key.

    That is what was asked for (``--data``, or GUILDHALL_DATA), else ``var`` in the checkout. Where root runs us and the
    database's unprivileged user cannot enter that folder, it is one in the system's state directory, named after it.
    """
    chosen = asked or os.environ.get("GUILDHALL_DATA") or (ROOT if is_checkout() else Path.cwd()) / "var"
    folder = Path(chosen).expanduser().absolute().resolve()
    if not for_embedded_database or can_reach(folder / "postgres"):
        return folder
    return STATE_DIRECTORY / short_name(folder.parent if folder.name == "var" else folder, distinct_from=folder)
