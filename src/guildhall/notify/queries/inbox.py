"""What the sandbox's pretended recipients got."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from guildhall.kernel.secrets import derive
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.ids import MessageId

NEWEST = 200


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as its recipient got it."""

    id: MessageId
    channel: Channel
    to: str
    subject: str
    body: str
    delivered_at: datetime

    status = Status.DELIVERED


def inbox_token() -> str:
    """Return what the inbox's address ends in for those who hold the sandbox's credentials: always the same."""
    return base64.urlsafe_b64encode(derive("guildhall.sandbox.inbox")[:24]).decode()


def inbox_address() -> str:
    """Return the address at which a program reads the inbox. Where others reach the sandbox it is a secret."""
    if settings.SANDBOX_IS_PUBLIC:
        return settings.BASE_URL + reverse("notify:inbox-by-link", args=[inbox_token()])
    return settings.BASE_URL + reverse("notify:inbox")


@reading
def list_inbox(*, to: str = "", size: int = NEWEST) -> Sequence[Delivered]:
    """Return what was delivered, the newest first: to everybody, or to one address or number."""
    rows = models.InboxEntry.objects.order_by("-delivered_at", "-message_id")
    return [
        Delivered(MessageId(row.message_id), Channel(row.channel), row.to, row.subject, row.body, row.delivered_at)
        for row in (rows.filter(to=to) if to else rows)[:size]
    ]
