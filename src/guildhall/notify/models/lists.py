"""Uploaded lists: the file, what was found in it, and how far it has been sent."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.lists.life import State


class UploadedList(TenantRow):
    """A file of recipients for one template. The row is also the worker's list of what to check and send next."""

    notify_service_id = models.UUIDField()
    template_id = models.UUIDField()
    template_version = models.IntegerField(help_text="whose words the rows were checked with, and say")
    channel = models.TextField()
    language = models.TextField(default="en", help_text="of rows that say none: en, cy or both")
    file_name = models.TextField()
    file_size = models.IntegerField()
    sha256 = models.BinaryField(help_text="of the file as it was uploaded")
    uploaded_by = models.TextField()
    uploaded_at = models.DateTimeField()
    state = models.TextField(default=str(State.CHECKING))
    changed_at = models.DateTimeField(help_text="when it came into its state")
    forgotten_at = models.DateTimeField(null=True, help_text="when the rows were deleted, because their time was over")

    worker = models.UUIDField(null=True, help_text="who holds it, to check it")
    held_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0, help_text="how often somebody began to check it")
    kind = models.TextField(default="", blank=True, help_text="csv, xlsx, ods or xls")
    encoding = models.TextField(default="", blank=True)
    delimiter = models.TextField(default="", blank=True)
    headings = ArrayField(models.TextField(), default=list)
    heading_row = models.IntegerField(default=0)
    fault = models.TextField(default="", blank=True, help_text="why the whole file cannot be used")
    fault_about = ArrayField(models.TextField(), default=list, help_text="columns or rows that the fault is about")
    rows_checked = models.IntegerField(default=0)
    rows_wrong = models.IntegerField(default=0)
    rows_abroad = models.IntegerField(default=0)
    problems = models.JSONField(default=dict, help_text="how many rows have each kind of problem")
    noticed = models.JSONField(default=dict, help_text="what is strange and no problem: how often, and where at first")
    units = models.JSONField(default=dict, help_text="what sending uses, by how many times a unit counts")

    confirmed_by = models.TextField(default="", blank=True)
    cancelled_by = models.TextField(default="", blank=True)
    scheduled_for = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True, help_text="the day against whose limit the rows are counted")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    next_block = models.IntegerField(default=0)
    rows_sent = models.IntegerField(default=0)
    rows_unsent = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="notify_list_state", condition=Q(state__in=[str(each) for each in State])),
            CheckConstraint(name="notify_list_channel", condition=Q(channel__in=[str(each) for each in Channel])),
            CheckConstraint(
                name="notify_list_has_its_time", condition=~Q(state="scheduled") | Q(scheduled_for__isnull=False)
            ),
            CheckConstraint(
                name="notify_list_sends_no_more_than_it_has",
                condition=Q(rows_checked__gte=models.F("rows_sent") + models.F("rows_unsent")),
            ),
        ]
        indexes: ClassVar = [
            Index(name="notify_lists_of_service", fields=["notify_service_id", "-uploaded_at"]),
            Index(
                name="notify_lists_to_be_done",
                fields=["state"],
                condition=Q(state__in=["checking", "scheduled", "sending"]),
            ),
            Index(name="notify_lists_with_rows", fields=["changed_at"], condition=Q(forgotten_at=None)),
        ]


class ListPart(TenantRow):
    """A part of the file as it was uploaded."""

    list_id = models.UUIDField()
    number = models.IntegerField()
    content = models.BinaryField(help_text="encrypted")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_part_is_kept_once", fields=["list_id", "number"]),
        ]


class ListBlock(TenantRow):
    """Some hundred rows of a list that were checked, each with its number and what is wrong with it."""

    list_id = models.UUIDField()
    number = models.IntegerField()
    last_row = models.IntegerField(help_text="the spreadsheet's number of its last row")
    rows_wrong = models.IntegerField()
    content = models.BinaryField(help_text="encrypted")

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_block_is_kept_once", fields=["list_id", "number"]),
        ]


class UnsentRow(TenantRow):
    """A row that was in order when it was checked, and could not be sent."""

    list_id = models.UUIDField()
    row = models.IntegerField()
    reason = models.TextField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_a_row_is_not_sent_once", fields=["list_id", "row"]),
        ]
