"""For operators: messages of any council that were given up because they kept others waiting, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import connection

from guildhall.kernel.ids import OrganisationId, moment_of
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Channel, Quarantine
from guildhall.notify.domain.ids import MessageId
from guildhall.organisations.queries import Council, get_council_by_id

_LATEST = "SELECT organisation_id, id FROM notify_quarantined() ORDER BY organisation_id"


@dataclass(frozen=True, slots=True)
class QuarantinedView:
    """A message that was given up: whose it was and what was wrong with it, and not a word of what it says."""

    council: Council
    service: str
    message_id: MessageId
    template_id: UUID
    channel: Channel
    reason: Quarantine
    problem: str
    at: datetime


def list_quarantined(*, since: datetime) -> Sequence[QuarantinedView]:
    """Return what was given up since a moment, in any council, the latest first; a thousand at most."""
    found = [
        each
        for council, ids in groupby(_ids(since), key=lambda row: row[0])
        for each in _of_council(council, [row[1] for row in ids])
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


@reading
def count_quarantined(*, since: datetime) -> int:
    """Return how many messages were given up since a moment, in all councils; a thousand at most."""
    return len(_ids(since))


@reading
def _ids(since: datetime) -> list[tuple[OrganisationId, UUID]]:
    """Return the rows since a moment: an id tells when it was made."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        return [(council, row) for council, row in cursor.fetchall() if (moment_of(row) or since) >= since]


def _of_council(organisation_id: OrganisationId, ids: Sequence[UUID]) -> Iterator[QuarantinedView]:
    with acting_for(organisation_id), reading():
        council = get_council_by_id(organisation_id)
        names = dict(own_rows(models.NotifyService).values_list("id", "name"))
        for row in own_rows(models.QuarantinedMessage).filter(id__in=ids):
            yield QuarantinedView(
                council=council,
                service=names.get(row.notify_service_id, ""),
                message_id=MessageId(row.message_id),
                template_id=row.template_id,
                channel=Channel(row.channel),
                reason=Quarantine(row.reason),
                problem=row.problem,
                at=row.at,
            )
