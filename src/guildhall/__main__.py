"""``python -m guildhall COMMAND``: what the ``guildhall`` script calls. See ``config/commandline.py``."""

import errno
import os
import sys
from argparse import Namespace
from importlib import import_module

import django
import psycopg

from guildhall.config.commandline import COMMANDS, place_of, read_command_line
from guildhall.config.installation import open_installation
from guildhall.config.lifeline import die_with_launcher
from guildhall.config.problems import Problem
from guildhall.config.variables import refuse_wrong_variables

_OPERATORS_PROBLEMS = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT}


def main(words: list[str]) -> int:
    """Run one command and return its exit code; what the operator can mend is said in a sentence."""
    die_with_launcher()
    name, options = read_command_line(words)
    try:
        return _run(name, options)
    except Problem as problem:
        return _refuse(str(problem))
    except psycopg.OperationalError as problem:
        return _refuse(f"The database stopped answering: {' '.join(str(problem).split())}")
    except OSError as problem:
        if problem.errno not in _OPERATORS_PROBLEMS:
            raise
        return _refuse(f"{problem.filename or 'The data folder'}: {problem.strerror}.")
    except KeyboardInterrupt:
        return 130


def _run(name: str, options: Namespace) -> int:
    command = COMMANDS[name]
    if not command.is_for_developers:
        refuse_wrong_variables()
    if not command.needs_installation:
        return import_module(f"guildhall.config.commands.{name}").run(options)
    place = place_of(options) if name == "web" else None
    in_public = getattr(options, "sandbox_in_public", False)
    with open_installation(options.data, place=place, in_public=in_public) as installation:
        os.environ.update(installation.environment(command.login or "web"))
        import_module("guildhall.config.logs").configure_logs()  # slow to load, and up needs none
        if command.login:
            django.setup()  # before the command's own imports, which may want tables
        return import_module(f"guildhall.config.commands.{name}").run(options, installation)


def _refuse(sentence: str) -> int:
    print(f"guildhall: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
