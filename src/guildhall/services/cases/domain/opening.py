"""What a case is opened with: everything the resident sent, as they saw it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel.ids import PersonId, ServiceId
from guildhall.kernel.text import fold
from guildhall.kernel.visitor import Language
from guildhall.services.cases.domain.workflow import Workflow


@dataclass(frozen=True)
class AnswerLine:
    """One question as it was asked, and the answer as it was given."""

    question: Text
    answer: str


@dataclass(frozen=True)
class NewCase:
    """A submission that the council is to work on. ``language`` is None when nobody knows what the resident reads."""

    service_id: ServiceId
    submission_id: UUID
    reference: str
    workflow: Workflow
    title: Text
    answers: list[AnswerLine]
    applicant_email: str
    applicant_name: str = ""
    language: Language | None = None
    resident_id: PersonId | None = None
    payment_id: UUID | None = None


def answers_document(answers: Iterable[AnswerLine]) -> list[dict[str, str]]:
    """Write the answers as the JSON that ``answers_from`` reads."""
    return [{"en": line.question.en, "cy": line.question.cy, "answer": line.answer} for line in answers]


def answers_from(document: Iterable[dict[str, str]]) -> list[AnswerLine]:
    """Read the answers that ``answers_document`` wrote."""
    return [AnswerLine(Text(row["en"], row["cy"]), row["answer"]) for row in document]


def content_of_opening(answers: list[dict[str, str]]) -> dict[str, object]:
    """Return what the digest of the first event is made of: the answers as ``answers_document`` wrote them."""
    return {"answers": answers}


def search_words(new: NewCase) -> str:
    """Return the folded text that a search looks through: reference, name, email address and every answer.

    >>> search_words(case_of("HK2DE5RT", name="Ffion Jones", answers=["2 sofas"]))
    'hk2de5rt\\nffion jones\\n\\n2 sofas'
    """
    parts = [new.reference, new.applicant_name, new.applicant_email, *(line.answer for line in new.answers)]
    return "\n".join(map(fold, parts))


def words_sought(typed: str) -> list[str]:
    """Split what an officer typed into the words that must all be found.

    >>> words_sought("  Jones SOFA ")
    ['jones', 'sofa']
    """
    return fold(typed).split()
