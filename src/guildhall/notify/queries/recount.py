"""Counting what was used once more, from the messages themselves."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection

from guildhall.kernel.clock import LONDON, financial_year
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.metering import queries as metering
from guildhall.metering.domain.meters import Meter

_Counted = Counter[tuple[UUID | None, str, date, int]]

_RECOUNT = """
SELECT notify_service_id, CASE channel WHEN 'sms' THEN 'sms_fragments' ELSE 'emails' END, rate_multiplier,
    sum(CASE channel WHEN 'sms' THEN fragments ELSE 1 END)
FROM notify_message
WHERE organisation_id = %(council)s AND accepted_at >= %(begins)s AND accepted_at < %(ends)s AND key_kind <> 'test'
    AND channel IN ('email', 'sms')
GROUP BY 1, 2, 3
UNION ALL
SELECT notify_service_id, 'sms_fragments', rate_multiplier, -sum(fragments)
FROM notify_message
WHERE organisation_id = %(council)s AND completed_at >= %(begins)s AND completed_at < %(ends)s AND key_kind <> 'test'
    AND accepted_at >= %(begins)s - interval '14 days' AND channel = 'sms'
    AND status IN ('technical-failure', 'cancelled')
GROUP BY 1, 2, 3
"""


@reading
def list_miscounted_days(days: Sequence[date]) -> Sequence[date]:
    """Return those of the days, each wholly kept, on which the meters say something else than the council's messages.

    Emails and texts are compared: they are counted when they are accepted, and texts that are not sent after all are
    taken back when that is certain.
    """
    metered, recounted = _metered(days), _recounted(days)
    different = {name for name in metered.keys() | recounted.keys() if metered[name] != recounted[name]}
    return sorted({day for _, _, day, _ in different})


def _metered(days: Sequence[date]) -> _Counted:
    counted: _Counted = Counter()
    for year in {financial_year(day) for day in days}:
        for each in metering.days_of_use(year):
            if each.day in days and each.meter in (Meter.EMAILS, Meter.SMS_FRAGMENTS):
                counted[each.service_id, str(each.meter), each.day, each.rate_multiplier] += each.quantity
    return counted


def _recounted(days: Sequence[date]) -> _Counted:
    counted: _Counted = Counter()
    with connection.cursor() as cursor:
        for day in days:
            begins = datetime.combine(day, time(), LONDON)
            ends = datetime.combine(day + timedelta(days=1), time(), LONDON)
            cursor.execute(_RECOUNT, {"council": current_organisation(), "begins": begins, "ends": ends})
            for service_id, meter, multiplier, quantity in cursor.fetchall():
                counted[service_id, meter, day, multiplier] += int(quantity)
    return counted
