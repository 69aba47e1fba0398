"""What can be said: templates and everything they ever said."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import LetterLanguage, Postage


class TemplateFolder(TenantRow):
    """A folder of a service's templates, in another folder or at the top."""

    notify_service_id = models.UUIDField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    name = models.TextField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(
                "notify_service_id", "parent", Lower("name"), name="notify_one_folder_of_a_name", nulls_distinct=False
            ),
            CheckConstraint(name="notify_no_folder_in_itself", condition=~Q(parent=F("id"))),
        ]


class Template(TenantRow):
    """A message that can be sent again and again. What it says is in its versions, of which the last one counts."""

    notify_service_id = models.UUIDField()
    key = models.TextField(null=True, help_text="how our own code names it; null for templates that officers made")
    channel = models.TextField()
    version = models.IntegerField(default=1)
    is_archived = models.BooleanField(default=False)
    folder = models.ForeignKey(TemplateFolder, null=True, on_delete=models.PROTECT)
    is_emergency = models.BooleanField(db_default=False, help_text="may be sent when the spending cap is reached")
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
    sender_id = models.UUIDField(null=True, help_text="the reply-to address or text sender; null: the default")
    has_unsubscribe_link = models.BooleanField(db_default=False, help_text="of an email")
    postage = models.TextField(db_default="", blank=True, help_text="of a letter: first, second or economy")
    contact_block_id = models.UUIDField(null=True, help_text="of a letter")
    letter_language = models.TextField(db_default="", blank=True, help_text="english or welsh_then_english")
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.TextField(default="", blank=True, help_text="an officer's email address; empty for our own code")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_version_is_saved_once", fields=["template_id", "version"]),
            CheckConstraint(
                name="notify_template_postage", condition=Q(postage__in=["", *(str(each) for each in Postage)])
            ),
            CheckConstraint(
                name="notify_letter_language",
                condition=Q(letter_language__in=["", *(str(each) for each in LetterLanguage)]),
            ),
        ]
