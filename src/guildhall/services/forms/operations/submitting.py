"""Submitting: complete, once, and before any payment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest

from guildhall.kernel.ids import PersonId, ServiceId, new_reference
from guildhall.kernel.money import Pence, in_pounds
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.visitor import Language
from guildhall.services.cases import operations as cases
from guildhall.services.cases.domain.opening import AnswerLine, NewCase
from guildhall.services.forms import models
from guildhall.services.forms.domain.fees import amount_due
from guildhall.services.forms.domain.journey import email_of, lines, name_of, walk
from guildhall.services.forms.domain.messages import ours
from guildhall.services.forms.operations.attempts import start_attempt
from guildhall.services.forms.operations.drafts import LASTS_BY_LINK, AlreadySubmitted
from guildhall.services.forms.queries.drafts import DraftNotFound, DraftView, draft_of
from guildhall.services.forms.queries.versions import definition_of


class Incomplete(Conflict):
    """Questions on the path have no answers, or the form is not for this person."""


class OnlyAPreview(Conflict):
    """A preview is for looking: nothing is submitted."""


@dataclass(frozen=True)
class Sender:
    """Who submits: the language they read, and the person they are if they have signed in."""

    language: Language
    person_id: PersonId | None = None


@dataclass(frozen=True)
class Submitted:
    """What came of it: a case is open, or the resident is to pay at ``pay_at`` first."""

    reference: str
    pay_at: str = ""


@transaction
def submit(draft_id: UUID, *, by: Sender, now: datetime) -> Submitted:
    """Store what was answered, complete; then open the case, or where a fee is due begin the payment.

    The answers of the journey are gone from it afterwards. Of two submits at the same moment one waits for the other
    and is refused.

    :raises AlreadySubmitted: the journey has been submitted.
    :raises DraftNotFound: there is no such journey, or not any more.
    :raises Incomplete: something on the path has no answer.
    :raises OnlyAPreview: it is a preview.
    :raises CannotBePaid: a fee is due and the service has no account to pay it into.
    """
    row = own_rows(models.Draft).select_for_update().filter(id=draft_id, expires_at__gt=now).first()
    if row is None:
        raise DraftNotFound("there are no answers here, or not any more")
    if row.submitted_at:
        raise AlreadySubmitted("these answers have been submitted")
    submission = _store(draft_of(row), by, now)
    # The empty draft stays, so that whoever holds its token can pay later and see the reference.
    kept = Greatest(F("expires_at"), Value(now + LASTS_BY_LINK))
    own_rows(models.Draft).filter(id=row.id).update(answers={}, submitted_at=now, expires_at=kept)
    if submission.amount_due:
        return Submitted(submission.reference, start_attempt(submission, now=now))
    open_case(submission, payment_id=None, now=now)
    return Submitted(submission.reference)


@part_of_a_transaction
def open_case(submission: models.Submission, *, payment_id: UUID | None, now: datetime) -> None:
    """Open the case of a submission, once. The caller holds the submission's lock, or has just made it."""
    if submission.case_id is not None:
        return
    submission.case_id = cases.open_case(_new_case(submission, payment_id), now=now)
    own_rows(models.Submission).filter(id=submission.id, case_id=None).update(
        case_id=submission.case_id, case_opened_at=now
    )


def _store(draft: DraftView, by: Sender, now: datetime) -> models.Submission:
    if draft.is_preview:
        raise OnlyAPreview("this is a preview: nothing is submitted")
    form, journey = draft.definition, draft.journey
    if not journey.is_complete:
        raise Incomplete("something has not been answered")
    row = models.Submission(
        service_id=draft.service_id,
        version_id=draft.version_id,
        sha256=own_rows(models.FormVersion).values_list("sha256", flat=True).get(id=draft.version_id),
        journey_id=draft.id,
        language=by.language,
        answers=dict(journey.answers),
        applicant_email=email_of(form, journey.answers),
        applicant_name=name_of(form, journey.answers),
        resident_id=by.person_id,
        amount_due=amount_due(form, journey.answers),
        submitted_at=now,
    )
    return _with_a_reference(row)


def _with_a_reference(row: models.Submission) -> models.Submission:
    """Store the submission under a reference that nobody in the council has; chance may have to be asked again."""
    stored = own_rows(models.Submission).filter(id=row.id)
    while not stored.exists():
        if own_rows(models.Submission).filter(journey_id=row.journey_id).exists():
            raise AlreadySubmitted("these answers have been submitted")
        row.reference = new_reference()
        models.Submission.objects.bulk_create([row], ignore_conflicts=True)
    return row


def _new_case(submission: models.Submission, payment_id: UUID | None) -> NewCase:
    form = definition_of(submission.version_id)
    language: Language = "cy" if submission.language == "cy" else "en"
    answered = [
        AnswerLine(line.text, line.shown(language) or ours("not_answered").in_(language))
        for line in lines(form, walk(form, submission.answers))
    ]
    if submission.amount_due:
        answered.append(AnswerLine(ours("paid"), in_pounds(Pence(submission.amount_due))))
    assert form.workflow is not None  # a form without one is not published
    return NewCase(
        service_id=ServiceId(submission.service_id),
        submission_id=submission.id,
        reference=submission.reference,
        workflow=form.workflow,
        title=form.title,
        answers=answered,
        applicant_email=submission.applicant_email,
        applicant_name=submission.applicant_name,
        language=language,
        resident_id=PersonId(submission.resident_id) if submission.resident_id else None,
        payment_id=payment_id,
    )
