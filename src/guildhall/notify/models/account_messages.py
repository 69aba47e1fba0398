"""Messages that residents read in their account."""

from typing import ClassVar

from django.db import models
from django.db.models import Index

from guildhall.kernel.rows import TenantRow


class AccountMessage(TenantRow):
    """A message as a resident's account shows it. Its id is the message's, so that carrying it twice changes nothing.

    It stays when the message itself has been cleared away: an account is where people look things up.
    """

    notify_service_id = models.UUIDField()
    resident_id = models.UUIDField()
    sender_name = models.TextField()
    subject = models.TextField()
    body = models.TextField()
    language = models.TextField(help_text="en, cy, or both one after the other")
    arrived_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [Index(name="notify_newest_in_an_account", fields=["resident_id", "-arrived_at"])]
