"""What a checkout needs built before its pages can be served: styles and scripts (with Node), and translations."""

from collections.abc import Callable

from guildhall.config.places import PACKAGE
from guildhall.config.problems import Problem
from guildhall.design.build_assets import CannotBuild, build_assets
from guildhall.design.translations import compile_translations

Say = Callable[[str], None]


def build_what_is_missing(say: Say) -> None:
    """Build the page assets and the translations where they are missing or older than their sources.

    :raises Problem: Node is needed and missing, or a build fails.
    """
    try:
        build_assets(say)
    except CannotBuild as reason:
        raise Problem(str(reason)) from reason
    compile_translations(PACKAGE)
