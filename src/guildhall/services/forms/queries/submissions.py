"""What has been submitted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guildhall.kernel.ids import ServiceId
from guildhall.kernel.money import Pence
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.rows import own_rows
from guildhall.kernel.transactions import reading
from guildhall.kernel.visitor import Language
from guildhall.services.forms import models
from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.journey import Answers
from guildhall.services.forms.queries.versions import definition_of


class SubmissionNotFound(NotFound):
    """Nothing was submitted on this journey."""


@dataclass(frozen=True)
class SubmissionView:
    """What a resident sent, and whether its case is open."""

    id: UUID
    service_id: ServiceId
    journey_id: UUID
    definition: FormDefinition
    reference: str
    language: Language
    answers: Answers
    applicant_email: str
    amount_due: Pence
    submitted_at: datetime
    is_open: bool


@reading
def get_submission_of_journey(journey_id: UUID) -> SubmissionView:
    """Return what was submitted on a journey.

    :raises SubmissionNotFound: nothing was.
    """
    row = own_rows(models.Submission).filter(journey_id=journey_id).first()
    if row is None:
        raise SubmissionNotFound("nothing has been submitted on this journey")
    return submission_of(row)


@reading
def count_submissions(service_id: ServiceId) -> int:
    """Return how often the current council's service has been asked for, paid or not."""
    return own_rows(models.Submission).filter(service_id=service_id).count()


def submission_of(row: models.Submission) -> SubmissionView:
    """Read a row as a value."""
    return SubmissionView(
        id=row.id,
        service_id=ServiceId(row.service_id),
        journey_id=row.journey_id,
        definition=definition_of(row.version_id),
        reference=row.reference,
        language="cy" if row.language == "cy" else "en",
        answers=row.answers,
        applicant_email=row.applicant_email,
        amount_due=Pence(row.amount_due),
        submitted_at=row.submitted_at,
        is_open=row.case_id is not None,
    )
