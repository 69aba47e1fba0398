"""Cases for other modules' tests."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from guildhall.design.languages import Text
from guildhall.kernel.ids import ServiceId, new_id, new_reference
from guildhall.kernel.transactions import transaction
from guildhall.services.cases import operations
from guildhall.services.cases.domain.opening import AnswerLine, NewCase
from guildhall.services.cases.domain.workflows import named

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def new_case(service_id: ServiceId, **changes: Any) -> NewCase:
    """Return what a case of Ffion's two sofas would be opened with, but for ``changes``."""
    new = NewCase(
        service_id=service_id,
        submission_id=new_id(),
        reference=new_reference(),
        workflow=named("bulky-waste"),
        title=Text("Bulky waste collection", "Casglu gwastraff swmpus"),
        answers=[
            AnswerLine(Text("What should we collect?", "Beth ddylem ei gasglu?"), "2 sofas"),
            AnswerLine(Text("Where is it?", "Ble mae e?"), "1 Stryd Fawr\nTestford\nTE1 1ST"),
        ],
        applicant_email="ffion@example.com",
        applicant_name="Ffion Jones",
        language="en",
    )
    return replace(new, **changes)


def open_case(new: NewCase, *, now: datetime = NOON) -> UUID:
    """Open it, in a transaction of its own."""
    with transaction():
        return operations.open_case(new, now=now)
