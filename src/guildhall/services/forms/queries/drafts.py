"""Answers in progress, for whoever holds their token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import ServiceId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.secrets import digest
from guildhall.kernel.transactions import reading
from guildhall.services.forms import models
from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.journey import Answers, Journey, walk
from guildhall.services.forms.queries.versions import definition_of


class DraftNotFound(NotFound):
    """There are no answers behind this token, or not any more."""


@dataclass(frozen=True)
class DraftView:
    """Answers in progress, and the form they answer: the version they were begun with, whatever was published since."""

    id: UUID
    service_id: ServiceId
    version_id: UUID
    definition: FormDefinition
    answers: Answers
    is_preview: bool
    is_submitted: bool
    links_sent: int
    expires_at: datetime

    @property
    def journey(self) -> Journey:
        """Return how far the answers lead."""
        return walk(self.definition, self.answers)


@reading
def find_draft(token: str, *, now: datetime) -> DraftView | None:
    """Return the answers a token leads to, or None: it was never given out, or too much time has passed."""
    rows = own_rows(models.Draft).filter(tokens__digest=digest(token), expires_at__gt=now) if token else None
    row = rows.first() if rows is not None else None
    return draft_of(row) if row else None


def draft_of(row: models.Draft) -> DraftView:
    """Read a row as a value."""
    return DraftView(
        id=row.id,
        service_id=ServiceId(row.service_id),
        version_id=row.version_id,
        definition=definition_of(row.version_id),
        answers=row.answers,
        is_preview=row.is_preview,
        is_submitted=row.submitted_at is not None,
        links_sent=row.links_sent,
        expires_at=row.expires_at,
    )
