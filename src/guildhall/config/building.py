"""What a checkout needs built before its pages can be served: styles and scripts (with Node), and translations."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from guildhall.config.places import PACKAGE
from guildhall.config.problems import Problem
from guildhall.design.build_assets import CannotBuild, build_assets

Say = Callable[[str], None]


def build_what_is_missing(say: Say) -> None:
    """Build the page assets and the translations where they are missing or older than their sources.

    :raises Problem: Node is needed and missing, or a build fails.
    """
    try:
        build_assets(say)
    except CannotBuild as reason:
        raise Problem(str(reason)) from reason
    if any(_is_stale(written) for written in PACKAGE.rglob("locale/*/LC_MESSAGES/*.po")):
        say("Compiling the translations")
        import_module("guildhall.design.translations").compile_translations(PACKAGE)  # Babel is slow to load


def _is_stale(written: Path) -> bool:
    compiled = written.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < written.stat().st_mtime
