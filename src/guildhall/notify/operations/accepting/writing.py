"""Writing prepared messages down, each with what it uses: one statement, whoever runs it."""

from collections.abc import Sequence

import msgspec
from django.conf import settings
from django.db import connection
from psycopg import pq

from guildhall.kernel.group_commit import GroupCommit
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.metering.operations import usage_rows_sql
from guildhall.notify.operations.accepting.preparing import Prepared
from guildhall.notify.operations.own_messages import USE
from guildhall.notify.queries.messages import hide_personalisation
from guildhall.organisations.domain.keys import KeyKind

AT_ONCE = 1000
"""How many rows go in one statement."""

_COLUMNS = {
    "id": "uuid",
    "accepted_at": "timestamptz",
    "organisation_id": "uuid",
    "notify_service_id": "uuid",
    "template_id": "uuid",
    "template_version": "integer",
    "channel": "text",
    "key_id": "uuid",
    "key_kind": "text",
    "recipient": "text",
    "recipient_as_given": "text",
    "language": "text",
    "personalisation": "bytea",
    "reference": "text",
    "sender": "text",
    "unsubscribe_url": "text",
    "fragments": "smallint",
    "rate_multiplier": "smallint",
    "is_abroad": "boolean",
    "postage": "text",
    "sheets": "smallint",
    "sent_by": "text",
    "job_id": "uuid",
    "job_row": "integer",
    "scheduled_for": "timestamptz",
    "status": "text",
    "next_try_at": "timestamptz",
}


def _statement(rows: str) -> str:
    """Return the INSERT of messages and their meters, for a driver that writes its parameter as ``rows``."""
    names = ", ".join(_COLUMNS)
    return f"""
WITH wanted AS (
    SELECT * FROM json_to_recordset({rows}::json)
        AS row ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())}, meter text, quantity integer)
), used AS (
    SELECT organisation_id, '{USE}' AS source, id::text AS event_id, meter, quantity, rate_multiplier,
        notify_service_id AS service_id, accepted_at AS used_at
    FROM wanted WHERE quantity > 0
), counted AS ({usage_rows_sql("used")})
INSERT INTO notify_message ({names}, tries, provider, provider_reference, problem)
SELECT {names}, 0, '', '', '' FROM wanted ON CONFLICT DO NOTHING
"""  # noqa: S608 - names in our own code


_writer = GroupCommit(
    "messages",
    lambda: pq.PGconn.connect(settings.LOGIN_URLS["writer"].encode()),
    _statement("$1").encode(),
)


def write_soon(prepared: Prepared) -> None:
    """Write one message durably, in one commit with what others write at the same moment.

    :raises QueueFull: too much is waiting to be written; for a while ``WriterDown``.
    """
    if not prepared.is_simulated:
        _writer.submit(_row(prepared))


@part_of_a_transaction
def write_prepared(prepared: Sequence[Prepared]) -> None:
    """Write messages of the council that is acting, with the transaction that is open."""
    rows = [_row(each) for each in prepared if not each.is_simulated]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            cursor.execute(_statement("%s"), [(b"[" + b",".join(rows[start : start + AT_ONCE]) + b"]").decode()])


def _row(prepared: Prepared) -> bytes:
    """Return a message as the statement reads it, with what to count: nothing for a test key."""
    wanted, number, job = prepared.wanted, prepared.wanted.number, prepared.job
    row = {
        "id": prepared.id,
        "accepted_at": prepared.accepted_at,
        "organisation_id": prepared.service.organisation_id,
        "notify_service_id": prepared.service.id,
        "template_id": prepared.template.id,
        "template_version": prepared.template.version,
        "channel": wanted.channel,
        "key_id": prepared.key_id,
        "key_kind": prepared.kind,
        "recipient": wanted.recipient,
        "recipient_as_given": wanted.recipient_as_given,
        "language": prepared.language,
        "personalisation": f"\\x{hide_personalisation(prepared.values).hex()}",
        "reference": wanted.reference,
        "sender": prepared.sender,
        "unsubscribe_url": wanted.unsubscribe_url,
        "fragments": 0 if number is None else prepared.quantity,
        "rate_multiplier": 1 if number is None else number.rate_multiplier,
        "is_abroad": number is not None and number.is_abroad,
        "postage": prepared.postage,
        "sheets": prepared.sheets,
        "sent_by": prepared.sent_by,
        "job_id": job and job.job_id,
        "job_row": job and job.row,
        "scheduled_for": prepared.scheduled_for,
        "status": prepared.status,
        "next_try_at": prepared.next_try_at,
        "meter": prepared.meter,
        "quantity": 0 if prepared.kind is KeyKind.TEST else prepared.quantity,
    }
    return msgspec.json.encode(row)
