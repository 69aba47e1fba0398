"""``./guildhall doctor``: what is wrong, in plain words, with what to do about it."""

import os
from argparse import Namespace
from importlib import import_module

import django

from guildhall.config.installation import open_installation
from guildhall.config.problems import Problem


def run(options: Namespace) -> int:
    """Look at everything and say what was found. The exit code is 0 when all is well and 1 otherwise."""
    try:
        with open_installation(options.data) as installation:
            os.environ.update(installation.environment("web"))
            django.setup()
            examine = import_module("guildhall.config.examination").examine  # its imports want the settings
            ills = [finding for finding in examine(installation) if not _say(finding.seen, finding.remedy)]
    except Problem as problem:
        _say("the installation cannot be opened", str(problem))
        return 1
    print("All is well." if not ills else f"{len(ills)} of these {'needs' if len(ills) == 1 else 'need'} you.")
    return 1 if ills else 0


def _say(seen: str, remedy: str) -> bool:
    mark = "WRONG" if remedy else "ok   "
    print(f"{mark}  {seen}" + (f"\n       → {remedy}" if remedy else ""), flush=True)
    return not remedy
