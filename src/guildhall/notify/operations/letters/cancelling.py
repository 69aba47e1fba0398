"""Taking a letter back before it is picked up (contract: notify 1.15)."""

from datetime import datetime

from django.db import connection

from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations.outcomes import StatusChange, note_changes
from guildhall.notify.queries.templates import get_template
from guildhall.organisations.operations import Subject, record_audit

# A letter of exactly half past five is printed a day later and yet cannot be taken back
# (alphagov/notifications-utils:notifications_utils/letter_timings.py, letter_can_be_cancelled).
_CANCEL = """
WITH letter AS (
    SELECT id, accepted_at, status FROM notify_message
    WHERE id = %(message)s AND notify_service_id = %(service)s AND organisation_id = %(council)s
        AND channel = 'letter' AND status IN ('created', 'pending-virus-check')
        AND (next_try_at IS NULL OR next_try_at > %(now)s)
        AND (accepted_at AT TIME ZONE 'Europe/London')::time <> '17:30'
    FOR UPDATE
)
UPDATE notify_message AS message SET status = 'cancelled', next_try_at = NULL, completed_at = %(now)s
FROM letter WHERE message.id = letter.id AND message.accepted_at = letter.accepted_at
RETURNING message.accepted_at, template_id, key_kind, reference, recipient, letter.status
"""


class LetterGone(Conflict):
    """The letter has been picked up, has ended, or is no letter of the service's."""


@transaction
def cancel_letter(message_id: MessageId, *, of: NotifyServiceId, actor: PersonId, now: datetime) -> None:
    """Take a letter back. Nothing is printed and nothing is charged.

    :raises LetterGone: it is too late.
    """
    council = current_organisation()
    with connection.cursor() as cursor:
        cursor.execute(_CANCEL, {"message": message_id, "service": of, "council": council, "now": now})
        row = cursor.fetchone()
    if row is None:
        raise LetterGone("the letter cannot be taken back any more")
    accepted_at, template_id, key_kind, reference, recipient, before = row
    template = get_template(template_id)
    record_audit("message.cancelled", Subject("message", message_id, template.name, of), actor=actor, now=now)
    note_changes(
        [
            StatusChange(
                message_id=message_id,
                accepted_at=accepted_at,
                organisation_id=council,
                notify_service_id=of,
                template_id=template_id,
                channel=Channel.LETTER,
                key_kind=key_kind,
                reference=reference,
                recipient=recipient,
                before=Status(before),
                after=Status.CANCELLED,
                at=now,
            )
        ]
    )
