"""The walls between councils, tried on every table there is, by hand, as each login.

Nothing here names a module: a table that a later migration adds is tried too. A copy of the migrated database gets one
row of council A and one of council B in every table, whatever the rules say a row should be, and then each login
tries to read and change B's rows while its transaction acts for A. Everything is really committed.
"""

from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from tests.architecture.houses import LOGINS, A, B, Houses

from guildhall.config.tables import GLOBAL_TABLES, SEEN_BY_DISPATCHER


def attempt(url: str, statement: sql.Composed, council: UUID | None) -> int | None:
    """Try a statement on behalf of a council; return how many rows it saw or changed, or None if it was forbidden."""
    with psycopg.connect(url) as session:
        session.execute("SELECT set_config('app.organisation', %s, true)", [str(council or "")])
        try:
            done = session.execute(statement)
            return len(done.fetchall()) if done.description else done.rowcount
        except psycopg.errors.InsufficientPrivilege:
            return None
        finally:
            session.rollback()


def rows_of(table: str, council: UUID) -> sql.Composed:
    return sql.SQL("SELECT 1 FROM {} WHERE organisation_id = {}").format(sql.Identifier(table), sql.Literal(council))


def change_rows_of(table: str, council: UUID, column: str = "organisation_id") -> sql.Composed:
    return sql.SQL("UPDATE {} SET {column} = {column} WHERE organisation_id = {}").format(
        sql.Identifier(table), sql.Literal(council), column=sql.Identifier(column)
    )


def remove_rows_of(table: str, council: UUID) -> sql.Composed:
    return sql.SQL("DELETE FROM {} WHERE organisation_id = {}").format(sql.Identifier(table), sql.Literal(council))


def sees_all(login: str, table: str) -> bool:
    return login == "dispatcher" and any(table == seen or table.startswith(f"{seen}_") for seen in SEEN_BY_DISPATCHER)


def test_every_table_is_walled_by_council_or_on_the_written_list(houses: Houses) -> None:
    with psycopg.connect(houses.urls["superuser"]) as superuser:
        every = {
            name: (secured, forced, policies)
            for name, secured, forced, policies in superuser.execute(
                "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
                " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c"
                " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            )
        }
    unwalled = {name for name in every if name in houses.tables and not all(every[name])}
    unlisted = every.keys() - set(houses.tables) - GLOBAL_TABLES.keys()
    assert not unwalled, f"no wall around {sorted(unwalled)}: give them a CouncilWall"
    assert not unlisted, f"{sorted(unlisted)} have no organisation_id and are not in config/tables.py"


def test_no_council_table_is_on_the_list_of_global_ones(houses: Houses) -> None:
    assert not GLOBAL_TABLES.keys() & set(houses.tables)


def test_no_login_can_climb_over_the_walls(houses: Houses) -> None:
    for login in LOGINS:
        with psycopg.connect(houses.urls[login]) as session:
            [role] = session.execute(
                "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS ("
                "SELECT FROM pg_class c WHERE c.relowner = r.oid) FROM pg_roles r WHERE rolname = current_user"
            ).fetchall()
        assert role == (False,), f"{login} owns tables or may pass row-level security"


def test_the_trial_is_a_real_one(houses: Houses) -> None:
    """Each council does see its own row wherever its login may read at all."""
    seen = {table: attempt(houses.urls["web"], rows_of(table, A), A) for table in houses.tables}
    assert {table for table, rows in seen.items() if rows not in (None, 1)} == set()
    assert sum(rows == 1 for rows in seen.values()) > len(houses.tables) // 2


@pytest.mark.parametrize("login", LOGINS)
def test_a_hand_written_query_for_council_a_yields_nothing_of_council_b(houses: Houses, login: str) -> None:
    tables = [table for table in houses.tables if not sees_all(login, table)]
    assert {table for table in tables if attempt(houses.urls[login], rows_of(table, B), A)} == set()


@pytest.mark.parametrize("login", LOGINS)
def test_a_query_for_no_council_yields_nothing_at_all(houses: Houses, login: str) -> None:
    everything = {table: sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table)) for table in houses.tables}
    tables = [table for table in houses.tables if not sees_all(login, table)]
    assert {table for table in tables if attempt(houses.urls[login], everything[table], None)} == set()


@pytest.mark.parametrize("login", LOGINS)
def test_nothing_of_council_b_can_be_changed_or_removed_for_council_a(houses: Houses, login: str) -> None:
    tables = [table for table in houses.tables if not sees_all(login, table)]
    changed = {table for table in tables if attempt(houses.urls[login], change_rows_of(table, B), A)}
    removed = {table for table in tables if attempt(houses.urls[login], remove_rows_of(table, B), A)}
    assert (changed, removed) == (set(), set())


def test_no_row_can_be_given_to_another_council(houses: Houses) -> None:
    gift = "UPDATE {} SET organisation_id = {} WHERE organisation_id = {}"
    for table in houses.tables:
        statement = sql.SQL(gift).format(sql.Identifier(table), sql.Literal(B), sql.Literal(A))
        with psycopg.connect(houses.urls["web"]) as session:
            session.execute("SELECT set_config('app.organisation', %s, true)", [str(A)])
            try:
                assert session.execute(statement).rowcount == 0, f"a row of {table} was given away"
            except psycopg.errors.InsufficientPrivilege:
                pass
            finally:
                session.rollback()


def test_web_cannot_write_a_row_for_another_council(houses: Houses) -> None:
    insert = "INSERT INTO {} (organisation_id) VALUES ({})"
    for table in houses.tables:
        statement = sql.SQL(insert).format(sql.Identifier(table), sql.Literal(B))
        with psycopg.connect(houses.urls["web"]) as session:
            session.execute("SELECT set_config('app.organisation', %s, true)", [str(A)])
            # Row-level security is checked before the table's own rules, so an incomplete row will do.
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


def test_the_writers_login_may_insert_and_nothing_else(houses: Houses) -> None:
    for table in houses.tables:
        for statement in (rows_of(table, A), change_rows_of(table, A), remove_rows_of(table, A)):
            assert attempt(houses.urls["writer"], statement, A) is None, f"the writer may do more to {table}"


def test_what_the_dispatcher_sees_of_all_councils_is_on_the_written_list(houses: Houses) -> None:
    with psycopg.connect(houses.urls["superuser"]) as superuser:
        found = superuser.execute(
            "SELECT DISTINCT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
            " WHERE p.polname = 'dispatcher' AND NOT c.relispartition"
        )
        assert {name for (name,) in found} == SEEN_BY_DISPATCHER.keys() & set(houses.tables)
