"""Functions that look with the owner's eyes answer one narrow question each, to whom it is granted, whatever is asked.

Nothing here names a function but the list of who may call it: one that a later migration adds is found and tried too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from tests.architecture.houses import LOGINS, A, B, Houses

from guildhall.kernel.ids import new_id

# Who may call which. The owner may call all of them; nobody else is named for convenience.
GRANTED = {
    "metering_capped_services": {"web", "dispatcher"},  # accepting asks whether a service has a cap
    "notify_kept_for": {"dispatcher"},  # old messages are cleared away
    "notify_message_drop_empty_months": {"dispatcher"},
    "notify_message_make_months": {"dispatcher"},
    "notify_owner_of_number": {"web", "dispatcher"},  # texts come by a provider's call, and by a line that is kept open
    "notify_owner_of_receipts": {"web"},
    "notify_quarantined": {"web", "dispatcher"},  # the operators' page, doctor and the metrics
    "notify_services_asking_to_go_live": {"web"},  # the operators' page
    "organisations_audited_councils": set(),  # doctor and recount, as the owner
    "organisations_chain_audit": set(),  # a trigger: nobody calls it
    "organisations_council_of_service": {"web", "dispatcher"},
    "organisations_key_of_digest": {"web"},
    "pay_payment_of_token": {"web"},
}
# What the worker's own functions tell beside ids: how long messages are kept, how many partitions were made.
TELLS_MORE = {"notify_kept_for", "notify_message_drop_empty_months", "notify_message_make_months"}

MEGABYTE = 1024 * 1024
NOTHING = UUID(int=0)
ODD: dict[str, list[Any]] = {
    "uuid": [None, NOTHING, UUID(int=2**128 - 1), new_id()],
    "bytea": [None, b"", b"\x00", b"\x00" * 32, b"\xff" * 32, b"' OR true --", b"x" * MEGABYTE],
    "text": [
        *(None, "", " ", "%", "_", "\x01", "\u202e", "0", "-1", "null", "x" * MEGABYTE),
        *("' OR true --", "'; SELECT organisation_id FROM organisations_service; --", "$1", "\\", "{}", str(A), str(B)),
    ],
}


@dataclass(frozen=True)
class Definer:
    name: str
    arguments: tuple[str, ...]
    tells: tuple[str, ...]
    is_trigger: bool
    settings: tuple[str, ...]
    owner: str

    def call(self, values: tuple[Any, ...]) -> sql.Composed:
        places = (sql.SQL("%s::") + sql.SQL(kind) for kind in self.arguments)
        return sql.SQL("SELECT * FROM {}({})").format(sql.Identifier(self.name), sql.SQL(", ").join(places))

    def call_about_each(self) -> sql.Composed:
        """Return a question about every value of a list at once: the place of each in it, before what is told of it."""
        [kind] = map(sql.SQL, self.arguments)
        asked = sql.SQL("unnest(%s::{}[]) WITH ORDINALITY AS asked (value, place)").format(kind)
        return sql.SQL("SELECT place, told.* FROM {}, {}(value) AS told").format(asked, sql.Identifier(self.name))


@pytest.fixture(scope="module")
def definers(houses: Houses) -> list[Definer]:
    with psycopg.connect(houses.urls["superuser"]) as superuser:
        rows = superuser.execute(
            "SELECT p.proname, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t),"
            " coalesce((SELECT array_agg(format_type(t, NULL)) FROM unnest(p.proallargtypes, p.proargmodes) x (t, mode)"
            "   WHERE mode IN ('o', 't')), ARRAY[format_type(p.prorettype, NULL)]),"
            " p.prorettype = 'trigger'::regtype, coalesce(p.proconfig, '{}'), r.rolname"
            " FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
            " WHERE p.prosecdef AND p.pronamespace <> 'pg_catalog'::regnamespace"
        ).fetchall()
    return [
        Definer(name, tuple(arguments), tuple(tells), is_trigger, tuple(settings), owner)
        for name, arguments, tells, is_trigger, settings, owner in rows
    ]


@pytest.fixture(scope="module")
def web(houses: Houses) -> Iterator[psycopg.Connection]:
    """Web's login, acting for council A."""
    with psycopg.connect(houses.urls["web"], autocommit=True) as session:
        session.execute("SELECT set_config('app.organisation', %s, false)", [str(A)])
        yield session


def test_who_may_call_them_is_on_the_written_list(houses: Houses, definers: list[Definer]) -> None:
    with psycopg.connect(houses.urls["superuser"]) as superuser:
        logins = {login: psycopg.conninfo.conninfo_to_dict(houses.urls[login])["user"] for login in LOGINS}
        may = "SELECT has_function_privilege(%s, p.oid, 'EXECUTE') FROM pg_proc p WHERE proname = %s"
        granted = {
            each.name: {
                login for login, role in logins.items() if superuser.execute(may, [role, each.name]).fetchone()[0]
            }
            for each in definers
        }
        anybody = superuser.execute(
            "SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl"
            " WHERE p.prosecdef AND acl.grantee = 0"
        ).fetchall()
    assert granted == GRANTED
    assert anybody == []


def test_they_look_in_our_own_schema_only(houses: Houses, definers: list[Definer]) -> None:
    """Else a caller could put a table of theirs in the way. Nor can any login put anything into that schema."""
    assert {each.name: each.settings for each in definers if each.settings != ("search_path=public, pg_temp",)} == {}
    for login in LOGINS:
        with psycopg.connect(houses.urls[login]) as session:
            assert session.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone() == (False,)


def test_they_belong_to_the_owner_whom_the_walls_bind(houses: Houses, definers: list[Definer]) -> None:
    with psycopg.connect(houses.urls["owner"]) as owner:
        [(name, is_mighty)] = owner.execute(
            "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchall()
    assert {each.owner for each in definers} == {name}
    assert not is_mighty


def test_they_tell_ids_and_nothing_else(definers: list[Definer]) -> None:
    told = {each.name: set(each.tells) for each in definers if not each.is_trigger}
    assert {name for name, kinds in told.items() if kinds != {"uuid"}} == TELLS_MORE


def test_odd_questions_are_answered_with_nothing(web: psycopg.Connection, definers: list[Definer]) -> None:
    asked = [each for each in definers if each.arguments and "web" in GRANTED[each.name]]
    assert len(asked) >= 5
    for each in asked:
        for values in product(*(ODD[kind] for kind in each.arguments)):
            assert told(web, each, values) == [], f"{each.name}({values!r:.60})"


def test_what_cannot_be_asked_is_refused(web: psycopg.Connection, definers: list[Definer]) -> None:
    for each in definers:
        if each.arguments and "web" in GRANTED[each.name]:
            question = sql.SQL("SELECT * FROM {}(%s::int)").format(sql.Identifier(each.name))
            with pytest.raises(psycopg.errors.UndefinedFunction):
                web.execute(question, [1])


def test_a_right_question_is_answered_with_the_organisation_and_ids_of_that_row(
    houses: Houses, web: psycopg.Connection, definers: list[Definer]
) -> None:
    """Every value of every table of both councils is tried: an answer names the council whose value it is."""
    asked = [each for each in definers if len(each.arguments) == 1 and "web" in GRANTED[each.name]]
    answered = set()
    with psycopg.connect(houses.urls["superuser"]) as superuser:
        for table, column, kind in _columns(superuser, houses):
            rows = _rows_with(superuser, table, column)
            for each in (each for each in asked if each.arguments == (kind,)):
                for row, answer in told_of_each(web, each, rows, column):
                    answered.add(each.name)
                    assert row["organisation_id"] in answer, f"{each.name} about {table}.{column}"
                    assert all(each in row.values() for each in answer), f"{each.name} tells more than {table}'s row"
    assert answered == {each.name for each in asked}


def told(web: psycopg.Connection, definer: Definer, values: tuple[Any, ...]) -> list[set[UUID]]:
    rows = web.execute(definer.call(values), values).fetchall()
    return [set(row) for row in rows if any(each is not None for each in row)]


def told_of_each(
    web: psycopg.Connection, definer: Definer, rows: list[dict[str, Any]], column: str
) -> list[tuple[dict[str, Any], set[UUID]]]:
    answers = web.execute(definer.call_about_each(), [[row[column] for row in rows]]).fetchall()
    return [(rows[place - 1], set(answer)) for place, *answer in answers if any(each is not None for each in answer)]


def _columns(superuser: psycopg.Connection, houses: Houses) -> list[tuple[str, str, str]]:
    return superuser.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relname = ANY(%s) AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped"
        " AND a.atttypid IN ('uuid'::regtype, 'text'::regtype, 'bytea'::regtype)",
        [list(houses.tables)],
    ).fetchall()


def _rows_with(superuser: psycopg.Connection, table: str, column: str) -> list[dict[str, Any]]:
    with superuser.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        rows = sql.SQL("SELECT * FROM {} WHERE {} IS NOT NULL")
        cursor.execute(rows.format(sql.Identifier(table), sql.Identifier(column)))
        return cursor.fetchall()
