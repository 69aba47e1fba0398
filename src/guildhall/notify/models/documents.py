"""Files that were sent by email, kept for whoever has the link."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q

from guildhall.kernel.rows import TenantRow


class Document(TenantRow):
    """A file, locked with a key that stands in the link alone. When its time is over, the row goes."""

    notify_service_id = models.UUIDField()
    locked = models.BinaryField(help_text="the content, encrypted with the link's key")
    name = models.TextField(blank=True, help_text="empty: the program gave none")
    kind = models.TextField(help_text="the ending of its name")
    size = models.IntegerField(help_text="bytes, unlocked")
    email_digest = models.BinaryField(null=True, help_text="whose email address opens it; null: nobody is asked")
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="notify_document_ends", condition=Q(expires_at__gt=models.F("kept_at")))
        ]
        indexes: ClassVar = [Index(name="notify_documents_by_end", fields=["expires_at"])]
