"""What letters cost: by how they travel and their sheets, from the file that carries its source and licence."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from guildhall.kernel.clock import london_day
from guildhall.kernel.refusals import NotFound
from guildhall.metering.domain.meters import Meter, letter_meter

MOST_SHEETS = 5


class NoLetterRate(NotFound):
    """No price is published for such a letter."""


@dataclass(frozen=True)
class LetterTariff:
    """Pounds before VAT for one to five sheets, by meter and the London day from which they hold."""

    rates: Mapping[Meter, tuple[tuple[date, tuple[Decimal, ...]], ...]]

    def price_on(self, day: date, meter: Meter, *, sheets: int) -> Decimal:
        """Return the price of one letter on ``day``. Before the first published rate, that rate is told.

        :raises NoLetterRate: no letter of so many sheets goes that way.
        """
        since = self.rates.get(meter, ())
        if not since or not 1 <= sheets <= MOST_SHEETS:
            raise NoLetterRate(f"no rate is known for {meter} of {sheets} sheets")
        place = bisect_right(since, day, key=lambda rate: rate[0])
        return since[max(0, place - 1)][1][sheets - 1]


@lru_cache(maxsize=1)
def published_letter_tariff() -> LetterTariff:
    """Return the letter rates as they stand in ``metering/data``."""
    written = json.loads(files("guildhall.metering").joinpath("data/letters.json").read_text("utf-8"))
    return LetterTariff(
        {
            letter_meter(letter_class): tuple(
                sorted(
                    (london_day(datetime.fromisoformat(at)), tuple(map(Decimal, prices)))
                    for at, prices in since.items()
                )
            )
            for letter_class, since in written["rates"].items()
        }
    )
