"""Who sends: the part of a council's service that sends messages, and the names it sends under."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.settings import KEPT_FOR_DAYS


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
    letters_a_day = models.IntegerField(null=True)
    may_send_emails = models.BooleanField(db_default=True)
    may_send_texts = models.BooleanField(db_default=True)
    may_send_letters = models.BooleanField(db_default=True)
    may_send_letters_abroad = models.BooleanField(db_default=False)
    email_sender_name = models.TextField(db_default="", blank=True, help_text="who emails are from; empty: the name")
    email_local_part = models.TextField(db_default="", blank=True, help_text="before the @; empty: from the name")
    shows_logo = models.BooleanField(db_default=False, help_text="the council's logo stands over its emails")
    logo_alt = models.TextField(db_default="", blank=True)
    brand_colour = models.TextField(db_default="", blank=True, help_text="like #1d70b8; empty: no colour")
    brand_is_banner = models.BooleanField(db_default=False, help_text="the logo stands on a banner of the colour")
    emails_kept_for = models.SmallIntegerField(db_default=7, help_text="days")
    texts_kept_for = models.SmallIntegerField(db_default=7, help_text="days")
    letters_kept_for = models.SmallIntegerField(db_default=7, help_text="days")
    writes_to_accounts = models.BooleanField(db_default=False, help_text="readers may choose to read in their account")
    heeds_schedules = models.BooleanField(db_default=False, help_text="scheduled_for in a request is done, not ignored")
    files_contact = models.TextField(db_default="", blank=True, help_text="whom readers of files ask; empty: no files")
    live_asked_at = models.DateTimeField(null=True, help_text="when an officer asked to leave trial mode")
    live_asked_by = models.TextField(db_default="", blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="notify_one_default_for_a_council", fields=["organisation_id"], condition=Q(is_default=True)
            ),
            CheckConstraint(name="notify_some_requests_a_minute", condition=Q(requests_a_minute__gte=1)),
            CheckConstraint(
                name="notify_kept_for_some_days",
                condition=Q(emails_kept_for__range=KEPT_FOR_DAYS)
                & Q(texts_kept_for__range=KEPT_FOR_DAYS)
                & Q(letters_kept_for__range=KEPT_FOR_DAYS),
            ),
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
            UniqueConstraint(name="notify_sender_once", fields=["notify_service_id", "channel", "address"]),
        ]


class ReplyToCheck(TenantRow):
    """A reply-to address that waits until somebody who reads its mail opens the link that was sent there."""

    notify_service_id = models.UUIDField()
    address = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_one_check_of_an_address", fields=["notify_service_id", "address"]),
        ]


class ContactBlock(TenantRow):
    """The sender's address in the corner of a letter, as lines of text."""

    notify_service_id = models.UUIDField()
    lines = models.TextField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                name="notify_one_default_block", fields=["notify_service_id"], condition=Q(is_default=True)
            ),
        ]
