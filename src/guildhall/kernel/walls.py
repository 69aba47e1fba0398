"""The council's wall, as migration operations: every table says in its first migration who may touch which rows.

``CouncilWall``      a table of councils' rows: row-level security, forced on the owner too, and each login's grants
``OpenTable``        a table that belongs to no council: grants only; listed with its reason in ``config/tables.py``
``MoreGrants``       what a later migration lets the logins do on a table that has its wall already
``DefinerFunction``  a narrow question that must be asked before the council is known (whose is this key?)
``AppendOnly``       a trigger that refuses UPDATE and DELETE, for rows that are evidence
"""

from django.conf import settings
from django.db.migrations import RunSQL

_COUNCIL = "organisation_id = nullif(current_setting('app.organisation', true), '')::uuid"


class CouncilWall(RunSQL):
    """Wall a council's table in: a login sees and writes only rows of the council its transaction acts for.

    ``web``, ``writer`` and ``dispatcher`` are the grants of those logins (``"SELECT, INSERT, UPDATE"``); the
    dispatcher has web's unless told otherwise. Beyond the wall, by named policies:

    - ``resident_column``: a resident reads the rows that carry their id, in every council;
    - ``writer``: may insert for any council (group commit writes many councils' rows in one statement) and read none;
    - ``dispatcher_sees_all``: the dispatcher's grants hold for all councils' rows;
    - ``owner``: commands (``"SELECT"``, ``"SELECT, UPDATE"``) that definer functions and doctor need on all rows.
    """

    def __init__(  # noqa: PLR0913 - each keyword is a sentence of the migration
        self,
        table: str,
        *,
        web: str,
        writer: str = "",
        dispatcher: str | None = None,
        resident_column: str = "",
        dispatcher_sees_all: bool = False,
        owner: str = "",
    ) -> None:
        logins = settings.DATABASE_LOGINS
        statements = [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY council ON "{table}" USING ({_COUNCIL}) WITH CHECK ({_COUNCIL})',
            *_grants(table, web=web, writer=writer, dispatcher=web if dispatcher is None else dispatcher),
        ]
        if resident_column:
            mine = f"{resident_column} = nullif(current_setting('app.resident', true), '')::uuid"
            statements.append(f'CREATE POLICY resident ON "{table}" FOR SELECT USING ({mine})')
        if writer:
            statements.append(
                f'CREATE POLICY writer ON "{table}" FOR INSERT TO "{logins["writer"]}" '
                "WITH CHECK (organisation_id IS NOT NULL)"
            )
        if dispatcher_sees_all:
            statements.append(f'CREATE POLICY dispatcher ON "{table}" TO "{logins["dispatcher"]}" USING (true)')
        for command in filter(None, (part.strip() for part in owner.split(","))):
            check = "WITH CHECK (true)" if command == "INSERT" else "USING (true)"
            statements.append(
                f'CREATE POLICY owner_{command.lower()} ON "{table}" FOR {command} TO "{logins["owner"]}" {check}'
            )
        super().__init__(tuple(statements), _nothing())


class OpenTable(RunSQL):
    """Grant the logins what they need on a table that belongs to no council."""

    def __init__(self, table: str, *, web: str = "", writer: str = "", dispatcher: str | None = None) -> None:
        grants = _grants(table, web=web, writer=writer, dispatcher=web if dispatcher is None else dispatcher)
        super().__init__(tuple(grants), _nothing())


class MoreGrants(OpenTable):
    """Grant the logins more on a table whose wall stands: each login only what is named here."""

    def __init__(self, table: str, *, web: str = "", writer: str = "", dispatcher: str = "") -> None:
        super().__init__(table, web=web, writer=writer, dispatcher=dispatcher)


class DefinerFunction(RunSQL):
    """Answer one narrow question with the owner's eyes, and grant it to web and dispatcher (or ``grant_to``).

    The body is SQL that returns ids and nothing else; the tables it reads need ``CouncilWall(owner="SELECT")``.
    """

    def __init__(  # noqa: PLR0913 - each keyword is a sentence of the migration
        self,
        name: str,
        body: str,
        *,
        arguments: str,
        returns: str,
        language: str = "sql",
        volatility: str = "STABLE",
        grant_to: tuple[str, ...] = ("web", "dispatcher"),
    ) -> None:
        logins = settings.DATABASE_LOGINS
        statements = [
            f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE {language} {volatility} "
            f"SECURITY DEFINER SET search_path = public, pg_temp AS $body${body}$body$",
            f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC",
            *(f'GRANT EXECUTE ON FUNCTION {name}({arguments}) TO "{logins[login]}"' for login in grant_to),
        ]
        super().__init__(tuple(statements), f"DROP FUNCTION {name}({arguments})")


class AppendOnly(RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on a table, whoever asks."""

    def __init__(self, table: str) -> None:
        super().__init__(
            [
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END$$",
                f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                f'CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            ],
            _nothing(),
        )


def _grants(table: str, **grants: str) -> list[str]:
    logins = settings.DATABASE_LOGINS
    return [f'GRANT {grant} ON "{table}" TO "{logins[login]}"' for login, grant in grants.items() if grant]


def _nothing() -> str:
    """Going back drops the table, and its policies, grants and triggers with it."""
    return RunSQL.noop
