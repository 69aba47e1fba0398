"""The rows that the kernel keeps itself."""

from django.db import models

from guildhall.kernel.ids import new_id


class TryCount(models.Model):
    """How often an action was tried against somebody or something, existing or not: ``whom`` is a keyed digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    action = models.CharField(max_length=60)
    whom = models.BinaryField(max_length=32)
    tries = models.PositiveIntegerField()
    lapses_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "whom"], name="kernel_one_count_per_action_and_whom"),
        ]
