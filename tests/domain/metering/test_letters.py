"""What letters cost (alphagov/notifications-api migrations 0543 to 0552; the contract's 1.14)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from tests.contracts import rows

from guildhall.kernel.clock import london_day
from guildhall.metering.domain.allowance import Allowance
from guildhall.metering.domain.letter_tariff import NoLetterRate, published_letter_tariff
from guildhall.metering.domain.meters import Meter, letter_meter
from guildhall.metering.domain.year import DayOfUse, account_for

SERVICE = UUID(int=1)
DAY = date(2026, 11, 21)


def test_two_letters_of_one_sheet_do_not_cost_what_one_of_two_sheets_does() -> None:
    price_on = published_letter_tariff().price_on
    assert 2 * price_on(DAY, Meter.LETTERS_SECOND, sheets=1) == Decimal("1.46")
    assert price_on(DAY, Meter.LETTERS_SECOND, sheets=2) == Decimal("0.77")


@pytest.mark.parametrize("sheets", [0, 6])
def test_a_letter_has_one_to_five_sheets(sheets: int) -> None:
    with pytest.raises(NoLetterRate):
        published_letter_tariff().price_on(DAY, Meter.LETTERS_FIRST, sheets=sheets)


def test_a_year_of_letters_is_priced_by_class_and_sheets_and_leaves_the_texts_alone() -> None:
    uses = [
        DayOfUse(SERVICE, Meter.LETTERS_SECOND, DAY, 10, 1),
        DayOfUse(SERVICE, Meter.LETTERS_SECOND, DAY, 1, 2),
        DayOfUse(SERVICE, Meter.LETTERS_FIRST, date(2026, 12, 1), 1, 5),
        DayOfUse(SERVICE, Meter.SMS_FRAGMENTS, DAY, 5),
    ]
    year = account_for(2026, uses, allowance_of=lambda service: Allowance(0), rate_on=lambda day: Decimal("0.024"))
    assert (year.total.letters, year.total.letters_cost) == (12, Decimal("9.83"))
    assert [month.letters_cost for month in year.months] == [Decimal("8.07"), Decimal("1.76")]
    assert (year.services[0].letters, year.services[0].letters_cost) == (12, Decimal("9.83"))
    assert (year.total.texts, year.total.cost) == (5, Decimal("0.12"))


def test_the_contracts_rates_of_letters() -> None:
    for row in rows("notify/letter_rates.csv"):
        day = london_day(datetime.fromisoformat(row["valid_from_utc"]).replace(tzinfo=UTC))
        price = published_letter_tariff().price_on(day, letter_meter(row["post_class"]), sheets=int(row["sheets"]))
        assert price == Decimal(row["rate_pounds_ex_vat"]), row
