"""Tables cut by month: a busy year stays a row of small tables, and old months can be put away whole."""

from collections.abc import Iterable
from typing import Any

from django.db.migrations import CreateModel, RunSQL
from django.db.migrations.state import ProjectState

from guildhall.kernel.walls import DefinerFunction

MONTHS_AHEAD = 3

_COUNCIL = "organisation_id = nullif(current_setting('app.organisation', true), '')::uuid"

_MAKE_MONTHS = """
DECLARE
    made integer := 0;
    first_day timestamptz;
    part text;
BEGIN
    FOR ahead IN 0..{months} LOOP
        first_day := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))
            AT TIME ZONE 'UTC';
        part := '{table}_' || to_char(first_day AT TIME ZONE 'UTC', 'YYYY_MM');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF {table} FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = {filled})',
            part, first_day, ((first_day AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY council ON %I USING ({wall}) WITH CHECK ({wall})', part);
        made := made + 1;
    END LOOP;
    RETURN made;
END
"""

_FILL_LESS = """
DO $$
DECLARE part regclass;
BEGIN
    FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = '{table}'::regclass LOOP
        EXECUTE format('ALTER TABLE %s SET (fillfactor = {filled})', part);
    END LOOP;
END
$$
"""


class CreatePartitionedModel(CreateModel):
    """Create a model's table ``PARTITION BY RANGE`` of one of its columns."""

    by_column = "accepted_at"

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE ({self.by_column})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain


def months_of(table: str) -> Iterable[RunSQL]:
    """Return what gives a partitioned table its months: a default one, the next ones, and ``{table}_make_months()``.

    The default partition takes what no month takes, so that nothing is ever refused for a forgotten month; ``doctor``
    complains while it holds rows. Nobody is granted the partitions themselves: rows are reached through the table.
    """
    return [
        RunSQL(
            [
                f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT',
                f'ALTER TABLE "{table}_default" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
                f'CREATE POLICY council ON "{table}_default" USING ({_COUNCIL}) WITH CHECK ({_COUNCIL})',
            ],
            RunSQL.noop,
        ),
        _months_maker(table, filled=100),
        RunSQL(f"SELECT {table}_make_months()", RunSQL.noop),
    ]


def leave_room_in_pages(table: str, *, filled: int) -> Iterable[RunSQL]:
    """Return what fills only so many per cent of a page with new rows, in the months that are there and all to come.

    A row that is changed soon after it was written finds room beside itself: what no index says of it may change
    without a new entry in each of them.
    """
    return [_months_maker(table, filled=filled), RunSQL(_FILL_LESS.format(table=table, filled=filled), RunSQL.noop)]


def _months_maker(table: str, *, filled: int) -> DefinerFunction:
    return DefinerFunction(
        f"{table}_make_months",
        _MAKE_MONTHS.format(table=table, months=MONTHS_AHEAD, wall=_COUNCIL.replace("'", "''"), filled=filled),
        arguments="",
        returns="integer",
        language="plpgsql",
        volatility="VOLATILE",
        grant_to=("dispatcher",),
    )
