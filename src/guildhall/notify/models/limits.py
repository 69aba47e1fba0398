"""How much may be sent: counted across processes, handed out in blocks."""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from guildhall.kernel.rows import TenantRow


class DayCount(TenantRow):
    """How many messages of a kind a service may take from a day's limit, handed out to processes in blocks."""

    notify_service_id = models.UUIDField()
    counted = models.TextField(help_text="email, sms or international_sms")
    day = models.DateField()
    taken = models.IntegerField()
    granted = models.IntegerField(help_text="how many the last process that asked was given")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_one_count_a_day", fields=["notify_service_id", "counted", "day"]),
        ]


class RequestBucket(TenantRow):
    """Requests that a service may make now with one kind of key; fills up as time goes by."""

    notify_service_id = models.UUIDField()
    key_kind = models.TextField()
    tokens = models.FloatField()
    filled_at = models.DateTimeField()
    granted = models.IntegerField(help_text="how many the last process that asked was given")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_one_bucket_for_a_kind", fields=["notify_service_id", "key_kind"]),
        ]
