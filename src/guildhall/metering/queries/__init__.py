"""What others may ask of metering. Everything returned is a plain value, good after the transaction."""

from guildhall.metering.queries.allowances import allowances_of, organisation_type
from guildhall.metering.queries.caps import list_capped_services, list_caps
from guildhall.metering.queries.cost_centres import list_cost_centres
from guildhall.metering.queries.days import count_wrong_days, days_of_use
from guildhall.metering.queries.limits import ALLOWANCE, LimitsOfService, limits_of, list_alerts
from guildhall.metering.queries.preview import CostPreview, cost_preview
from guildhall.metering.queries.usage import list_years, usage_of_year

__all__ = [
    "ALLOWANCE",
    "CostPreview",
    "LimitsOfService",
    "allowances_of",
    "cost_preview",
    "count_wrong_days",
    "days_of_use",
    "limits_of",
    "list_alerts",
    "list_capped_services",
    "list_caps",
    "list_cost_centres",
    "list_years",
    "organisation_type",
    "usage_of_year",
]
