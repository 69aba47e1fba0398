"""Count what is used, exactly once, in the transaction of the act that uses it."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from guildhall.kernel.refusals import Conflict
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.metering.domain.meters import Meter
from guildhall.metering.models import UsageEvent
from guildhall.metering.operations.days import add_late_use

_FACTS = ("meter", "quantity", "rate_multiplier", "service_id", "used_at")
_COLUMNS = ("source", "event_id", *_FACTS)
_TABLE = UsageEvent._meta.db_table


class CountedDifferently(Conflict):
    """The same act was counted before with another meter, quantity, service or moment."""


@part_of_a_transaction
def record_use(  # noqa: PLR0913 - the facts of one act
    *,
    source: str,
    event_id: str,
    meter: Meter,
    quantity: int,
    service_id: UUID | None,
    at: datetime,
    rate_multiplier: int = 1,
) -> None:
    """Count ``quantity`` units of ``meter`` for the council that is acting, if this act has not been counted yet.

    ``source`` and ``event_id`` name the act (``"pay.payment"`` and the payment's id); telling of it again changes
    nothing, however much later.

    :param quantity: fragments, messages or payments; at least one.
    :param rate_multiplier: how many times a fragment to that country counts, 1 to 12.
    :raises CountedDifferently: the act was counted before, with other facts.
    """
    facts = (str(meter), quantity, rate_multiplier, service_id, at)
    with connection.cursor() as cursor:
        cursor.execute(_insert(f"VALUES ({', '.join(['%s'] * len(_COLUMNS))})", _COLUMNS), [source, event_id, *facts])
        is_new = cursor.rowcount == 1
    if is_new:
        add_late_use(facts)
    elif _counted_facts(source, event_id) != facts:
        raise CountedDifferently(f"{source} {event_id} has been counted before, with other facts")


def usage_rows_sql(batch: str) -> str:
    """Return the INSERT that counts every row of ``batch``, for a statement that accepts many acts at once.

    ``batch`` names a common table expression with the columns organisation_id, source, event_id, meter, quantity,
    rate_multiplier, service_id, used_at, which must be of now: days that are over are added up. An act that is counted
    already is left as it is, and nothing is returned, so that the INSERT-only login may run it and a batch may be sent
    twice::

        WITH counted AS (SELECT … FROM json_to_recordset($1::json) …), usage AS ({usage_rows_sql("counted")}) …
    """
    columns = ("organisation_id", *_COLUMNS)
    return _insert(f"SELECT {', '.join(columns)} FROM {batch}", columns)  # noqa: S608 - both are names in our code


def corrections_sql(batch: str) -> str:
    """Return the INSERT that takes back acts that did not happen after all, each once, like ``usage_rows_sql``.

    ``batch`` has one more column, ``corrects``: the ``event_id`` of the act of the same source that is taken back. Its
    quantity is less than nothing, and its moment is that of taking back: what was counted before stays as it was.
    """
    columns = ("organisation_id", *_COLUMNS, "corrects")
    return _insert(f"SELECT {', '.join(columns)} FROM {batch}", columns)  # noqa: S608 - both are names in our code


def _insert(rows: str, columns: tuple[str, ...]) -> str:
    return f'INSERT INTO "{_TABLE}" ({", ".join(columns)}) {rows} ON CONFLICT DO NOTHING'


def _counted_facts(source: str, event_id: str) -> tuple[object, ...] | None:
    return UsageEvent.objects.filter(source=source, event_id=event_id).values_list(*_FACTS).first()
