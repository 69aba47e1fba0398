"""What a list of messages would cost, before anything of it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from guildhall.kernel import clock
from guildhall.kernel.money import Pence
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.cap import Room
from guildhall.metering.domain.charging import DayOfTexts, charge, in_pence
from guildhall.metering.domain.meters import Meter
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.queries.allowances import allowances_of
from guildhall.metering.queries.caps import find_tightest, get_used, list_caps
from guildhall.metering.queries.days import days_of_use


@dataclass(frozen=True)
class CostPreview:
    """What texts would cost: how many units are ``free`` and ``charged``, and for how many pounds before VAT.

    ``used`` and ``free_left`` are what the service has used, and has left free, of this financial year today.
    ``room`` is the cap that leaves the least, if the service has one, and how many units it leaves today.
    """

    used: int
    free_left: int
    free: int
    charged: int
    cost: Decimal
    room: Room | None

    @property
    def cost_pence(self) -> Pence:
        """The cost rounded half up to the penny."""
        return in_pence(self.cost)

    @property
    def is_within_cap(self) -> bool:
        return self.room is None or self.free + self.charged <= self.room.units


@reading
def cost_preview(service_id: UUID, *, units: Mapping[date, int], now: datetime) -> CostPreview:
    """Work out what texts on the given London days would cost one of the current council's services.

    A unit is a fragment times its country's multiplier. Days of the next financial year are set against that year's
    allowance, as far as it can be known now. Nothing is reserved: what others send meanwhile may use the free ones.
    """
    today = clock.london_day(now)
    this_year, before = clock.financial_year(today), get_used(service_id, today)
    free_this_year = _allowance(service_id, this_year)
    free, charged, cost = 0, 0, Decimal(0)
    for year in sorted({clock.financial_year(day) for day in units}):
        wanted = {day: count for day, count in units.items() if clock.financial_year(day) == year}
        added = _added(service_id, year, wanted)
        free, charged, cost = free + added[0], charged + added[1], cost + added[2]
    room = find_tightest(service_id, list_caps(service_id), before, today)
    return CostPreview(before.units, max(0, free_this_year - before.units), free, charged, cost, room)


def _added(service_id: UUID, year: int, wanted: Mapping[date, int]) -> tuple[int, int, Decimal]:
    """Return what the wanted units add to what the year has: how many free, how many charged, for how much."""
    used = [
        DayOfTexts(each.day, each.units)
        for each in days_of_use(year, service_id=service_id)
        if each.meter is Meter.SMS_FRAGMENTS
    ]
    allowance, rate_on = _allowance(service_id, year), published_tariff().rate_on
    before = charge(used, allowance=allowance, rate_on=rate_on)
    after = charge([*used, *(DayOfTexts(*day) for day in wanted.items())], allowance=allowance, rate_on=rate_on)
    free = sum(each.free for each in after) - sum(each.free for each in before)
    cost = sum((each.cost for each in after), Decimal(0)) - sum((each.cost for each in before), Decimal(0))
    return free, sum(wanted.values()) - free, cost


def _allowance(service_id: UUID, year: int) -> int:
    return allowances_of(year, current_year=year, service_id=service_id)(service_id).fragments
