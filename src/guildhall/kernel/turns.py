"""Taking turns: a claim of work takes an equal share of each council's, however much one council has waiting.

    rows = claim_in_turns(
        f"WITH RECURSIVE {in_turns('callback', place='next_try_at IS NOT NULL', is_due=…, order_by='next_try_at')}"
        " UPDATE callback SET … FROM taken WHERE callback.id = taken.id RETURNING …", {"at_most": 40, …})

What a claim reads depends on how many councils wait and how much is claimed, never on how much waits.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import part_of_a_transaction

# One plan is right whatever waits: row by row, by the index, in its order. Statistics of tables that fill and empty in
# minutes are always old, and whoever plans by them reads and sorts all that waits to find the first few hundred.
_BY_THE_INDEX = "; ".join(
    f"SET LOCAL enable_{way} = off" for way in ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin")
)


def in_turns(table: str, *, place: str, is_due: str, order_by: str, columns: str = "id") -> str:
    """Return common table expressions that lock rows of ``table`` to be claimed, and name them ``taken``.

    ``place`` is the condition of a partial index on all work that waits, over ``organisation_id`` and ``order_by``: by
    it each council that waits is found with one look. ``is_due`` is a condition on the table, which it calls ``work``.
    Rows that another claim has locked are passed over. The parameters take ``at_most``; a few more may be taken, so
    that every council has at least one turn.
    """
    # A council's first row tells most times that it has something due. No EXISTS: it may be planned as a join, which
    # reads all that is due.
    return f"""
waiting AS (
    (SELECT organisation_id, {is_due} AS is_due FROM {table} AS work
        WHERE {place} ORDER BY organisation_id, {order_by} LIMIT 1)
    UNION ALL
    SELECT following.* FROM waiting CROSS JOIN LATERAL (
        SELECT organisation_id, {is_due} AS is_due FROM {table} AS work
        WHERE {place} AND work.organisation_id > waiting.organisation_id ORDER BY organisation_id, {order_by} LIMIT 1
    ) AS following
), due AS MATERIALIZED (
    SELECT organisation_id FROM waiting WHERE is_due OR (
        SELECT true FROM {table} AS work
        WHERE {place} AND work.organisation_id = waiting.organisation_id AND {is_due} ORDER BY {order_by} LIMIT 1
    )
), taken AS (
    SELECT mine.* FROM due CROSS JOIN LATERAL (
        SELECT {columns} FROM {table} AS work
        WHERE {place} AND work.organisation_id = due.organisation_id AND {is_due} ORDER BY {order_by}
        LIMIT (SELECT ceil(%(at_most)s::numeric / count(*)) FROM due) FOR UPDATE SKIP LOCKED
    ) AS mine
)"""  # noqa: S608 - names and conditions of our own code


@part_of_a_transaction
def claim_in_turns(claim: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement that takes rows ``in_turns``, and return its rows.

    It is planned each time. A plan that is kept is one day the plan of an empty table, which any order of joins suits.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_THE_INDEX)
        cursor.execute(claim, parameters)
        return cursor.fetchall()


def next_in_turn(waiting: Sequence[OrganisationId], *, last: OrganisationId | None) -> OrganisationId | None:
    """Return which of the councils that wait has the next turn, after ``last`` had one; None when none waits."""
    ordered = sorted(waiting)
    return next((each for each in ordered if last is not None and each > last), next(iter(ordered), None))
