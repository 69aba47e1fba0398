"""Who wants no more of a service's emails."""

from typing import ClassVar

from django.db import models
from django.db.models import Index, UniqueConstraint

from guildhall.kernel.rows import TenantRow


class Unsubscribed(TenantRow):
    """An email address that asked a service to stop. It gets none of the emails that carry an unsubscribe link."""

    notify_service_id = models.UUIDField()
    email = models.TextField(help_text="as it is compared and written to")
    template_id = models.UUIDField(help_text="the template of the email that it answered")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_unsubscribed_once", fields=["notify_service_id", "email"]),
        ]
        indexes: ClassVar = [Index(name="notify_newest_unsubscribed", fields=["notify_service_id", "-at"])]
