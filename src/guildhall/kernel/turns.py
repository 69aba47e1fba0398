"""Taking turns: a claim of work takes an equal share of each council's, however much one council has waiting.

    f"WITH RECURSIVE {in_turns('callback', place='next_try_at IS NOT NULL', is_due=…, order_by='next_try_at')}
      UPDATE callback SET … FROM taken WHERE callback.id = taken.id RETURNING …"

The parameters take ``at_most``. A few more may be taken, so that every council has at least one turn.
"""

from collections.abc import Sequence

from guildhall.kernel.ids import OrganisationId


def in_turns(table: str, *, place: str, is_due: str, order_by: str, columns: str = "id") -> str:
    """Return common table expressions that lock rows of ``table`` to be claimed, and name them ``taken``.

    ``place`` is the condition of a partial index on all work that waits, over ``organisation_id`` and ``order_by``: by
    it each council that waits is found with one look. ``is_due`` is a condition on the table, which it calls ``work``.
    Rows that another claim has locked are passed over.
    """
    return f"""
waiting AS (
    (SELECT organisation_id FROM {table} AS work WHERE {place} ORDER BY organisation_id LIMIT 1)
    UNION ALL
    SELECT (SELECT organisation_id FROM {table} AS work WHERE {place} AND organisation_id > waiting.organisation_id
        ORDER BY organisation_id LIMIT 1)
    FROM waiting WHERE waiting.organisation_id IS NOT NULL
), due AS MATERIALIZED (
    SELECT organisation_id FROM waiting WHERE EXISTS (
        SELECT FROM {table} AS work
        WHERE {place} AND work.organisation_id = waiting.organisation_id AND {is_due}
    )
), taken AS (
    SELECT mine.* FROM due CROSS JOIN LATERAL (
        SELECT {columns} FROM {table} AS work
        WHERE {place} AND work.organisation_id = due.organisation_id AND {is_due} ORDER BY {order_by}
        LIMIT (SELECT ceil(%(at_most)s::numeric / count(*)) FROM due) FOR UPDATE SKIP LOCKED
    ) AS mine
)"""  # noqa: S608 - names and conditions of our own code


def next_in_turn(waiting: Sequence[OrganisationId], *, last: OrganisationId | None) -> OrganisationId | None:
    """Return which of the councils that wait has the next turn, after ``last`` had one; None when none waits."""
    ordered = sorted(waiting)
    return next((each for each in ordered if last is not None and each > last), next(iter(ordered), None))
