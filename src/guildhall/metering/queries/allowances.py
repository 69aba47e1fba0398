"""How much of each service's texts is free: what was set, and what follows from it where nothing was."""

from collections.abc import Callable, Mapping
from uuid import UUID

from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.metering.domain.allowance import Allowance, OrganisationType, allowance_in_force, default_allowance
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.domain.year import ServiceKey
from guildhall.metering.models import CouncilTerms, YearsAllowance
from guildhall.metering.queries.days import fragments_by_year


@reading
def organisation_type() -> OrganisationType:
    """Return the kind of organisation that the current council is charged as: local government unless agreed."""
    row = own_rows(CouncilTerms).first()
    return OrganisationType(row.organisation_type) if row else OrganisationType.LOCAL


@reading
def allowances_of(year: int, *, current_year: int, service_id: UUID | None = None) -> Callable[[ServiceKey], Allowance]:
    """Return what tells the allowance in ``year`` of each of the current council's services (or of the one).

    :raises NoSuchYear: ``year`` is before 2016 or after ``current_year``.
    """
    kind, were_set = organisation_type(), _set_allowances(year, service_id)
    used = fragments_by_year(before=max(year, current_year), service_id=service_id)

    def allowance_of(service: ServiceKey) -> Allowance:
        return allowance_in_force(
            year,
            current_year=current_year,
            were_set=were_set.get(service, {}),
            default_of=lambda each: default_allowance(each, kind, published_tariff().allowances),
            fragments_of=lambda each: used.get(service, {}).get(each, 0),
        )

    allowance_of(service_id)  # refuses a year that has not begun also when nothing was used in it
    return allowance_of


def _set_allowances(year: int, service_id: UUID | None) -> Mapping[ServiceKey, Mapping[int, Allowance]]:
    rows = own_rows(YearsAllowance).filter(year__lte=year)
    services: dict[ServiceKey, dict[int, Allowance]] = {}
    for row in rows if service_id is None else rows.filter(service_id=service_id):
        allowance = Allowance(row.fragments, is_custom=row.is_custom, is_high_volume=row.is_high_volume)
        services.setdefault(row.service_id, {})[row.year] = allowance
    return services
