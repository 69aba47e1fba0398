"""Who sends: the part of a council's service that sends messages, and the names it sends under."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel


class NotifyService(TenantRow):
    """The part of a council's service that sends messages. Its id is the service's: a service has one or none."""

    name = models.TextField()
    is_default = models.BooleanField(default=False, help_text="sends what the council itself says, not one service")
    is_live = models.BooleanField(default=False, help_text="not in trial mode: may write to anybody")
    is_active = models.BooleanField(default=True)
    prefixes_texts = models.BooleanField(default=True)
    may_text_abroad = models.BooleanField(default=False)
    may_text_landlines = models.BooleanField(default=False)
    guest_emails = ArrayField(models.TextField(), default=list)
    guest_phones = ArrayField(models.TextField(), default=list)
    requests_a_minute = models.IntegerField(default=3000)
    emails_a_day = models.IntegerField(null=True, help_text="null: what live or trial services have")
    texts_a_day = models.IntegerField(null=True)
    texts_abroad_a_day = models.IntegerField(default=100)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="notify_one_default_for_a_council", fields=["organisation_id"], condition=Q(is_default=True)
            ),
            CheckConstraint(name="notify_some_requests_a_minute", condition=Q(requests_a_minute__gte=1)),
        ]


class SenderAddress(TenantRow):
    """What a message says it is from: a reply-to address of emails, or the name or number on a text."""

    notify_service_id = models.UUIDField()
    channel = models.TextField()
    address = models.TextField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="notify_one_default_sender", fields=["notify_service_id", "channel"], condition=Q(is_default=True)
            ),
            CheckConstraint(name="notify_sender_channel", condition=Q(channel__in=[str(each) for each in Channel])),
        ]
