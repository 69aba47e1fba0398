"""Taking turns: a claim of work takes an equal share of each council's, however much one council has waiting.

    queue = Queue("callback", place="next_try_at IS NOT NULL", is_due=…, order_by="next_try_at")
    rows = queue.claim(
        f"WITH RECURSIVE {queue.taken} UPDATE callback SET … FROM taken WHERE callback.id = taken.id RETURNING …",
        {"at_most": 40, …})

What a claim reads depends on how many councils wait and how much is claimed, never on how much waits. Where nothing
waits at all it costs one look: planning a claim takes ten times as long, and idle workers look twice a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import part_of_a_transaction

# One plan is right whatever waits: row by row, by the index, in its order. Statistics of tables that fill and empty in
# minutes are always old, and whoever plans by them reads and sorts all that waits to find the first few hundred.
_BY_THE_INDEX = "; ".join(
    f"SET LOCAL enable_{way} = off" for way in ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin")
)


@dataclass(frozen=True)
class Queue:
    """Work that waits in a table.

    ``place`` is the condition of a partial index on all work that waits, over ``organisation_id`` and ``order_by``: by
    it each council that waits is found with one look. ``is_due`` is a condition on the table, which it calls ``work``.
    """

    table: str
    place: str
    is_due: str
    order_by: str
    columns: str = "id"

    @property
    def taken(self) -> str:
        """Common table expressions that lock rows to be claimed, and name them ``taken``.

        Rows that another claim has locked are passed over. The parameters take ``at_most``; a few more may be taken,
        so that every council has at least one turn.
        """
        # A council's first row tells most times that it has something due. No EXISTS: it may be planned as a join,
        # which reads all that is due.
        return f"""
waiting AS (
    (SELECT organisation_id, {self.is_due} AS is_due FROM {self.table} AS work
        WHERE {self.place} ORDER BY organisation_id, {self.order_by} LIMIT 1)
    UNION ALL
    SELECT following.* FROM waiting CROSS JOIN LATERAL (
        SELECT organisation_id, {self.is_due} AS is_due FROM {self.table} AS work
        WHERE {self.place} AND work.organisation_id > waiting.organisation_id
        ORDER BY organisation_id, {self.order_by} LIMIT 1
    ) AS following
), due AS MATERIALIZED (
    SELECT organisation_id FROM waiting WHERE is_due OR (
        SELECT true FROM {self.table} AS work
        WHERE {self.place} AND work.organisation_id = waiting.organisation_id AND {self.is_due}
        ORDER BY {self.order_by} LIMIT 1
    )
), taken AS (
    SELECT mine.* FROM due CROSS JOIN LATERAL (
        SELECT {self.columns} FROM {self.table} AS work
        WHERE {self.place} AND work.organisation_id = due.organisation_id AND {self.is_due} ORDER BY {self.order_by}
        LIMIT (SELECT ceil(%(at_most)s::numeric / count(*)) FROM due) FOR UPDATE SKIP LOCKED
    ) AS mine
)"""  # noqa: S608 - names and conditions of our own code

    @part_of_a_transaction
    def claim(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a statement that has what is ``taken``, if anything waits, and return its rows.

        It is planned each time. A plan that is kept is one day the plan of an empty table, which any order of joins
        suits.
        """
        with connection.cursor() as cursor:
            cursor.execute(_BY_THE_INDEX)
            cursor.execute(f"SELECT EXISTS (SELECT FROM {self.table} AS work WHERE {self.place})", parameters)  # noqa: S608
            if not cursor.fetchone()[0]:
                return []
            cursor.execute(statement, parameters)
            return cursor.fetchall()


def next_in_turn(waiting: Sequence[OrganisationId], *, last: OrganisationId | None) -> OrganisationId | None:
    """Return which of the councils that wait has the next turn, after ``last`` had one; None when none waits."""
    ordered = sorted(waiting)
    return next((each for each in ordered if last is not None and each > last), next(iter(ordered), None))
