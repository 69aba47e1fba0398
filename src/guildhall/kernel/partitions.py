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
            'CREATE TABLE %I PARTITION OF {table} FOR VALUES FROM (%L) TO (%L)',
            part, first_day, ((first_day AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY council ON %I USING ({wall}) WITH CHECK ({wall})', part);
        made := made + 1;
    END LOOP;
    RETURN made;
END
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
    wall = _COUNCIL.replace("'", "''")
    return [
        RunSQL(
            [
                f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT',
                f'ALTER TABLE "{table}_default" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
                f'CREATE POLICY council ON "{table}_default" USING ({_COUNCIL}) WITH CHECK ({_COUNCIL})',
            ],
            RunSQL.noop,
        ),
        DefinerFunction(
            f"{table}_make_months",
            _MAKE_MONTHS.format(table=table, months=MONTHS_AHEAD, wall=wall),
            arguments="",
            returns="integer",
            language="plpgsql",
            volatility="VOLATILE",
            grant_to=("dispatcher",),
        ),
        RunSQL(f"SELECT {table}_make_months()", RunSQL.noop),
    ]
