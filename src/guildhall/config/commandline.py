"""The words of the command line: ``./guildhall [COMMAND] [OPTIONS]``."""

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from guildhall.config.installation import DEFAULT_PORT
from guildhall.config.ports import Place, find_place
from guildhall.config.up_to_date import Tables

Parser = argparse.ArgumentParser


@dataclass(frozen=True)
class Command:
    """One command: a module of ``config/commands`` with ``run(options, installation) -> exit code``.

    ``login`` is the database login whose Django the command needs, and None when it needs none. ``needs_tables`` says
    how far the database must have been migrated for the command to be of use.
    """

    summary: str
    login: str | None = None
    takes_more: bool = False
    needs_installation: bool = True
    needs_tables: Tables = Tables.ALL
    is_for_developers: bool = False
    options: Callable[[Parser], None] = lambda parser: None


def _address(parser: Parser) -> None:
    parser.add_argument("--port", type=int, help=f"the port to serve on (default {DEFAULT_PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="the address to serve on (default 127.0.0.1)")
    parser.add_argument(
        "--sandbox-in-public", action="store_true", help="show the sandbox to everybody who reaches the address"
    )


def _sandbox(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        help="where One Login may send people back to (of no use before that platform lands)",
    )


def _backup(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="the archive to write")
    parser.add_argument("--without-proof", action="store_true", help="do not read it back: faster, and a risk")


def _restore(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="the archive to read")
    parser.add_argument("--force", action="store_true", help="replace what is there")
    parser.add_argument("--key", type=Path, help="the key file of the installation that made the archive")


def _operator(parser: Parser) -> None:
    parser.add_argument("email", help="the address with which the person has registered")


def _postcodes(parser: Parser) -> None:
    parser.add_argument("file", type=Path, help="the directory's CSV file, or the zip as published")


def _test(parser: Parser) -> None:
    parser.add_argument("--without-browser", action="store_true", help="leave out the journeys in a browser, loudly")
    parser.add_argument("--without-server", action="store_true", help="leave out what wants Debian's server, loudly")
    parser.add_argument(
        "--server",
        metavar="URL",
        default=os.environ.get("GUILDHALL_TEST_SERVER"),
        help="a superuser of a PostgreSQL server to test on, instead of the embedded one (also GUILDHALL_TEST_SERVER)",
    )


COMMANDS = {
    "up": Command("start everything, serve and work (the default)", needs_installation=False, options=_address),
    "web": Command("serve pages and APIs", options=_address),
    "worker": Command("do the work that waits: deliveries, reactions, periodic jobs", login="dispatcher"),
    "migrate": Command(
        "bring the database up to date: tables, councils, letters, sandbox", login="owner", needs_tables=Tables.ANY
    ),
    "sandbox": Command("show working credentials of the sandbox council", login="web", options=_sandbox),
    "doctor": Command("say in plain words what is wrong and what to do", needs_installation=False),
    "backup": Command("write the database and files to one archive", needs_tables=Tables.SOME, options=_backup),
    "restore": Command("read them back", needs_installation=False, options=_restore),
    "operator": Command("let a registered person run the installation", login="owner", options=_operator),
    "postcodes": Command("load an edition of the ONS Postcode Directory", login="owner", options=_postcodes),
    "recount": Command("add up anew what councils used", login="web"),
    "bench": Command(
        "measure; without a name, list what can be measured",
        takes_more=True, needs_installation=False, is_for_developers=True,
    ),
    "test": Command(
        "run all checks and tests; with pytest's arguments, those tests only",
        takes_more=True, needs_installation=False, is_for_developers=True, options=_test,
    ),
}  # fmt: skip


class _PlainParser(Parser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"guildhall: {message}: see {self.prog} --help\n")


def read_command_line(words: list[str]) -> tuple[str, argparse.Namespace]:
    """Return the command and its options; words that ``takes_more`` commands do not know are in ``options.more``."""
    parser = _PlainParser(prog="./guildhall", description="Common platforms for councils.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.summary, description=command.summary)
        sub.add_argument("--data", type=Path, metavar="DIR", help="the folder of the embedded database and files")
        command.options(sub)
    if not words or (words[0].startswith("-") and words[0] not in {"-h", "--help"}):
        words = ["up", *words]
    options, more = parser.parse_known_args(words)
    if more and not COMMANDS[options.command].takes_more:
        parser.error(f"unknown: {' '.join(more)}")
    options.more = more
    return options.command, options


def place_of(options: argparse.Namespace) -> Place:
    """Return where a command that serves is to do so.

    :raises Problem: the host or the port cannot be served on.
    """
    return find_place(options.host, DEFAULT_PORT if options.port is None else options.port)
