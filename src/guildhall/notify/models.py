"""Rows of notify: who sends, what they say, what was sent, and what the sandbox's recipients got."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, CompositePrimaryKey, Index, Q, UniqueConstraint
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel, Status


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


class Message(models.Model):
    """One message to one recipient. The row is the promise to deliver it, and the worker's list of what to do next.

    What it says is its template's version and the personalisation, which is kept encrypted. Partitioned by the month of
    ``accepted_at``.
    """

    pk = CompositePrimaryKey("id", "accepted_at")
    id = models.UUIDField()
    accepted_at = models.DateTimeField()
    organisation_id = models.UUIDField(
        db_default=RawSQL("nullif(current_setting('app.organisation', true), '')::uuid", []), editable=False
    )
    notify_service_id = models.UUIDField()
    template_id = models.UUIDField()
    template_version = models.IntegerField()
    channel = models.TextField()
    key_id = models.UUIDField(null=True, help_text="the API key it was sent with; null for our own messages")
    key_kind = models.TextField(help_text="live, team, test; own for our own messages")
    recipient = models.TextField(help_text="as it is compared and written to")
    recipient_as_given = models.TextField()
    language = models.TextField(default="en", help_text="en, cy, or both one after the other")
    personalisation = models.BinaryField(help_text="encrypted")
    reference = models.TextField(null=True)
    sender = models.TextField(default="", blank=True, help_text="reply-to address, or the name on a text")
    unsubscribe_url = models.TextField(null=True)
    fragments = models.SmallIntegerField(default=0)
    rate_multiplier = models.SmallIntegerField(default=1)
    is_abroad = models.BooleanField(default=False)
    resident_id = models.UUIDField(null=True)

    status = models.TextField(default=str(Status.CREATED))
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, help_text="when the worker should look at it; null when all is done")
    sent_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    provider = models.TextField(default="", blank=True)
    provider_reference = models.TextField(default="", blank=True)
    problem = models.TextField(default="", blank=True, help_text="what the provider said was wrong")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="notify_message_channel", condition=Q(channel__in=[str(each) for each in Channel])),
            CheckConstraint(name="notify_message_status", condition=Q(status__in=[str(each) for each in Status])),
            CheckConstraint(
                name="notify_finished_or_to_be_tried",
                condition=Q(next_try_at=None, completed_at__isnull=False)
                | Q(next_try_at=None, status__in=["sending", "sent", "pending"])
                | Q(next_try_at__isnull=False, completed_at=None),
            ),
        ]
        indexes: ClassVar = [
            Index(name="notify_to_be_tried", fields=["channel", "next_try_at"], condition=Q(next_try_at__isnull=False)),
            Index(name="notify_messages_of_service", fields=["notify_service_id", "-accepted_at"]),
        ]


class SentOnce(TenantRow):
    """That one of our own messages has been sent: the same key is never sent twice."""

    key = models.TextField()
    message_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_key_is_sent_once", fields=["organisation_id", "key"]),
        ]


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
