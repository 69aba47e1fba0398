"""What was sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, CheckConstraint, CompositePrimaryKey, F, Index, Q, UniqueConstraint, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import MD5

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel, Quarantine, Status

LISTED = ["notify_service_id", "key_kind", "channel", "status", "-accepted_at", "-id"]


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
    postage = models.TextField(
        db_default="", blank=True, help_text="of a letter: first, second, economy or its zone abroad"
    )
    sheets = models.SmallIntegerField(db_default=0, help_text="of a letter, printed on both sides")
    resident_id = models.UUIDField(null=True)
    sent_by = models.TextField(db_default="", blank=True, help_text="the officer's name; empty for programs")
    job_id = models.UUIDField(null=True, help_text="the uploaded list it was made from")
    job_row = models.IntegerField(null=True, help_text="its row there, the first after the headings being 1")
    scheduled_for = models.DateTimeField(null=True)

    status = models.TextField(default=str(Status.CREATED))
    tries = models.SmallIntegerField(default=0)
    may_be_repeated = models.BooleanField(
        db_default=False, help_text="handed over again after a try of unknown outcome"
    )
    next_try_at = models.DateTimeField(null=True, help_text="when the worker should look at it; null when all is done")
    leased_until = models.DateTimeField(
        null=True, help_text="a worker has it until then; null when none has. Past: it is tried alone"
    )
    crashes = models.SmallIntegerField(
        db_default=0, help_text="how often a worker that had it alone was not heard of again, since the last record"
    )
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
                | Q(next_try_at=None, status__in=["sending", "sent", "pending", "pending-virus-check"])
                | Q(next_try_at__isnull=False, completed_at=None),
            ),
        ]
        indexes: ClassVar = [
            Index(
                F("channel"),
                Case(When(job_id=None, then=0), default=1),
                F("organisation_id"),
                F("next_try_at"),
                name="notify_waits_its_turn",
                condition=Q(next_try_at__isnull=False),
            ),
            Index(
                name="notify_waits_for_news",
                fields=["accepted_at"],
                condition=Q(next_try_at__isnull=True, completed_at__isnull=True),
            ),
            # Every row is in one of these two: a program's list passes over what came from uploaded lists.
            Index(name="notify_sent_singly", fields=LISTED, condition=Q(job_id=None)),
            Index(name="notify_sent_by_list", fields=LISTED, condition=Q(job_id__isnull=False)),
            # By digest: an index holds no more than 2,704 bytes, and a reference or an address may have more.
            Index(F("notify_service_id"), MD5("recipient"), name="notify_sent_to"),
            Index(
                F("notify_service_id"),
                MD5("reference"),
                F("accepted_at").desc(),
                F("id").desc(),
                name="notify_sent_as_reference",
                condition=Q(reference__isnull=False),
            ),
            Index(
                name="notify_by_providers_name",
                fields=["provider_reference"],
                condition=Q(channel="sms", status__in=["sending", "sent", "pending"]) & ~Q(provider_reference=""),
            ),
            Index(name="notify_rows_of_list", fields=["job_id", "job_row"], condition=Q(job_id__isnull=False)),
        ]


class SentOnce(TenantRow):
    """That one of our own messages has been sent: the same key is never sent twice."""

    key = models.TextField()
    message_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_key_is_sent_once", fields=["organisation_id", "key"]),
        ]


class QuarantinedMessage(TenantRow):
    """That a message was given up because it is itself what kept others waiting. It holds no word of what it says."""

    message_id = models.UUIDField()
    notify_service_id = models.UUIDField()
    template_id = models.UUIDField()
    channel = models.TextField()
    reason = models.TextField(help_text="unwritable, crashing")
    problem = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_quarantined_once", fields=["message_id"]),
            CheckConstraint(
                name="notify_quarantine_reason", condition=Q(reason__in=[str(each) for each in Quarantine])
            ),
        ]
        indexes: ClassVar = [Index(name="notify_quarantined_at", fields=["at"])]
