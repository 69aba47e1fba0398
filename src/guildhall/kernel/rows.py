"""The shape of a row that belongs to one council."""

from typing import TypeVar

from django.db import models
from django.db.models.expressions import RawSQL

from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import current_organisation


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


Row = TypeVar("Row", bound=TenantRow)


def own_rows(kind: type[Row]) -> models.QuerySet[Row]:
    """Return the current council's rows of a kind. This is the first wall; the database's policies are the second.

    :raises NoCouncil: nobody is acting.
    """
    return kind._default_manager.filter(organisation_id=current_organisation())
