"""What became of a list's rows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.rows import own_rows
from guildhall.kernel.tenancy import acting_for, current_organisation
from guildhall.kernel.transactions import reading
from guildhall.notify import models
from guildhall.notify.domain.delivery import Status
from guildhall.notify.domain.lists.life import Unsent
from guildhall.notify.queries.lists.contents import read_blocks
from guildhall.notify.queries.lists.views import ListView
from guildhall.spreadsheets.table import Row

FAILED = frozenset(
    {
        Status.TECHNICAL_FAILURE,
        Status.TEMPORARY_FAILURE,
        Status.PERMANENT_FAILURE,
        Status.VALIDATION_FAILED,
        Status.VIRUS_SCAN_FAILED,
        Status.RETURNED_LETTER,
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: its message's status and times, or why it was not sent. Neither: it has not been yet."""

    row: Row
    message_id: UUID | None = None
    status: Status | None = None
    unsent: Unsent | None = None
    accepted_at: datetime | None = None
    sent_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def has_failed(self) -> bool:
        return self.unsent is not None or self.status in FAILED


@reading
def count_statuses(view: ListView) -> Mapping[Status, int]:
    """Return how many of a list's messages are where."""
    messages = models.Message.objects.filter(organisation_id=current_organisation(), job_id=view.id)
    found = messages.order_by().values_list("status").annotate(messages=Count("*"))
    return Counter({Status(status): count for status, count in found})


def read_outcomes(view: ListView, organisation_id: OrganisationId) -> Iterator[Outcome]:
    """Go through a list's rows with what became of each: a download may take as long as it takes."""
    for block in read_blocks(view.id, organisation_id):
        rows = [listed.row for listed in block]
        with acting_for(organisation_id):
            outcomes = _outcomes(view, rows)
        yield from outcomes


@reading
def _outcomes(view: ListView, rows: list[Row]) -> list[Outcome]:
    numbers = (rows[0].number - view.heading_row, rows[-1].number - view.heading_row)
    messages = models.Message.objects.filter(
        organisation_id=current_organisation(), job_id=view.id, job_row__range=numbers
    )
    by_row = {message.job_row: message for message in messages}
    unsent = own_rows(models.UnsentRow).filter(list_id=view.id, row__range=numbers)
    reasons = {each.row: Unsent(each.reason) for each in unsent}
    return [
        _outcome(row, by_row.get(row.number - view.heading_row), reasons.get(row.number - view.heading_row))
        for row in rows
    ]


def _outcome(row: Row, message: models.Message | None, unsent: Unsent | None) -> Outcome:
    if message is None:
        return Outcome(row, unsent=unsent)
    return Outcome(
        row, message.id, Status(message.status), None, message.accepted_at, message.sent_at, message.completed_at
    )
