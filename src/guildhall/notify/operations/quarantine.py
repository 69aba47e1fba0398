"""Messages given up because they are themselves what kept others waiting: noted for operators to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.notify.domain.delivery import Channel, Quarantine
from guildhall.notify.domain.ids import MessageId, NotifyServiceId

KEPT_FOR = timedelta(days=35)

_KEEP = """
INSERT INTO notify_quarantinedmessage (id, organisation_id, message_id, notify_service_id, template_id, channel, reason,
    problem, at)
SELECT * FROM json_to_recordset(%s) AS quarantined (id uuid, organisation_id uuid, message_id uuid,
    notify_service_id uuid, template_id uuid, channel text, reason text, problem text, at timestamptz)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that is given up, and what an operator has to know to find out why."""

    message_id: MessageId
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    channel: Channel
    reason: Quarantine
    problem: str
    at: datetime


@part_of_a_transaction
def note_quarantined(messages: Sequence[Quarantined]) -> None:
    """Keep, with the record of their end, which messages of whatever council were given up, and why."""
    if not messages:
        return
    rows = [{"id": new_id(), **{name: getattr(each, name) for name in Quarantined.__slots__}} for each in messages]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [msgspec.json.encode(rows).decode()])


@transaction
def purge_quarantined(*, now: datetime) -> None:
    """Clear away what was given up more than five weeks ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notify_quarantinedmessage WHERE at < %s", [now - KEPT_FOR])
