"""Letters that somebody else has set."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from guildhall.kernel.rows import TenantRow


class LetterFile(TenantRow):
    """The PDF of a letter that came ready to print: as it came and, when it was found good, as it will be printed."""

    message_id = models.UUIDField()
    accepted_at = models.DateTimeField()
    content = models.BinaryField(help_text="as it came")
    may_go_abroad = models.BooleanField()
    printable = models.BinaryField(null=True)
    pages = models.SmallIntegerField(null=True)
    problem = models.TextField(default="", blank=True)
    pages_at_fault = ArrayField(models.SmallIntegerField(), default=list)
    checked_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True, help_text="a worker looks through it until then")
    tries = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [UniqueConstraint(name="notify_one_file_for_a_letter", fields=["message_id"])]
        indexes: ClassVar = [
            Index(
                name="notify_letters_to_check", fields=["organisation_id", "accepted_at"], condition=Q(checked_at=None)
            ),
        ]
