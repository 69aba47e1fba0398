"""How amounts, months and limits are written on the pages of use."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildhall.design.pages.speaking import current_language
from guildhall.kernel.money import in_pounds
from guildhall.metering.domain.allowance import OrganisationType
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.queries import ALLOWANCE


def pounds_of(cost: Decimal) -> str:
    """Write a cost rounded half up to the penny, as an invoice would."""
    return f"£{cost.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def month_of(begins_on: date) -> str:
    """Write a month out: ``November 2026``."""
    return format_date(begins_on, "LLLL y", locale=current_language())


def percent_of(part: Fraction) -> str:
    """Write a part as whole percent, rounded down: nothing is all before it is."""
    return f"{int(part * 100)}%"


def limits_in(cap: Cap) -> str:
    """Write what a cap allows."""
    limits = [] if cap.pence is None else [in_pounds(cap.pence)]
    if cap.units is not None:
        count = f"{cap.units:,}"
        limits.append(ngettext("%(count)s fragment", "%(count)s fragments", cap.units) % {"count": count})
    return _(" or ").join(limits)


def name_of_period(period: Period | str) -> str:
    """Name what is limited: the allowance, or a cap by its period."""
    return {
        ALLOWANCE: _("Free text messages of the year"),
        str(Period.MONTH): _("Cap for a month"),
        str(Period.YEAR): _("Cap for the financial year"),
    }[str(period)]


def name_of_type(kind: OrganisationType) -> str:
    """Name a kind of organisation."""
    return {
        OrganisationType.CENTRAL: _("Central government"),
        OrganisationType.LOCAL: _("Local government"),
        OrganisationType.NHS_CENTRAL: _("NHS, central"),
        OrganisationType.NHS_LOCAL: _("NHS, local"),
        OrganisationType.NHS_GP: _("GP surgery"),
        OrganisationType.EMERGENCY_SERVICE: _("Emergency service"),
        OrganisationType.SCHOOL_OR_COLLEGE: _("School or college"),
        OrganisationType.OTHER: _("Other"),
        OrganisationType.NHS_NOTIFY: _("NHS Notify"),
    }[kind]
