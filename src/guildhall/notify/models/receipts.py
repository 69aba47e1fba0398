"""What providers said became of messages."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.receipts import Use


class Receipt(TenantRow):
    """A receipt as it came, kept before it is applied. The council is the one whose provider account it came to."""

    provider = models.TextField()
    reference = models.TextField(help_text="the message's id, or the provider's own name for it")
    status = models.TextField(help_text="what the provider says, in our words")
    detail = models.TextField(default="", blank=True)
    is_explained = models.BooleanField(default=True)
    is_complaint = models.BooleanField(default=False, db_default=False, help_text="the reader called it unwanted")
    at = models.DateTimeField(help_text="when it happened, as the provider says")
    received_at = models.DateTimeField()
    next_look_at = models.DateTimeField(null=True, help_text="when the worker should look at it; null when it has been")
    looks = models.SmallIntegerField(default=0)
    use = models.TextField(default="", blank=True, help_text="what became of it; empty while it waits")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="notify_a_receipt_is_kept_once",
                fields=["organisation_id", "provider", "reference", "status", "detail", "at"],
            ),
            CheckConstraint(name="notify_receipt_status", condition=Q(status__in=[str(each) for each in Status])),
            CheckConstraint(
                name="notify_receipt_waits_or_was_used",
                condition=Q(next_look_at__isnull=False, use="")
                | Q(next_look_at=None, use__in=[str(each) for each in Use]),
            ),
        ]
        indexes: ClassVar = [
            Index(name="notify_receipts_that_wait", fields=["next_look_at"], condition=Q(next_look_at__isnull=False)),
            Index(name="notify_receipts_by_age", fields=["received_at"]),
        ]
