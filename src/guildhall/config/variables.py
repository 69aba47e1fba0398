"""The variables that set an installation up: every one there is, and what each may say.

They are read before anything else is done, so that a slip is a sentence, and never a real house with the sandbox in it
because somebody wrote GUILDHALL_SANBOX=0.
"""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from guildhall.config.base_url import HOST_NAME, read_base_url
from guildhall.config.base_url import VARIABLE as BASE_URL
from guildhall.config.problems import Problem

OURS = "GUILDHALL_"

_NUMBER = re.compile("[0-9]{1,5}")


@dataclass(frozen=True)
class Variable:
    """What a variable must be, in words and as a test. What a secret says is never shown."""

    must_be: str
    is_right: Callable[[str], object]
    is_secret: bool = False


def refuse_wrong_variables() -> None:
    """Look at the whole environment.

    :raises Problem: a variable is none of ours, or does not say what it may.
    """
    for name, value in sorted(os.environ.items()):
        if name in VARIABLES and value:
            _refuse_wrong(name, value)
        elif name.startswith(OURS) and name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, 1)
            raise Problem(f"There is no setting {name}" + (f": did you mean {near[0]}?" if near else "."))


def _refuse_wrong(name: str, value: str) -> None:
    variable = VARIABLES[name]
    try:
        is_right = variable.is_right(value)
    except (ValueError, ProgrammingError):
        is_right = False
    if not is_right:
        said = "wrong" if variable.is_secret else repr(value[:200])
        raise Problem(f"{name} is {said}: it must be {variable.must_be}.")


def _one_of(*words: str) -> Variable:
    return Variable(" or ".join(words), lambda said: said.lower() in words)


def _number(most: int) -> Variable:
    return Variable(f"a number from 1 to {most}", lambda said: _NUMBER.fullmatch(said) and 0 < int(said) <= most)


def _url_of(*schemes: str) -> Callable[[str], bool]:
    def is_right(said: str) -> bool:
        parts = urlsplit(said)
        _ = parts.port  # not a number, or too large: ValueError
        target = parts.path if parts.scheme == "unix" else parts.hostname
        return parts.scheme in schemes and bool(target) and not any(map(str.isspace, said))

    return is_right


def _are_networks(said: str) -> bool:
    return all(ip_network(each) for each in said.split(",") if each)


def _is_contact(said: str) -> bool:
    mailbox, _, domain = said.removeprefix("mailto:").rpartition("@")
    is_email = said.startswith("mailto:") and bool(mailbox) and HOST_NAME.fullmatch(domain) is not None
    return said.isascii() and said.isprintable() and " " not in said and (is_email or _url_of("https")(said))


def _is_database(said: str) -> bool:
    parts = urlsplit(said)
    _ = parts.port
    return parts.scheme in ("postgresql", "postgres") and bool(parts.username and conninfo_to_dict(said))


ANYTHING = Variable("something", bool)
_DATABASE = Variable(
    "a login's address, such as postgresql://user:password@host/guildhall", _is_database, is_secret=True
)

VARIABLES: Mapping[str, Variable] = {
    "DATABASE_URL": _DATABASE,
    "DATABASE_OWNER_URL": _DATABASE,
    "DATABASE_WRITER_URL": _DATABASE,
    "DATABASE_DISPATCHER_URL": _DATABASE,
    "DATABASE_BACKUP_URL": _DATABASE,
    BASE_URL: Variable("", read_base_url),
    "GUILDHALL_CALLBACK_NETWORKS": Variable("networks with commas between, such as 10.1.0.0/16", _are_networks),
    "GUILDHALL_CLAMD_URL": Variable("tcp://host:3310 or unix:///path", _url_of("tcp", "unix")),
    "GUILDHALL_DATA": ANYTHING,
    "GUILDHALL_EMAIL_DOMAIN": Variable("the name of a domain, such as council.example", HOST_NAME.fullmatch),
    "GUILDHALL_GOVUK_NOTIFY": Variable("an address, such as https://api.example", _url_of("https", "http")),
    "GUILDHALL_KEY": ANYTHING,  # looked at where it is used
    "GUILDHALL_LAUNCHER": ANYTHING,
    "GUILDHALL_FAST_PATH": _one_of("open", "closed"),
    "GUILDHALL_LISTENERS": ANYTHING,
    "GUILDHALL_LOGIN": _one_of("web", "owner", "writer", "dispatcher"),
    "GUILDHALL_LOGS": _one_of("json", "lines"),
    "GUILDHALL_LOG_LEVEL": _one_of("debug", "info", "warning", "error", "critical"),
    "GUILDHALL_METRICS_ADDRESS": ANYTHING,  # looked at where it is used
    "GUILDHALL_METRICS_PORT": _number(65_534),
    "GUILDHALL_PG_BIN": Variable("the folder of PostgreSQL's programs", lambda said: Path(said, "postgres").is_file()),
    "GUILDHALL_PYTHON": ANYTHING,
    "GUILDHALL_SANDBOX": _one_of("0", "1"),
    "GUILDHALL_SANDBOX_IN_PUBLIC": _one_of("yes", "no"),
    "GUILDHALL_SECURITY_CONTACT": Variable("mailto:security@council.example or an https address", _is_contact),
    "GUILDHALL_SMTP_URL": Variable("smtp://user:password@host:port", _url_of("smtp", "smtps"), is_secret=True),
    "GUILDHALL_TEST_SERVER": ANYTHING,
    "GUILDHALL_TRUSTED_PROXIES": Variable("addresses or networks with commas between, such as 10.0.0.5", _are_networks),
    "GUILDHALL_UNASKED_EMAILS_PER_HOUR": _number(99_999),
    "GUILDHALL_WEB_PROCESSES": _number(512),
    "GUILDHALL_WEB_THREADS": _number(512),
}
