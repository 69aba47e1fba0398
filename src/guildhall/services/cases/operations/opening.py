"""Opening a case: once per submission, with its receipt, or not at all."""

import hashlib
from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import new_id
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction
from guildhall.services.cases import models
from guildhall.services.cases.domain.history import BEFORE_THE_FIRST, Happening, Kind, digest_of, forge
from guildhall.services.cases.domain.letters import RECEIPT
from guildhall.services.cases.domain.opening import NewCase, answers_document, content_of_opening, search_words
from guildhall.services.cases.domain.workflow import State, Workflow, to_text
from guildhall.services.cases.operations import letters
from guildhall.services.cases.operations.history import write_link
from guildhall.services.tracking import operations as tracking
from guildhall.services.tracking.domain.statuses import what_happened
from guildhall.services.tracking.domain.timeline import NewEntry, NewTracker


class ReferenceTaken(Conflict):
    """Another case of the council has this reference."""


@part_of_a_transaction
def open_case(new: NewCase, *, now: datetime) -> UUID:
    """Open a case for a submission, begin its timeline and send the resident the receipt.

    Opening twice for the same submission opens one case and sends one receipt: the second call, however close
    behind, waits for the first to commit and returns its case.

    :raises ReferenceTaken: a case of another submission has the reference.
    """
    case = _row(new, now=now)
    models.Case.objects.bulk_create([case], ignore_conflicts=True)
    opened = own_rows(models.Case).filter(submission_id=new.submission_id).values_list("id", flat=True).first()
    if opened is None:
        raise ReferenceTaken(f"the reference {new.reference} is another case's")
    if opened == case.id:
        _begin(new, case, now=now)
    return opened


def _row(new: NewCase, *, now: datetime) -> models.Case:
    case_id = new_id()
    first = new.workflow.state(new.workflow.first_state)
    return models.Case(
        id=case_id,
        service_id=new.service_id,
        submission_id=new.submission_id,
        reference=new.reference,
        workflow_id=_ensure_workflow(new.workflow),
        title_en=new.title.en,
        title_cy=new.title.cy,
        state=first.state,
        public_status=first.public_status,
        answers=answers_document(new.answers),
        applicant_name=new.applicant_name,
        applicant_email=new.applicant_email,
        language=new.language or "",
        resident_id=new.resident_id,
        payment_id=new.payment_id,
        opened_at=now,
        updated_at=now,
        last_position=1,
        chain_head=forge(_opening(case_id, new, now=now), after=BEFORE_THE_FIRST).hash,
        search_words=search_words(new),
    )


def _begin(new: NewCase, case: models.Case, *, now: datetime) -> None:
    first = new.workflow.state(new.workflow.first_state)
    write_link(_opening(case.id, new, now=now), after=BEFORE_THE_FIRST, event_id=new_id())
    tracking.start(_tracker(new, case.id), _first_entry(first), now=now)
    letters.send(RECEIPT, case, {"next": first.what_happens_next}, position=1, now=now)


def _opening(case_id: UUID, new: NewCase, *, now: datetime) -> Happening:
    return Happening(
        case_id=case_id,
        position=1,
        kind=Kind.OPENED,
        happened_at=now,
        to_state=new.workflow.first_state,
        content_digest=digest_of(content_of_opening(answers_document(new.answers))),
    )


def _tracker(new: NewCase, case_id: UUID) -> NewTracker:
    return NewTracker(
        case_id=case_id,
        service_id=new.service_id,
        reference=new.reference,
        title=new.title,
        email=new.applicant_email,
        language=new.language,
        resident_id=new.resident_id,
    )


def _first_entry(first: State) -> NewEntry:
    return NewEntry(first.public_status, what_happened(first.public_status), first.what_happens_next)


def _ensure_workflow(workflow: Workflow) -> UUID:
    document = to_text(workflow)
    digest = hashlib.sha256(document.encode()).hexdigest()
    models.WorkflowDocument.objects.bulk_create(
        [models.WorkflowDocument(digest=digest, document=document)], ignore_conflicts=True
    )
    return own_rows(models.WorkflowDocument).values_list("id", flat=True).get(digest=digest)
