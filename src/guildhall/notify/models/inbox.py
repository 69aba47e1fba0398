"""What the sandbox's recipients got."""

from typing import ClassVar

from django.db import models
from django.db.models import Index


class InboxEntry(models.Model):
    """What a pretended recipient of the sandbox got. Keyed by the message, so that a repeat changes nothing."""

    message_id = models.UUIDField(primary_key=True)
    channel = models.TextField()
    to = models.TextField()
    subject = models.TextField(default="", blank=True)
    body = models.TextField()
    delivered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [Index(name="notify_newest_delivered", fields=["-delivered_at"])]
