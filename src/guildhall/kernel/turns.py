"""Taking turns: whoever claims work of many councils takes an equal share of each one's, however much one has waiting.

    f"WITH RECURSIVE {in_turns('callback', place='next_try_at IS NOT NULL', is_due=…, order_by='next_try_at')}
      UPDATE callback SET … FROM taken WHERE callback.id = taken.id RETURNING …"

The parameters take ``at_most``. A few more may be taken, so that every council has at least one turn.
"""

from collections.abc import Sequence

from guildhall.kernel.ids import OrganisationId


def in_turns(table: str, *, place: str, is_due: str, order_by: str, columns: str = "id") -> str:
    """Return common table expressions that lock rows of ``table`` to be claimed, and name them ``taken``.

    ``place`` is what an index says of all work that waits; the index goes on with ``organisation_id`` and ``order_by``,
    so that whose turn it is is found by one look for each council, from one to the next. ``is_due`` may be asked of
    ``work``, which is the table. What another claim is locking is passed over.
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


def after_the_last(waiting: Sequence[OrganisationId], last: OrganisationId | None) -> OrganisationId | None:
    """Return whose turn it is among those who wait, when ``last`` had the one before; None when nobody waits."""
    ordered = sorted(waiting)
    return next((each for each in ordered if last is not None and each > last), next(iter(ordered), None))
