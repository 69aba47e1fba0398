"""The shape of a row that belongs to one council."""

from django.db import models
from django.db.models.expressions import RawSQL

from guildhall.kernel.ids import new_id


class TenantRow(models.Model):
    """A row of one council. The database fills in whose it is, from the transaction that writes it.

    Its table needs a ``CouncilWall`` in the migration that creates it; a test fails without.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation_id = models.UUIDField(
        db_default=RawSQL("nullif(current_setting('app.organisation', true), '')::uuid", []), editable=False
    )

    class Meta:
        abstract = True
