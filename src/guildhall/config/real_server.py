"""A PostgreSQL server that somebody else runs: its addresses come from the environment and are tried before use."""

import os

import psycopg

from guildhall.config.problems import Problem

VARIABLES = {
    "web": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "writer": "DATABASE_WRITER_URL",
    "dispatcher": "DATABASE_DISPATCHER_URL",
}
OLDEST_VERSION = 15

_ATTRIBUTES = """
SELECT current_user, rolsuper, rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               AND pg_has_role(current_user, relowner, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""


def is_chosen() -> bool:
    """Tell whether DATABASE_URL points to a server of somebody else's, so that the embedded one stays out of it."""
    return bool(os.environ.get("DATABASE_URL"))


def read_addresses() -> dict[str, str]:
    """Return the four logins' addresses from the environment.

    :raises Problem: one is missing.
    """
    missing = [variable for variable in VARIABLES.values() if not os.environ.get(variable)]
    if missing:
        raise Problem(
            f"DATABASE_URL is set, so {', '.join(missing)} must be set too: Guildhall uses four logins "
            "(docs/recipes/a-server-of-your-own.md shows how to create them)."
        )
    return {login: os.environ[variable] for login, variable in VARIABLES.items()}


def refuse_unusable_server(addresses: dict[str, str]) -> None:
    """Look at the server through every login before anything else is tried.

    :raises Problem: a login cannot get in, the server is too old, or a login is allowed more than it should be.
    """
    for login, address in addresses.items():
        version = _version_seen_by(VARIABLES[login], address)
        if version < OLDEST_VERSION:
            raise Problem(
                f"The server of {VARIABLES[login]} is PostgreSQL {version}; Guildhall needs {OLDEST_VERSION}."
            )
        if login != "owner":
            refuse_mighty_login(VARIABLES[login], address)


def refuse_mighty_login(variable: str, address: str) -> None:
    """Refuse a login to whom the wall between councils would not apply.

    :raises Problem: it is a superuser, has BYPASSRLS, or owns Guildhall's tables.
    """
    with connect(variable, address) as connection:
        found = connection.execute(_ATTRIBUTES).fetchone()
    assert found is not None  # a session always has a role
    name, is_superuser, bypasses_walls, is_owner = found
    because = {"is a superuser": is_superuser, "has BYPASSRLS": bypasses_walls, "owns Guildhall's tables": is_owner}
    reasons = [reason for reason, holds in because.items() if holds]
    if reasons:
        raise Problem(
            f"{variable} logs in as {name}, who {' and '.join(reasons)}: the wall between councils would not hold. "
            "Use a login without these rights (docs/recipes/a-server-of-your-own.md)."
        )


def connect(variable: str, address: str) -> psycopg.Connection:
    """Connect, or say which variable's server cannot be reached, without showing its password.

    :raises Problem: the server cannot be reached or does not let us in.
    """
    try:
        return psycopg.connect(address, connect_timeout=5)
    except psycopg.Error as refusal:
        said = " ".join(str(refusal).split()).removeprefix("connection failed: ")
        raise Problem(f"The database of {variable} does not let us in: {said}") from refusal


def _version_seen_by(variable: str, address: str) -> int:
    with connect(variable, address) as connection:
        return connection.info.server_version // 10000


def is_empty(owner_address: str) -> bool:
    """Tell whether nothing of Guildhall's is in the database yet."""
    with connect(VARIABLES["owner"], owner_address) as connection:
        found = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    return found == (None,)
