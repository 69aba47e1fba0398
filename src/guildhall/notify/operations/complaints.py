"""Readers who called an email unwanted: the service is told, and writes no more that they could unsubscribe from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from guildhall.kernel.ids import OrganisationId, new_id
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.notify.domain.callbacks import Kind, complaint
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations.callbacks import News, queue_news

_UNSUBSCRIBE = """
INSERT INTO notify_unsubscribed (id, organisation_id, notify_service_id, email, template_id, at)
SELECT id, organisation_id, notify_service_id, email, template_id, at FROM json_to_recordset(%s)
    AS complained (id uuid, organisation_id uuid, notify_service_id uuid, email text, template_id uuid, at timestamptz)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reader's complaint about one email. ``reference`` is the sending service's own."""

    id: UUID
    message_id: MessageId
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    reference: str | None
    recipient: str
    at: datetime


@part_of_a_transaction
def note_complaints(complaints: Sequence[Complaint]) -> None:
    """Take readers who complained off the lists of their services, and tell the services' programs of each complaint.

    The complaints may be of many councils; none of them is acting.
    """
    if not complaints:
        return
    with connection.cursor() as cursor:
        cursor.execute(_UNSUBSCRIBE, [msgspec.json.encode([_row(each) for each in complaints]).decode()])
    queue_news([_news(each) for each in complaints])


def _row(told: Complaint) -> dict[str, object]:
    return {
        "id": new_id(),
        "organisation_id": told.organisation_id,
        "notify_service_id": told.notify_service_id,
        "email": told.recipient,
        "template_id": told.template_id,
        "at": told.at,
    }


def _news(told: Complaint) -> News:
    body = complaint(told.id, message_id=told.message_id, reference=told.reference, to=told.recipient, at=told.at)
    return News(told.organisation_id, told.notify_service_id, Kind.COMPLAINT, told.message_id, body)
