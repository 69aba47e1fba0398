"""News about what is used."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guildhall.kernel.events import Event


@dataclass(frozen=True)
class AllowanceThresholdReached(Event):
    """A service has used so many percent of its free allowance, or of a cap. Announced once for each and period.

    ``limited_by`` is ``allowance``, or ``month`` or ``year`` for the period of a cap; ``begins_on`` is the first day of
    the period.
    """

    service_id: UUID
    limited_by: str
    begins_on: date
    percent: int
