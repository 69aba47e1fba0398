"""Giving up waiting for news of messages that a provider took and never told about again."""

from datetime import datetime

from django.db import connection

from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import WAITED_FOR, Channel, Status
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.outcomes import StatusChange, note_changes

AT_ONCE = 2000

_GIVE_UP = """
WITH silent AS (
    SELECT id, accepted_at, status FROM notify_message
    WHERE next_try_at IS NULL AND completed_at IS NULL AND accepted_at < %(before)s
        AND coalesce(sent_at, accepted_at) < %(before)s AND channel IN ('email', 'sms')
        AND status IN ('sending', 'pending')
    ORDER BY accepted_at LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
)
UPDATE notify_message AS message SET status = 'temporary-failure', completed_at = %(now)s
FROM silent WHERE message.id = silent.id AND message.accepted_at = silent.accepted_at
RETURNING message.id, message.accepted_at, message.organisation_id, message.notify_service_id, message.template_id,
    message.channel, message.key_kind, message.reference, message.recipient, silent.status
"""


@transaction
def give_up_waiting(*, now: datetime) -> int:
    """Say of emails and texts that nothing was heard of for 72 hours that they failed; return how many these were.

    They may have arrived all the same (contract: notify 1.8). Call it until it returns none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_UP, {"before": now - WAITED_FOR, "now": now, "at_most": AT_ONCE})
        rows = cursor.fetchall()
    note_changes(
        [
            StatusChange(
                message_id=MessageId(row[0]),
                accepted_at=row[1],
                organisation_id=row[2],
                notify_service_id=row[3],
                template_id=row[4],
                channel=Channel(row[5]),
                key_kind=row[6],
                reference=row[7],
                recipient=row[8],
                before=Status(row[9]),
                after=Status.TEMPORARY_FAILURE,
                at=now,
            )
            for row in rows
        ]
    )
    return len(rows)
