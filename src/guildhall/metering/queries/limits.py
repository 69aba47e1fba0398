"""How far a service has come: against its allowance, and against its caps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from guildhall.kernel import clock
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.cap import Cap, Used, charged_within, units_within
from guildhall.metering.domain.charging import Charge, charge
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.domain.thresholds import part_used
from guildhall.metering.models import Purse, ThresholdReached
from guildhall.metering.queries.allowances import allowances_of
from guildhall.metering.queries.caps import get_used, list_caps

ALLOWANCE = "allowance"


@dataclass(frozen=True)
class CapState:
    """A cap, what counts against it, and which part of it is used: of money and units, the larger part."""

    cap: Cap
    begins_on: date
    units: int
    charged: Decimal
    part: Fraction


@dataclass(frozen=True)
class LimitsOfService:
    """A service's allowance of this financial year and its caps, as they stand. ``past_cap`` are emergency units."""

    service_id: UUID
    begins_on: date
    allowance: int
    used: int
    caps: Sequence[CapState]
    past_cap: int

    @property
    def allowance_part(self) -> Fraction:
        return part_used(min(self.used, self.allowance), self.allowance) if self.allowance else Fraction(0)

    @property
    def parts(self) -> list[tuple[str, date, Fraction]]:
        """What limits the service, since when, and how much of it is used."""
        caps = [(str(state.cap.period), state.begins_on, state.part) for state in self.caps]
        return [(ALLOWANCE, self.begins_on, self.allowance_part), *caps]


@dataclass(frozen=True)
class Alert:
    """That a threshold was reached, and when it was seen."""

    limited_by: str
    begins_on: date
    percent: int
    reached_at: date


@reading
def limits_of(service_id: UUID, today: date) -> LimitsOfService:
    """Return how far one of the current council's services has come."""
    year = clock.financial_year(today)
    allowance = allowances_of(year, current_year=year, service_id=service_id)(service_id).fragments
    used = get_used(service_id, today)
    charges = charge(used.texts, allowance=allowance, rate_on=published_tariff().rate_on)
    purse = own_rows(Purse).filter(service_id=service_id, year=year).first()
    return LimitsOfService(
        service_id,
        date(year, 4, 1),
        allowance,
        used.units,
        [_state(cap, charges, used, today) for cap in list_caps(service_id)],
        purse.past_cap if purse else 0,
    )


@reading
def list_alerts(service_id: UUID, *, since: date) -> Sequence[Alert]:
    """Return the thresholds that one of the current council's services reached, the last first."""
    rows = own_rows(ThresholdReached).filter(service_id=service_id, begins_on__gte=since)
    return [
        Alert(row.limited_by, row.begins_on, row.percent, clock.london_day(row.reached_at))
        for row in rows.order_by("-reached_at", "-percent")
    ]


def _state(cap: Cap, charges: Sequence[Charge], used: Used, today: date) -> CapState:
    units, charged = units_within(cap, charges, today), charged_within(cap, charges, used, today)
    parts = []
    if cap.units is not None:
        parts.append(part_used(units, cap.units))
    if cap.pence is not None:
        parts.append(part_used(Fraction(charged) * 100, cap.pence))
    return CapState(cap, cap.period.began_on(today), units, charged, max(parts))
