"""Taking back a message that was asked to go later."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from guildhall.kernel.refusals import Conflict
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations.outcomes import StatusChange, note_changes
from guildhall.notify.queries import MessageNotFound

FURTHEST_SCHEDULE = timedelta(hours=72)
"""How far ahead a message may be asked to go."""

_CANCEL = """
UPDATE notify_message SET status = 'cancelled', next_try_at = NULL, completed_at = %(now)s
WHERE id = %(id)s AND organisation_id = %(organisation)s AND notify_service_id = %(service)s
    AND accepted_at > %(oldest)s AND status = 'created' AND tries = 0 AND scheduled_for > %(now)s
RETURNING accepted_at, template_id, channel, key_kind, reference, recipient
"""


class TooLateToCancel(Conflict):
    """The message was not scheduled, or its time has come."""


@transaction
def cancel_scheduled(message_id: MessageId, *, of: NotifyServiceId, now: datetime) -> None:
    """Take back a scheduled message of one of the current council's services before its time comes, and what it uses.

    :raises MessageNotFound: the service has no such message.
    :raises TooLateToCancel: it was not scheduled, has been sent, or has been cancelled.
    """
    values: dict[str, Any] = {"id": message_id, "service": of, "organisation": current_organisation(), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, values | {"oldest": now - FURTHEST_SCHEDULE})
        cancelled = cursor.fetchone()
    if cancelled is None:
        raise _why_not(message_id, of)
    accepted_at, template_id, channel, key_kind, reference, recipient = cancelled
    change = StatusChange(
        message_id=message_id,
        accepted_at=accepted_at,
        organisation_id=current_organisation(),
        notify_service_id=of,
        template_id=template_id,
        channel=Channel(channel),
        key_kind=key_kind,
        reference=reference,
        recipient=recipient,
        before=Status.CREATED,
        after=Status.CANCELLED,
        at=now,
    )
    note_changes([change])


def _why_not(message_id: MessageId, of: NotifyServiceId) -> Exception:
    rows = models.Message.objects.filter(organisation_id=current_organisation(), id=message_id, notify_service_id=of)
    if rows.exists():
        return TooLateToCancel("only a scheduled message whose time has not come can be cancelled")
    return MessageNotFound("there is no such message")
