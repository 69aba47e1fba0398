"""Which cost centres pay."""

from collections.abc import Mapping

from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.year import ServiceKey
from guildhall.metering.models import CostCentre


@reading
def list_cost_centres() -> Mapping[ServiceKey, str]:
    """Return the cost centre of each of the current council's services that has one."""
    return dict(own_rows(CostCentre).values_list("service_id", "code"))
