"""What can be done in metering: refused by name."""

from guildhall.metering.operations.caps import (
    CapReached,
    CapsNothing,
    agree_cap,
    forget_caps,
    lift_cap,
    take_within_cap,
)
from guildhall.metering.operations.use import CountedDifferently, record_use, usage_rows_sql

__all__ = [
    "CapReached",
    "CapsNothing",
    "CountedDifferently",
    "agree_cap",
    "forget_caps",
    "lift_cap",
    "record_use",
    "take_within_cap",
    "usage_rows_sql",
]
