"""What became of messages: the one place through which every change of a status passes.

Whoever changes statuses (delivery, receipts, time-outs, a cancel) tells it here, in the transaction of the change, so
that what is counted and what services are told is true exactly if the change is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.operations.callbacks import queue_ends
from guildhall.notify.operations.facts import count_changes
from guildhall.notify.operations.letters.use import count_letters
from guildhall.notify.operations.unsent import take_back_unsent


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A message that was ``before`` and is ``after`` from ``at`` on. ``reference`` is the sending service's own."""

    message_id: MessageId
    accepted_at: datetime
    organisation_id: OrganisationId
    notify_service_id: NotifyServiceId
    template_id: UUID
    channel: Channel
    key_kind: str
    reference: str | None
    recipient: str
    before: Status
    after: Status
    at: datetime


@part_of_a_transaction
def note_changes(changes: Sequence[StatusChange]) -> None:
    """Pass on that statuses changed. The changes may be of many councils; none of them is acting."""
    queue_ends(changes)
    count_changes(changes)
    count_letters(changes)
    take_back_unsent(changes)
