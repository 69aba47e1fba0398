"""A year's use as a table for spreadsheets and ledgers: a line for each service and month, to the exact fraction."""

from collections.abc import Iterator, Mapping, Sequence

from guildhall.metering.domain.year import MonthOfUse, ServiceKey, ServiceYear, YearOfUse

COLUMNS = (
    "financial_year",
    "month",
    "service",
    "service_id",
    "cost_centre",
    "emails",
    "payments",
    "text_units",
    "text_units_free",
    "text_units_charged",
    "text_cost_pounds",
    "letters",
    "letter_cost_pounds",
    "cost_pounds",
)
"""New columns are added at the end, and none is taken away: ledgers read them by place."""


def lines_of(
    use: YearOfUse, *, names: Mapping[ServiceKey, str], cost_centres: Mapping[ServiceKey, str]
) -> Iterator[Sequence[str]]:
    """Yield the lines of a year. Costs are pounds before VAT, unrounded, so that they add up to the year exactly."""
    for service in use.services:
        for month in service.months:
            yield list(_line(use.year, service, month, names, cost_centres))


def _line(
    year: int,
    service: ServiceYear,
    month: MonthOfUse,
    names: Mapping[ServiceKey, str],
    cost_centres: Mapping[ServiceKey, str],
) -> Iterator[str]:
    yield f"{year}-{year + 1}"
    yield f"{month.begins_on:%Y-%m}"
    yield names.get(service.service_id, "")
    yield str(service.service_id or "")
    yield cost_centres.get(service.service_id, "")
    yield from map(str, (month.emails, month.payments, month.texts, month.free, month.chargeable))
    yield f"{month.cost:f}"
    yield str(month.letters)
    yield f"{month.letters_cost:f}"
    yield f"{month.cost + month.letters_cost:f}"
