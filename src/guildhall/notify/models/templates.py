"""What can be said: templates and everything they ever said."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel


class Template(TenantRow):
    """A message that can be sent again and again. What it says is in its versions, of which the last one counts."""

    notify_service_id = models.UUIDField()
    key = models.TextField(null=True, help_text="how our own code names it; null for templates that officers made")
    channel = models.TextField()
    version = models.IntegerField(default=1)
    is_archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_one_template_for_a_key", fields=["notify_service_id", "key"]),
            CheckConstraint(name="notify_template_channel", condition=Q(channel__in=[str(each) for each in Channel])),
        ]


class TemplateVersion(TenantRow):
    """What a template said from one save to the next, in English and Welsh. Never changed: old messages refer to it."""

    template_id = models.UUIDField()
    version = models.IntegerField()
    name = models.TextField()
    subject = models.TextField(default="", blank=True)
    body = models.TextField()
    subject_cy = models.TextField(default="", blank=True)
    body_cy = models.TextField(default="", blank=True)
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.TextField(default="", blank=True, help_text="an officer's email address; empty for our own code")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_version_is_saved_once", fields=["template_id", "version"]),
        ]
