"""What a resident can see of each thing they asked for."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow
from guildhall.services.tracking.domain.statuses import PublicStatus

_IS_A_STATUS = Q(public_status__in=[str(status) for status in PublicStatus])


class Tracker(TenantRow):
    """One thing a resident asked for, under the reference they were given.

    ``email_digest`` is the keyed digest of their email address: enough to compare, useless to read.
    ``language`` is empty when we do not know which one the resident reads.
    """

    case_id = models.UUIDField()
    service_id = models.UUIDField()
    reference = models.TextField()
    email_digest = models.BinaryField()
    language = models.TextField(default="")
    resident_id = models.UUIDField(null=True)
    title_en = models.TextField()
    title_cy = models.TextField()
    public_status = models.TextField()
    next_en = models.TextField()
    next_cy = models.TextField()
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    entries_count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            UniqueConstraint(name="tracking_one_tracker_per_reference", fields=["organisation_id", "reference"]),
            UniqueConstraint(name="tracking_one_tracker_per_case", fields=["case_id"]),
            CheckConstraint(name="tracking_status_is_public", condition=_IS_A_STATUS),
            CheckConstraint(name="tracking_language_is_ours", condition=Q(language__in=["", "en", "cy"])),
        ]
        indexes = [Index(name="tracking_of_resident", fields=["resident_id", "-started_at"])]


class TimelineEntry(TenantRow):
    """One line of the timeline. It is never changed: a mistake is put right by the next line."""

    tracker = models.ForeignKey(Tracker, on_delete=models.PROTECT, related_name="entries")
    position = models.IntegerField()
    happened_at = models.DateTimeField()
    public_status = models.TextField()
    words_en = models.TextField()
    words_cy = models.TextField()
    note_en = models.TextField(default="")
    note_cy = models.TextField(default="")

    class Meta:
        constraints = [
            UniqueConstraint(name="tracking_one_entry_per_position", fields=["tracker", "position"]),
            CheckConstraint(name="tracking_entry_status_is_public", condition=_IS_A_STATUS),
        ]
