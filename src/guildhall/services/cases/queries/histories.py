"""Whether histories are what was written."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from guildhall.design.languages import Text
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.services.cases import models
from guildhall.services.cases.domain.history import Happening, Kind, Link, digest_of, first_break
from guildhall.services.cases.domain.opening import content_of_opening
from guildhall.services.cases.domain.writing import content_of_writing
from guildhall.services.tracking.domain.timeline import NO_WORDS


@dataclass(frozen=True)
class BrokenHistory:
    """A case whose history is not what was written, and the position of the first event that is wrong."""

    reference: str
    position: int


@reading
def list_broken_histories() -> list[BrokenHistory]:
    """Check the history of every case of the council that is acting; for doctor, which names what it finds."""
    rows = _events().order_by("case_id", "position").iterator(chunk_size=2000)
    broken = []
    for _, events in groupby(rows, key=lambda row: row.case_id):
        first, *rest = events
        position = break_in(first.case, [first, *rest])
        if position is not None:
            broken.append(BrokenHistory(first.case.reference, position))
    return broken


def events_of(case: models.Case) -> list[models.CaseEvent]:
    """Return a case's events in order, with the words that belong to them."""
    return list(_events().filter(case_id=case.id).order_by("position"))


def break_in(case: models.Case, events: Iterable[models.CaseEvent]) -> int | None:
    """Return the position of the first event that is not what was written, or None when the history is whole."""
    links = [_link(case, event) for event in events]
    broken = first_break(links)
    if broken is None and (not links or links[-1].hash != case.chain_head):
        return len(links) + 1
    return broken


def note_of(event: models.CaseEvent) -> str:
    """Return what the officer wrote for colleagues, if anything."""
    return event.note.text if hasattr(event, "note") else ""


def message_of(event: models.CaseEvent) -> Text:
    """Return what the officer wrote to the resident, if anything."""
    return Text(event.message.text_en, event.message.text_cy) if hasattr(event, "message") else NO_WORDS


def _events() -> QuerySet[models.CaseEvent]:
    return own_rows(models.CaseEvent).select_related("case", "note", "message")


def _link(case: models.Case, event: models.CaseEvent) -> Link:
    """Read an event as a link whose digest is of the words that lie beside it now, so that altered words break it."""
    happening = Happening(
        case_id=event.case_id,
        position=event.position,
        kind=Kind(event.kind),
        happened_at=event.happened_at,
        actor_id=event.actor_id,
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        subject_id=event.subject_id,
        content_digest=digest_of(_content(case, event)),
    )
    return Link(happening, event.previous_hash, event.hash)


def _content(case: models.Case, event: models.CaseEvent) -> dict[str, object]:
    if event.kind == Kind.OPENED:
        return content_of_opening(case.answers)
    return content_of_writing(note_of(event), message_of(event))
