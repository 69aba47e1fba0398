"""What services' own programs are told, and what programs asked."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow
from guildhall.notify.domain.callbacks import Kind


class CallbackEndpoint(TenantRow):
    """Where a service wants to be told of one kind of news."""

    notify_service_id = models.UUIDField()
    kind = models.TextField()
    url = models.TextField()
    token = models.BinaryField(help_text="encrypted; sent as the bearer token")
    signing_secret = models.BinaryField(null=True, help_text="encrypted; null when callbacks are not signed")
    tries_for_a_day = models.BooleanField(default=False, help_text="with growing pauses, instead of 5 times in all")
    rests_until = models.DateTimeField(null=True, help_text="it did not answer; nothing is sent to it before")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="notify_one_endpoint_of_a_kind", fields=["notify_service_id", "kind"]),
            CheckConstraint(name="notify_callback_kind", condition=Q(kind__in=[str(each) for each in Kind])),
        ]


class Callback(TenantRow):
    """One piece of news for a service's program: written with what it tells of, and sent until it is taken."""

    notify_service_id = models.UUIDField()
    kind = models.TextField()
    about_id = models.UUIDField(help_text="the message or text it tells of")
    body = models.BinaryField(help_text="encrypted JSON")
    queued_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, help_text="null when it is over")
    outcome = models.TextField(default="", blank=True, help_text="taken, refused, given-up; empty while it waits")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                name="notify_callback_over_or_to_be_tried",
                condition=Q(next_try_at__isnull=False, outcome="", finished_at=None)
                | (Q(next_try_at=None, finished_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [
            Index(
                name="notify_callbacks_to_send",
                fields=["organisation_id", "next_try_at"],
                condition=Q(next_try_at__isnull=False),
            ),
            Index(name="notify_callbacks_of_service", fields=["notify_service_id", "-id"]),
            Index(name="notify_callbacks_by_age", fields=["queued_at"]),
        ]


class CallbackAttempt(TenantRow):
    """One attempt to send a callback, and what came of it."""

    callback_id = models.UUIDField()
    at = models.DateTimeField()
    status = models.SmallIntegerField(null=True, help_text="of HTTP; null when there was no answer")
    problem = models.TextField(default="", blank=True)
    took_ms = models.IntegerField()

    class Meta:
        indexes: ClassVar = [Index(name="notify_attempts_of_callback", fields=["callback_id", "at"])]


class ProgramRequest(TenantRow):
    """A request that a service's program made, for whoever wonders why it does not work. Kept for a week at most."""

    notify_service_id = models.UUIDField()
    at = models.DateTimeField()
    method = models.TextField()
    path = models.TextField()
    key_id = models.UUIDField(null=True)
    status = models.SmallIntegerField()
    error = models.TextField(default="", blank=True, help_text="the class that the program was told")
    message = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            Index(name="notify_requests_of_service", fields=["notify_service_id", "-id"]),
            Index(name="notify_requests_by_age", fields=["at"]),
        ]
