"""What became of a service's messages, in numbers: read from few rows, however many messages there were."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from guildhall.kernel.clock import LONDON
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Status
from guildhall.notify.domain.facts import WAITING
from guildhall.notify.domain.ids import NotifyServiceId, TemplateId

_WAITING = [str(status) for status in WAITING]
_ALIKE = ("notify_service_id", "template_id", "channel", "accepted_on", "status")


@dataclass(frozen=True, slots=True)
class Counted:
    """So many messages of a template, accepted on a day in London, have this status."""

    template_id: TemplateId
    channel: Channel
    accepted_on: date
    status: Status
    messages: int


@dataclass(frozen=True, slots=True)
class Miscount:
    """The counts of a service's template say another number than its messages do."""

    notify_service_id: NotifyServiceId
    template_id: TemplateId
    status: Status
    counted: int
    messages: int


@reading
def count_messages(
    *, of: NotifyServiceId, since: date, until: date, template_id: TemplateId | None = None
) -> Sequence[Counted]:
    """Return how many of a service's messages accepted on these days (in London, both included) have which status.

    What test keys sent is left out: nobody got it. What still waits is counted where it waits.
    """
    counts = own_rows(models.StatusCount).filter(notify_service_id=of, accepted_on__range=(since, until))
    wanted: dict[str, object] = {"notify_service_id": of}
    if template_id is not None:
        counts, wanted["template_id"] = counts.filter(template_id=template_id), template_id
    found = sum(map(_numbers, _waiting(since, until, **wanted)), _sums(counts.exclude(key_kind="test")))
    return [
        Counted(TemplateId(template), Channel(channel), accepted_on, Status(status), messages)
        for (_, template, channel, accepted_on, status), messages in sorted(found.items())
        if messages > 0
    ]


@reading
def count_by_service(
    services: Collection[NotifyServiceId], *, since: date, until: date
) -> Mapping[NotifyServiceId, Sequence[tuple[Status, int]]]:
    """Return how many messages of each of these services, accepted on these days, have which status."""
    counts = own_rows(models.StatusCount).filter(notify_service_id__in=services, accepted_on__range=(since, until))
    waiting = _waiting(since, until, notify_service_id__in=services)
    summed = counts.exclude(key_kind="test").values_list("notify_service_id", "status").annotate(n=Sum("messages"))
    numbered = [rows.values_list("notify_service_id", "status").annotate(n=Count("*")).order_by() for rows in waiting]
    found: dict[NotifyServiceId, list[tuple[Status, int]]] = {service: [] for service in services}
    for service, status, messages in chain(summed.order_by(), *numbered):
        found[NotifyServiceId(service)].append((Status(status), messages))
    return found


@reading
def name_templates(template_ids: Collection[TemplateId], *, of: NotifyServiceId) -> Mapping[TemplateId, str]:
    """Return what a service's templates are called now, those that were put away included."""
    last = own_rows(models.Template).filter(notify_service_id=of, id__in=template_ids).values_list("id", "version")
    current = dict(last)
    names = own_rows(models.TemplateVersion).filter(template_id__in=current)
    return {
        TemplateId(template): name
        for template, version, name in names.values_list("template_id", "version", "name")
        if current[template] == version
    }


@reading
def list_miscounts(*, since: date, until: date) -> Sequence[Miscount]:
    """Compare the current council's counts of some days with a recount of its messages, and return what differs.

    Good for days of which every message is still kept. Both are read in one look: what changes meanwhile is no
    miscount.
    """
    values: dict[str, Any] = {
        "organisation": current_organisation(),
        "since": since,
        "until": until,
        "begins_at": _midnight(since),
        "ends_at": _midnight(until + timedelta(days=1)),
        "waiting": _WAITING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, values)
        return [
            Miscount(NotifyServiceId(service), TemplateId(template), Status(status), counted, messages)
            for service, template, status, counted, messages in cursor.fetchall()
        ]


_COMPARE = """
WITH counted AS (
    SELECT notify_service_id, template_id, status, sum(messages) AS messages FROM notify_statuscount
    WHERE organisation_id = %(organisation)s AND accepted_on BETWEEN %(since)s AND %(until)s GROUP BY 1, 2, 3
), kept AS (
    SELECT notify_service_id, template_id, status, count(*) AS messages FROM notify_message
    WHERE organisation_id = %(organisation)s AND accepted_at >= %(begins_at)s AND accepted_at < %(ends_at)s
        AND status <> ALL(%(waiting)s) GROUP BY 1, 2, 3
)
SELECT notify_service_id, template_id, status, coalesce(counted.messages, 0), coalesce(kept.messages, 0)
FROM counted FULL JOIN kept USING (notify_service_id, template_id, status)
WHERE coalesce(counted.messages, 0) <> coalesce(kept.messages, 0) ORDER BY 1, 2, 3
"""

_Same = tuple[UUID, UUID, str, date, str]


def _sums(rows: QuerySet[models.StatusCount]) -> Counter[_Same]:
    summed = rows.values_list(*_ALIKE).annotate(Sum("messages")).order_by()
    return Counter({same: messages for *alike, messages in summed if (same := tuple(alike))})


def _numbers(rows: QuerySet[models.Message]) -> Counter[_Same]:
    dated = rows.annotate(accepted_on=TruncDate("accepted_at", tzinfo=LONDON))
    numbered = dated.values_list(*_ALIKE).annotate(messages=Count("*")).order_by()
    return Counter({same: messages for *alike, messages in numbered if (same := tuple(alike))})


def _waiting(since: date, until: date, **wanted: object) -> Sequence[QuerySet[models.Message]]:
    """Return what waits to be tried, and letters that wait to be looked through: each has an index of its own.

    Only letters that programs bring are looked through, and none of them is of a list. Without saying so, the index of
    what was sent singly could not be used.
    """
    rows = _of_days(since, until).filter(**wanted)
    to_be_tried = rows.filter(status__in=_WAITING, next_try_at__isnull=False).exclude(key_kind="test")
    to_be_checked = rows.filter(
        key_kind__in=("live", "team", "own"), channel=str(Channel.LETTER), status=str(Status.PENDING_VIRUS_CHECK)
    )
    return to_be_tried, to_be_checked.filter(next_try_at=None, job_id=None)


def _of_days(since: date, until: date) -> QuerySet[models.Message]:
    begins_at, ends_at = _midnight(since), _midnight(until + timedelta(days=1))
    rows = models.Message.objects.filter(organisation_id=current_organisation())
    return rows.filter(accepted_at__gte=begins_at, accepted_at__lt=ends_at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
