"""How much of a year's text messages is free.

The rules are Notify's own (metering contract 10), so that a council which moves between the two platforms sees the
same bill: alphagov/notifications-api:app/dao/annual_billing_dao.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from guildhall.kernel.refusals import Invalid

FIRST_YEAR = 2016
HIGH_VOLUME = 300_000
"""Fragments in one financial year from which the next year has no free ones."""


class OrganisationType(StrEnum):
    """The kinds of organisation that are given different allowances."""

    CENTRAL = "central"
    LOCAL = "local"
    NHS_CENTRAL = "nhs_central"
    NHS_LOCAL = "nhs_local"
    NHS_GP = "nhs_gp"
    EMERGENCY_SERVICE = "emergency_service"
    SCHOOL_OR_COLLEGE = "school_or_college"
    OTHER = "other"
    NHS_NOTIFY = "nhs_notify"


class NoSuchYear(Invalid):
    """There is no allowance for that financial year."""


@dataclass(frozen=True)
class Allowance:
    """The free fragments of one service in one financial year, and why they are so many."""

    fragments: int
    is_custom: bool = False
    is_high_volume: bool = False


@dataclass(frozen=True)
class Split:
    free: int
    chargeable: int


DefaultAllowances = Mapping[int, Mapping[OrganisationType, int]]
"""For each financial year in which something changed: the free fragments of each type from then on."""


def split_against_allowance(fragments: int, *, allowance: int, already_used: int) -> Split:
    """Decide which fragments of a text message fall inside a service's free yearly allowance.

    The allowance is used in the order messages are accepted, not delivered, so that a
    council can see the cost of a message before it is sent. A message may straddle the
    boundary: part free, part charged.

    >>> split_against_allowance(3, allowance=10_000, already_used=9_999)
    Split(free=1, chargeable=2)

    Fragments that were counted and never sent are taken back in the same order: charged ones first.

    >>> split_against_allowance(-3, allowance=10_000, already_used=10_002)
    Split(free=-1, chargeable=-2)
    """
    chargeable = max(0, already_used + fragments - allowance) - max(0, already_used - allowance)
    return Split(free=fragments - chargeable, chargeable=chargeable)


def default_allowance(year: int, organisation_type: OrganisationType | None, defaults: DefaultAllowances) -> int:
    """Return the free fragments that every service of this type has in ``year``, a financial year.

    An organisation whose type is not known counts as ``other``.

    :raises NoSuchYear: before 2016 there was no allowance.
    """
    kind = organisation_type or OrganisationType.OTHER
    for since in sorted(defaults, reverse=True):
        if since <= year and kind in defaults[since]:
            return defaults[since][kind]
    raise NoSuchYear(f"no allowance is known for {kind} in {year}")


def allowance_for(
    year: int,
    *,
    current_year: int,
    default: int,
    fragments_last_year: int,
    last_year: Allowance | None,
) -> Allowance:
    """Decide a service's allowance for ``year``.

    A service that sent very many texts last year gets none free, whatever had been agreed; otherwise an allowance
    that was agreed with the council carries over; otherwise the default of its type holds.

    :param fragments_last_year: what the service used in the financial year before the current one.
    :param last_year: the service's allowance of the year before ``year``, if it had one set.
    :raises NoSuchYear: ``year`` is before 2016 or has not begun.
    """
    if year < FIRST_YEAR:
        raise NoSuchYear(f"year_start before {FIRST_YEAR} is invalid")
    if year > current_year:
        raise NoSuchYear("year_start cannot be in a future financial year")
    if fragments_last_year >= HIGH_VOLUME:
        return Allowance(0, is_high_volume=True)
    if last_year is not None and last_year.is_custom:
        return last_year
    return Allowance(default)


def allowance_in_force(
    year: int,
    *,
    current_year: int,
    were_set: Mapping[int, Allowance],
    default_of: Callable[[int], int],
    fragments_of: Callable[[int], int],
) -> Allowance:
    """Return a service's allowance of ``year``: as it was set, or as it follows from the last year that was.

    A year for which nothing was set is decided as it would have been when it began, so that no later use changes
    what an earlier year cost.

    :param were_set: the allowances that were set, by year.
    :param default_of: the default of the organisation's type in a year.
    :param fragments_of: what the service used in a year.
    :raises NoSuchYear: ``year`` is before 2016 or after ``current_year``.
    """
    if year in were_set and year <= current_year:
        return were_set[year]
    since = max((each for each in were_set if each < year), default=year - 1)
    allowance = were_set.get(since)
    for each in range(since + 1, year + 1):
        allowance = allowance_for(
            each,
            current_year=current_year,
            default=default_of(each),
            fragments_last_year=fragments_of(each - 1),
            last_year=allowance,
        )
    assert allowance is not None
    return allowance
