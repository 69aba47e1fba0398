"""Setting what is free: operators agree it with a council, a year at a time."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.text import clean_identifier
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.metering.domain.allowance import (
    FIRST_YEAR,
    Allowance,
    OrganisationType,
    allowance_for,
    default_allowance,
)
from guildhall.metering.domain.tariff import published_tariff
from guildhall.metering.models import CostCentre
from guildhall.metering.queries.allowances import allowances_of, organisation_type
from guildhall.metering.queries.days import days_of_use, fragments_by_year
from guildhall.organisations.operations import Subject, record_audit

_SET = """
INSERT INTO metering_yearsallowance (id, service_id, year, fragments, is_custom, is_high_volume)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (organisation_id, service_id, year) DO UPDATE SET fragments = excluded.fragments,
    is_custom = excluded.is_custom, is_high_volume = excluded.is_high_volume
"""
_KEEP = """
INSERT INTO metering_yearsallowance (id, service_id, year, fragments, is_custom, is_high_volume)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class AllowanceOwed(Invalid):
    """An allowance cannot be less than nothing."""


@transaction
def set_allowance(service_id: UUID, year: int, fragments: int | None, *, actor: PersonId, now: datetime) -> Allowance:
    """Set the free fragments of one of the current council's services in a financial year, and return what holds.

    None means the default of the council's type. A service that sent very many texts in the financial year before the
    current one has none free, whatever was agreed. What was agreed carries over to the next year.

    :raises NoSuchYear: ``year`` is before 2016 or has not begun.
    :raises AllowanceOwed: ``fragments`` is negative.
    """
    if fragments is not None and fragments < 0:
        raise AllowanceOwed("an allowance cannot be less than nothing")
    current_year, kind = clock.financial_year(clock.london_day(now)), organisation_type()
    used = fragments_by_year(before=current_year, service_id=service_id).get(service_id, {})
    allowance = allowance_for(
        year,
        current_year=current_year,
        default=default_allowance(max(year, FIRST_YEAR), kind, published_tariff().allowances),
        fragments_last_year=used.get(current_year - 1, 0),
        last_year=None if fragments is None else Allowance(fragments, is_custom=True),
    )
    _write(_SET, service_id, year, allowance)
    details = {"year": str(year), "fragments": str(allowance.fragments), "custom": str(allowance.is_custom).lower()}
    record_audit("allowance.set", _service(service_id), actor=actor, now=now, details=details)
    return allowance


@transaction
def set_organisation_type(kind: OrganisationType, *, actor: PersonId, now: datetime) -> None:
    """Say what kind of organisation the current council is charged as, from the current financial year on.

    Allowances that were agreed stay; the others follow the new kind.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO metering_councilterms (id, organisation_type) VALUES (%s, %s) "
            "ON CONFLICT (organisation_id) DO UPDATE SET organisation_type = excluded.organisation_type",
            [new_id(), str(kind)],
        )
        year = clock.financial_year(clock.london_day(now))
        cursor.execute(
            "UPDATE metering_yearsallowance SET fragments = %s WHERE organisation_id = %s AND year = %s "
            "AND NOT is_custom AND NOT is_high_volume",
            [default_allowance(year, kind, published_tariff().allowances), current_organisation(), year],
        )
    record_audit(
        "allowance.type", Subject("council", current_organisation()), actor=actor, now=now, details={"type": str(kind)}
    )


@part_of_a_transaction
def keep_allowances(year: int) -> None:
    """Write down the allowance of each of the current council's services that used something in the year.

    From then on, no rule that changes and no later use changes what the year cost.
    """
    allowance_of = allowances_of(year, current_year=year)
    for service_id in {each.service_id for each in days_of_use(year)} - {None}:
        assert service_id is not None
        _write(_KEEP, service_id, year, allowance_of(service_id))


@transaction
def set_cost_centre(service_id: UUID, code: str, *, actor: PersonId, now: datetime) -> None:
    """Say which cost centre of the current council pays for a service; an empty one means none."""
    code = clean_identifier(code)
    if not code:
        own_rows(CostCentre).filter(service_id=service_id).delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO metering_costcentre (id, service_id, code) VALUES (%s, %s, %s) "
                "ON CONFLICT (organisation_id, service_id) DO UPDATE SET code = excluded.code",
                [new_id(), service_id, code],
            )
    record_audit("cost_centre.set", _service(service_id), actor=actor, now=now, details={"code": code})


def _write(statement: str, service_id: UUID, year: int, allowance: Allowance) -> None:
    facts = [allowance.fragments, allowance.is_custom, allowance.is_high_volume]
    with connection.cursor() as cursor:
        cursor.execute(statement, [new_id(), service_id, year, *facts])


def _service(service_id: UUID) -> Subject:
    return Subject("service", service_id, service_id=service_id)
