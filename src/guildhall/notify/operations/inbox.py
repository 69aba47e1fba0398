"""Putting messages into the sandbox's inbox."""

from collections.abc import Sequence

from guildhall.kernel.transactions import transaction
from guildhall.notify import models
from guildhall.notify.queries.inbox import Delivered


@transaction
def put_into_inbox(delivered: Sequence[Delivered]) -> None:
    """Show messages in the sandbox's inbox. A message that is there already stays as it is."""
    models.InboxEntry.objects.bulk_create(
        [
            models.InboxEntry(
                message_id=each.id,
                channel=str(each.channel),
                to=each.to,
                subject=each.subject,
                body=each.body,
                delivered_at=each.delivered_at,
            )
            for each in delivered
        ],
        ignore_conflicts=True,
    )
