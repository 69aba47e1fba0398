"""A timeline: what a resident is shown of one thing they asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.services.tracking.domain.statuses import PublicStatus

NO_WORDS = Text("", "")


@dataclass(frozen=True)
class NewTracker:
    """What a resident asked for, as it begins to be tracked. ``language`` is None when nobody knows what they read."""

    case_id: UUID
    service_id: UUID
    reference: str
    title: Text
    email: str
    language: str | None
    resident_id: UUID | None


@dataclass(frozen=True)
class NewEntry:
    """Something to tell on the timeline. ``note`` is what an officer wrote; the rest is the workflow's words."""

    status: PublicStatus
    words: Text
    what_happens_next: Text
    note: Text = NO_WORDS


@dataclass(frozen=True)
class Line:
    """One line of a timeline."""

    happened_at: datetime
    status: PublicStatus
    words: Text
    note: Text


@dataclass(frozen=True)
class Timeline:
    """Everything a resident is shown, the newest line first."""

    reference: str
    service_id: UUID
    title: Text
    status: PublicStatus
    what_happens_next: Text
    started_at: datetime
    updated_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Tracked:
    """One line of a resident's list of everything they asked for, in any council."""

    organisation_id: UUID
    service_id: UUID
    reference: str
    title: Text
    status: PublicStatus
    started_at: datetime
    updated_at: datetime
