"""Requests that named themselves, and what they were answered."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow


class RepeatKey(TenantRow):
    """The name that a program gave a request, and the answer: the same request again gets it again, for a day."""

    notify_service_id = models.UUIDField()
    key = models.TextField()
    digest = models.BinaryField(help_text="of all that was asked for")
    answer = models.BinaryField(help_text="encrypted: it says what the message said")
    answered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_name_is_one_request", fields=["notify_service_id", "key"]),
            CheckConstraint(name="notify_a_request_has_a_name", condition=~Q(key="")),
        ]
        indexes: ClassVar = [Index(name="notify_oldest_answers", fields=["answered_at"])]
