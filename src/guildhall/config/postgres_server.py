"""A PostgreSQL server of which we know a superuser: the logins that it gets, one for each trust, and its databases."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import psycopg
from psycopg import sql

SUPERUSER = "guildhall"
OWNER, WEB, WRITER, DISPATCHER = "guildhall_owner", "guildhall_web", "guildhall_writer", "guildhall_dispatcher"
LOGINS = (OWNER, WEB, WRITER, DISPATCHER)


@dataclass(frozen=True)
class Logins:
    """The addresses (DSNs) of one database, by who may use them. They contain passwords."""

    superuser: str
    owner: str
    web: str
    writer: str
    dispatcher: str


class Server(ABC):
    """A server on which logins and databases are made; how it is reached, and by which passwords, is its own affair."""

    @abstractmethod
    def logins_for(self, database_name: str) -> Logins:
        """Return the addresses of one of this server's databases."""

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database that belongs to the owner's login, empty or as a copy of ``template``."""
        empty = sql.SQL("TEMPLATE template0 ENCODING 'UTF8'")  # whatever the server gives its own databases
        content = sql.SQL("TEMPLATE {}").format(sql.Identifier(template)) if template else empty
        statement = sql.SQL("CREATE DATABASE {} OWNER {} ").format(sql.Identifier(name), sql.Identifier(OWNER))
        with psycopg.connect(self.logins_for("postgres").superuser, autocommit=True) as connection:
            connection.execute(statement + content)
        self._hand_over_to_owner(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, ending its connections; a database that does not exist is no error."""
        with psycopg.connect(self.logins_for("postgres").superuser, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def has_database(self, name: str) -> bool:
        with psycopg.connect(self.logins_for("postgres").superuser) as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())

    def ensure_logins(self, passwords: dict[str, str]) -> None:
        """Create the four logins where they are missing, and take back rights they must not have.

        :param passwords: by login, and under ``mark`` what a login's comment says when it has this password.
        """
        with psycopg.connect(self.logins_for("postgres").superuser, autocommit=True) as connection:
            known = {
                name: (is_plain, is_current)
                for name, is_plain, is_current in connection.execute(_LOGINS_SQL, [passwords["mark"], list(LOGINS)])
            }
            for login in LOGINS:
                if known.get(login) != (True, True):
                    _ensure_login(connection, login, login in known, passwords)

    def _hand_over_to_owner(self, name: str) -> None:
        with psycopg.connect(self.logins_for(name).superuser, autocommit=True) as connection:
            for step in _HAND_OVER:
                connection.execute(
                    sql.SQL(step).format(
                        database=sql.Identifier(name),
                        owner=sql.Identifier(OWNER),
                        logins=sql.SQL(", ").join(map(sql.Identifier, LOGINS)),
                    )
                )


_LOGINS_SQL = """
SELECT rolname,
       rolcanlogin AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication),
       shobj_description(oid, 'pg_authid') IS NOT DISTINCT FROM %s
FROM pg_roles WHERE rolname = ANY(%s)
"""

_HAND_OVER = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {logins}",
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {logins}",
)


def _ensure_login(connection: psycopg.Connection, login: str, exists: bool, passwords: dict[str, str]) -> None:
    """Create or correct one login; its comment marks which passwords file it follows."""
    name = sql.Identifier(login)
    verb = sql.SQL("ALTER ROLE {}" if exists else "CREATE ROLE {}").format(name)
    connection.execute(
        verb
        + sql.SQL(" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION PASSWORD {}").format(
            sql.Literal(passwords[login])
        )
    )
    connection.execute(sql.SQL("COMMENT ON ROLE {} IS {}").format(name, sql.Literal(passwords["mark"])))
