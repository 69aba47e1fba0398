"""One case, whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.kernel.visitor import Language
from guildhall.services.cases import models
from guildhall.services.cases.domain.history import Kind
from guildhall.services.cases.domain.opening import AnswerLine, answers_from
from guildhall.services.cases.domain.workflow import Action, State, Workflow, from_text
from guildhall.services.cases.queries.histories import break_in, events_of, message_of, note_of
from guildhall.services.tracking.domain.statuses import PublicStatus


class NoSuchCase(NotFound):
    """The council has no case of that reference."""


@dataclass(frozen=True)
class EventView:
    """One event as an officer reads it. ``actor_id`` is None for what a resident or Guildhall itself did."""

    position: int
    kind: Kind
    happened_at: datetime
    actor_id: PersonId | None
    subject_id: PersonId | None
    action: Action | None
    to_state: State | None
    note: str
    message: Text


@dataclass(frozen=True)
class CaseView:
    """Everything an officer sees of a case. ``events`` has the newest first.

    ``broken_at`` is the position of the first event that is not what was written; None as long as all is well.
    """

    id: UUID
    reference: str
    service_id: ServiceId
    title: Text
    workflow: Workflow
    state: State
    status: PublicStatus
    version: int
    applicant_name: str
    applicant_email: str
    language: Language | None
    answers: list[AnswerLine]
    payment_id: UUID | None
    assignee_id: PersonId | None
    opened_at: datetime
    updated_at: datetime
    events: list[EventView]
    broken_at: int | None


@reading
def get_case(reference: str) -> CaseView:
    """Return the council's case of that reference, with its history.

    :raises NoSuchCase: it has none.
    """
    case = own_rows(models.Case).select_related("workflow").filter(reference=reference).first()
    if case is None:
        raise NoSuchCase("there is no case with that reference")
    workflow, events = from_text(case.workflow.document), events_of(case)
    return CaseView(
        id=case.id,
        reference=case.reference,
        service_id=ServiceId(case.service_id),
        title=Text(case.title_en, case.title_cy),
        workflow=workflow,
        state=workflow.state(case.state),
        status=PublicStatus(case.public_status),
        version=case.version,
        applicant_name=case.applicant_name,
        applicant_email=case.applicant_email,
        language=language_read(case.language),
        answers=answers_from(case.answers),
        payment_id=case.payment_id,
        assignee_id=_person(case.assignee_id),
        opened_at=case.opened_at,
        updated_at=case.updated_at,
        events=[_event(row, workflow) for row in reversed(events)],
        broken_at=break_in(case, events),
    )


def language_read(stored: str) -> Language | None:
    """Return the language a resident reads, or None when nobody knows."""
    return "cy" if stored == "cy" else "en" if stored == "en" else None


def _event(row: models.CaseEvent, workflow: Workflow) -> EventView:
    return EventView(
        position=row.position,
        kind=Kind(row.kind),
        happened_at=row.happened_at,
        actor_id=_person(row.actor_id),
        subject_id=_person(row.subject_id),
        action=workflow.action(row.action) if row.action else None,
        to_state=workflow.state(row.to_state) if row.to_state else None,
        note=note_of(row),
        message=message_of(row),
    )


def _person(stored: UUID | None) -> PersonId | None:
    return PersonId(stored) if stored else None
