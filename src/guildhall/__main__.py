"""``python -m guildhall COMMAND``: what the ``guildhall`` script calls. See ``config/commandline.py``."""

import errno
import os
import sys
from argparse import Namespace
from importlib import import_module

import django
import psycopg
from django.db import DatabaseError

from guildhall.config.commandline import COMMANDS, place_of, read_command_line
from guildhall.config.installation import open_installation
from guildhall.config.lifeline import die_with_launcher
from guildhall.config.loading import without_collecting
from guildhall.config.problems import Problem
from guildhall.config.up_to_date import refuse_unfit_database
from guildhall.config.variables import refuse_wrong_variables

_OPERATORS_PROBLEMS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO),
    *(errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
}
# Of SQLSTATE: the connection, the login, a right that is missing, a time that is over, room, the server's state.
_OPERATORS_STATES = ("08", "25006", "25P03", "25P04", "28", "3D", "42501", "53", "57", "58")


def main(words: list[str]) -> int:
    """Run one command and return its exit code; what the operator can mend is said in a sentence."""
    die_with_launcher()
    name, options = read_command_line(words)
    try:
        return _run(name, options)
    except Problem as problem:
        return _refuse(str(problem))
    except (psycopg.Error, DatabaseError) as problem:
        return _refuse(f"The database says: {_what_the_operator_can_mend(problem)}.")
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
        refuse_unfit_database(installation.addresses["owner"], needs=command.needs_tables)
        os.environ.update(installation.environment(command.login or "web"))
        with without_collecting():
            import_module("guildhall.config.logs").configure_logs()  # slow to load, and up needs none
            if command.login:
                django.setup()  # before the command's own imports, which may want tables
            module = import_module(f"guildhall.config.commands.{name}")
        return module.run(options, installation)


def _what_the_operator_can_mend(problem: Exception) -> str:
    """Return what a database complains of, where that is its own state and no bug of ours: those are raised again."""
    cause = problem if isinstance(problem, psycopg.Error) else problem.__cause__
    state = getattr(cause, "sqlstate", None)
    if not (isinstance(cause, psycopg.OperationalError) or (state or "").startswith(_OPERATORS_STATES)):
        raise problem
    return " ".join(str(cause).split())[:400].rstrip(".")


def _refuse(sentence: str) -> int:
    print(f"guildhall: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
