"""Long lists of what a service has sent, a page at a time, however many messages there are.

One index lies under every list: service, kind of key, channel, status, then the newest first. A list that wants several
kinds, channels or statuses looks up the newest of each and merges them, so that none has to pass over what it does not
want. Pages go on from a message, never from a number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import msgspec
from django.db import connection

from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.queries.messages import MessageView, find_place, view_of

ALL_KINDS = ("live", "team", "test", "own")
DASHBOARD_KINDS = ("live", "team", "own")


@dataclass(frozen=True, slots=True)
class Sought:
    """Which of a service's messages somebody wants to see: all of these kinds, channels and statuses.

    ``with_lists`` wants those that came from an uploaded list too. ``recipient`` is as it is compared: lower case, or
    digits with their country.
    """

    of: NotifyServiceId
    kinds: Sequence[str] = DASHBOARD_KINDS
    channels: Sequence[Channel] = tuple(Channel)
    statuses: Sequence[Status] = tuple(Status)
    reference: str | None = None
    recipient: str | None = None
    with_lists: bool = True


@reading
def list_sent(sought: Sought, *, size: int, older_than: MessageId | None = None) -> Sequence[MessageView]:
    """Return the newest of the messages that are sought, or those that come after one of them in that order.

    After a message that the service has not sent comes nothing.
    """
    place: tuple[Any, ...] = ()
    if older_than is not None:
        found = find_place(older_than, of=sought.of)
        if found is None:
            return []
        place = (found.accepted_at, found.id)
    with connection.cursor() as cursor:
        cursor.execute(_IN_ORDER)
        cursor.execute(_statement(sought, is_further_on=bool(place)), _parameters(sought, place, size))
        rows = cursor.fetchall()
    return [view_of(models.Message.from_db(connection.alias, _FIELDS, row)) for row in rows]


_FIELDS = [column.attname for column in models.Message._meta.concrete_fields]
_COLUMNS = ", ".join(f"message.{name}" for name in _FIELDS)

# The database takes the wall's condition and ours for two that few rows meet, and would fetch all of a service's
# messages to sort them; the index has them in order.
_IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"

_ALIKE = """
SELECT {columns} FROM json_to_recordset(%(alike)s) AS alike (key_kind text, channel text, status text)
CROSS JOIN LATERAL (
    SELECT * FROM notify_message WHERE organisation_id = %(organisation)s AND notify_service_id = %(service)s
        AND key_kind = alike.key_kind AND channel = alike.channel AND status = alike.status
        AND job_id IS {job} {further_on}
    ORDER BY accepted_at DESC, id DESC LIMIT %(size)s
) AS message
"""
_NAMED = """
SELECT {columns} FROM notify_message AS message
WHERE organisation_id = %(organisation)s AND notify_service_id = %(service)s AND {named}
    AND key_kind = ANY(%(kinds)s) AND channel = ANY(%(channels)s) AND status = ANY(%(statuses)s)
    AND (%(with_lists)s OR job_id IS NULL) {further_on}
"""
_IS_NAMED = "md5({0}) = md5(%({0})s::text) AND {0} = %({0})s"
_FURTHER_ON = "AND (accepted_at, id) < (%(accepted_at)s, %(id)s)"


def _statement(sought: Sought, *, is_further_on: bool) -> str:
    further_on = _FURTHER_ON if is_further_on else ""
    if named := [_IS_NAMED.format(name) for name in ("recipient", "reference") if getattr(sought, name) is not None]:
        parts = [_NAMED.format(columns=_COLUMNS, named=" AND ".join(named), further_on=further_on)]
    else:
        jobs = ["NULL", "NOT NULL"] if sought.with_lists else ["NULL"]
        parts = [_ALIKE.format(columns=_COLUMNS, job=job, further_on=further_on) for job in jobs]
    return " UNION ALL ".join(parts) + " ORDER BY accepted_at DESC, id DESC LIMIT %(size)s"


def _parameters(sought: Sought, place: tuple[Any, ...], size: int) -> dict[str, Any]:
    kinds, channels, statuses = list(sought.kinds), _words(sought.channels), _words(sought.statuses)
    alike = [
        {"key_kind": kind, "channel": channel, "status": status}
        for kind, channel, status in product(kinds, channels, statuses)
    ]
    accepted_at, message_id = place or (None, None)
    return {
        "organisation": current_organisation(),
        "service": sought.of,
        "alike": msgspec.json.encode(alike).decode(),
        "kinds": kinds,
        "channels": channels,
        "statuses": statuses,
        "recipient": sought.recipient,
        "reference": sought.reference,
        "with_lists": sought.with_lists,
        "accepted_at": accepted_at,
        "id": message_id,
        "size": size,
    }


def _words(values: Sequence[str]) -> list[str]:
    return [str(value) for value in values]
