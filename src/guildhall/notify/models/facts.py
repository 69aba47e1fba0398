"""How many messages became what: few rows that say it, however many messages there were."""

from typing import ClassVar

from django.db import models
from django.db.models import Index, Q

from guildhall.kernel.rows import TenantRow


class StatusCount(TenantRow):
    """That so many messages, accepted on one day from one template, came to a status (or, below zero, left it).

    Several rows may speak of the same messages: what is true is their sum. The worker adds such rows up into one and
    removes them, so that the sum never changes by it. Rows outlive the messages that they count.
    """

    notify_service_id = models.UUIDField()
    template_id = models.UUIDField()
    channel = models.TextField()
    key_kind = models.TextField()
    accepted_on = models.DateField(help_text="the day in London")
    status = models.TextField()
    messages = models.IntegerField()
    is_added_up = models.BooleanField(db_default=False)

    class Meta:
        indexes: ClassVar = [
            Index(name="notify_counts_of_service", fields=["notify_service_id", "accepted_on"]),
            Index(name="notify_to_be_added_up", fields=["notify_service_id"], condition=Q(is_added_up=False)),
        ]
