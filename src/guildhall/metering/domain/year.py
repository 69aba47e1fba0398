"""A council's financial year: what each service used in each month, what of it was free, and what the rest cost."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from guildhall.metering.domain.allowance import Allowance
from guildhall.metering.domain.charging import Charge, DayOfTexts, RateOn, charge
from guildhall.metering.domain.letter_tariff import published_letter_tariff
from guildhall.metering.domain.meters import LETTERS, Meter

ServiceKey = UUID | None
"""Which service used something; None for what the council sends in its own name."""


@dataclass(frozen=True)
class DayOfUse:
    """What one service used of one meter on one London day; for texts, of one country's rate multiplier."""

    service_id: ServiceKey
    meter: Meter
    day: date
    quantity: int
    rate_multiplier: int = 1

    @property
    def units(self) -> int:
        """What counts against the allowance and is charged: a fragment abroad counts several times."""
        return self.quantity * self.rate_multiplier


@dataclass(frozen=True)
class MonthOfUse:
    """What was used in the month that begins on ``begins_on``. ``texts`` are units; costs are pounds before VAT.

    ``cost`` is that of texts; letters, of which none is free, are counted and priced for themselves.
    """

    begins_on: date
    texts: int = 0
    emails: int = 0
    payments: int = 0
    cost: Decimal = Decimal(0)
    letters: int = 0
    letters_cost: Decimal = Decimal(0)
    free: int = 0
    chargeable: int = 0


@dataclass(frozen=True)
class TextsAtRate:
    """The fragments to countries that count so many times, and the units that they make."""

    rate_multiplier: int
    fragments: int

    @property
    def units(self) -> int:
        return self.fragments * self.rate_multiplier


@dataclass(frozen=True)
class ServiceYear:
    """One service's year: its texts against its allowance, and the rest."""

    service_id: ServiceKey
    allowance: Allowance
    texts: int
    free: int
    chargeable: int
    cost: Decimal
    emails: int
    payments: int
    months: tuple[MonthOfUse, ...]
    letters: int = 0
    letters_cost: Decimal = Decimal(0)
    by_rate: tuple[TextsAtRate, ...] = ()

    @classmethod
    def unused(cls, service_id: ServiceKey, allowance: Allowance) -> "ServiceYear":
        """Return the year of a service that used nothing."""
        return cls(service_id, allowance, 0, 0, 0, Decimal(0), 0, 0, ())

    @property
    def allowance_left(self) -> int:
        return self.allowance.fragments - self.free


@dataclass(frozen=True)
class YearOfUse:
    """A council's year, which began on 1 April ``year``: its services, and its months that saw any use."""

    year: int
    services: tuple[ServiceYear, ...]
    months: tuple[MonthOfUse, ...]

    @property
    def total(self) -> MonthOfUse:
        """The whole year in one line."""
        return _added(date(self.year, 4, 1), self.months)


@dataclass
class _Uses:
    by_meter: dict[Meter, dict[date, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    letters: list["DayOfUse"] = field(default_factory=list)
    fragments: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def total(self, meter: Meter) -> int:
        return sum(self.by_meter[meter].values())

    def texts(self) -> list[DayOfTexts]:
        return [DayOfTexts(day, units) for day, units in self.by_meter[Meter.SMS_FRAGMENTS].items()]

    def in_month(self, meter: Meter, month: date) -> int:
        return sum(units for day, units in self.by_meter[meter].items() if _month_of(day) == month)

    def months(self) -> list[date]:
        days = {day for days in self.by_meter.values() for day in days} | {each.day for each in self.letters}
        return sorted({_month_of(day) for day in days})


def account_for(
    year: int, uses: Iterable[DayOfUse], *, allowance_of: Callable[[ServiceKey], Allowance], rate_on: RateOn
) -> YearOfUse:
    """Work out a council's year from what was used on each day.

    Each service has an allowance of its own, as with Notify; what one leaves over does not help another.
    """
    services = tuple(
        _service_year(service_id, used, allowance_of(service_id), rate_on)
        for service_id, used in sorted(_by_service(uses).items(), key=lambda each: str(each[0]))
    )
    every_month = sorted({month.begins_on for service in services for month in service.months})
    months = [
        _added(begins_on, [month for service in services for month in service.months if month.begins_on == begins_on])
        for begins_on in every_month
    ]
    return YearOfUse(year, services, tuple(months))


def _by_service(uses: Iterable[DayOfUse]) -> Mapping[ServiceKey, _Uses]:
    services: dict[ServiceKey, _Uses] = defaultdict(_Uses)
    for use in uses:
        if use.meter in LETTERS:
            services[use.service_id].letters.append(use)
            continue
        services[use.service_id].by_meter[use.meter][use.day] += use.units
        if use.meter is Meter.SMS_FRAGMENTS:
            services[use.service_id].fragments[use.rate_multiplier] += use.quantity
    return services


def _service_year(service_id: ServiceKey, used: _Uses, allowance: Allowance, rate_on: RateOn) -> ServiceYear:
    charges = charge(used.texts(), allowance=allowance.fragments, rate_on=rate_on)
    return ServiceYear(
        service_id,
        allowance,
        texts=used.total(Meter.SMS_FRAGMENTS),
        free=sum(each.free for each in charges),
        chargeable=sum(each.chargeable for each in charges),
        cost=sum((each.cost for each in charges), Decimal(0)),
        emails=used.total(Meter.EMAILS),
        payments=used.total(Meter.PAYMENTS),
        months=tuple(_month(begins_on, used, charges) for begins_on in used.months()),
        letters=sum(each.quantity for each in used.letters),
        letters_cost=_cost_of_letters(used.letters),
        by_rate=tuple(TextsAtRate(*rate) for rate in sorted(used.fragments.items())),
    )


def _month(begins_on: date, used: _Uses, charges: list[Charge]) -> MonthOfUse:
    charged = [each for each in charges if _month_of(each.day) == begins_on]
    letters = [each for each in used.letters if _month_of(each.day) == begins_on]
    return MonthOfUse(
        begins_on,
        texts=used.in_month(Meter.SMS_FRAGMENTS, begins_on),
        emails=used.in_month(Meter.EMAILS, begins_on),
        payments=used.in_month(Meter.PAYMENTS, begins_on),
        cost=sum((each.cost for each in charged), Decimal(0)),
        letters=sum(each.quantity for each in letters),
        letters_cost=_cost_of_letters(letters),
        free=sum(each.free for each in charged),
        chargeable=sum(each.chargeable for each in charged),
    )


def price_of_letters(letters: DayOfUse) -> Decimal:
    """Return what the letters of a day that travel alike and have as many sheets cost, in pounds before VAT."""
    price = published_letter_tariff().price_on(letters.day, letters.meter, sheets=letters.rate_multiplier)
    return letters.quantity * price


def _cost_of_letters(letters: Iterable[DayOfUse]) -> Decimal:
    return sum(map(price_of_letters, letters), Decimal(0))


def _added(begins_on: date, months: Iterable[MonthOfUse]) -> MonthOfUse:
    months = list(months)
    return MonthOfUse(
        begins_on,
        texts=sum(month.texts for month in months),
        emails=sum(month.emails for month in months),
        payments=sum(month.payments for month in months),
        cost=sum((month.cost for month in months), Decimal(0)),
        letters=sum(month.letters for month in months),
        letters_cost=sum((month.letters_cost for month in months), Decimal(0)),
        free=sum(month.free for month in months),
        chargeable=sum(month.chargeable for month in months),
    )


def _month_of(day: date) -> date:
    return day.replace(day=1)
