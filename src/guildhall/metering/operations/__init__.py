"""What can be done in metering: refused by name."""

from guildhall.metering.operations.alerts import look_for_thresholds
from guildhall.metering.operations.allowances import (
    AllowanceOwed,
    keep_allowances,
    set_allowance,
    set_cost_centre,
    set_organisation_type,
)
from guildhall.metering.operations.caps import (
    CapReached,
    CapsNothing,
    agree_cap,
    forget_caps,
    lift_cap,
    take_within_cap,
)
from guildhall.metering.operations.days import add_up_anew, add_up_days, close_days
from guildhall.metering.operations.use import CountedDifferently, corrections_sql, record_use, usage_rows_sql

__all__ = [
    "AllowanceOwed",
    "CapReached",
    "CapsNothing",
    "CountedDifferently",
    "add_up_anew",
    "add_up_days",
    "agree_cap",
    "close_days",
    "corrections_sql",
    "forget_caps",
    "keep_allowances",
    "lift_cap",
    "look_for_thresholds",
    "record_use",
    "set_allowance",
    "set_cost_centre",
    "set_organisation_type",
    "take_within_cap",
    "usage_rows_sql",
]
