"""The published allowances and rates, read from the file that carries their source and licence."""

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from guildhall.kernel.clock import london_day
from guildhall.kernel.refusals import NotFound
from guildhall.metering.domain.allowance import DefaultAllowances, OrganisationType


class NoRateYet(NotFound):
    """Texts were used before the first published rate."""


@dataclass(frozen=True)
class Tariff:
    """What texts cost, and since when: ``rates`` are pounds per unit before VAT, by the London day they begin on."""

    allowances: DefaultAllowances
    rates: tuple[tuple[date, Decimal], ...]

    def rate_on(self, day: date) -> Decimal:
        """Return the price in pounds of one unit used on ``day``: the latest rate that had begun by then.

        :raises NoRateYet: none had.
        """
        place = bisect_right(self.rates, day, key=lambda rate: rate[0])
        if not place:
            raise NoRateYet(f"no rate is known for {day}")
        return self.rates[place - 1][1]


@lru_cache(maxsize=1)
def published_tariff() -> Tariff:
    """Return the tariff as it stands in ``metering/data``."""
    return read_tariff(files("guildhall.metering").joinpath("data/text_messages.json").read_text("utf-8"))


def read_tariff(text: str) -> Tariff:
    """Read a tariff. Rates begin at a midnight of London, which the file writes in UTC."""
    written = json.loads(text)
    return Tariff(
        allowances={
            int(year): {OrganisationType(kind): fragments for kind, fragments in kinds.items()}
            for year, kinds in written["allowances"].items()
        },
        rates=tuple(
            sorted((london_day(datetime.fromisoformat(at)), Decimal(rate)) for at, rate in written["rates"].items())
        ),
    )
