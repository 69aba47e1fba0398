"""A council with a bulky waste service, its officers, and cases to work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from guildhall.design.languages import Text
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import new_id, new_reference
from guildhall.kernel.transactions import transaction
from guildhall.notify.queries import MessageView, list_messages
from guildhall.organisations.queries import Council, Service
from guildhall.organisations.testing import make_officer, make_service
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.domain.opening import AnswerLine, NewCase
from guildhall.services.cases.domain.workflows import named
from guildhall.services.cases.queries import CaseView

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def service(council: Council) -> Service:
    return make_service(council)


@pytest.fixture
def caseworker(council: Council) -> Officer:
    return officer_of(council, Role.CASEWORKER)


@pytest.fixture
def colleague(council: Council) -> Officer:
    return officer_of(council, Role.CASEWORKER)


def officer_of(council: Council, *roles: Role) -> Officer:
    member = make_officer(council, *roles)
    return Officer(member.person_id, frozenset(member.roles))


def wanted(service: Service, **changes: Any) -> NewCase:
    new = NewCase(
        service_id=service.id,
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
    with transaction():
        return operations.open_case(new, now=now)


@dataclass(frozen=True)
class Opened:
    """A case that has just been opened, and how to look at it again."""

    id: UUID
    reference: str

    def now(self) -> CaseView:
        return queries.get_case(self.reference)


@pytest.fixture
def opened(service: Service) -> Callable[..., Opened]:
    def make(**changes: Any) -> Opened:
        new = wanted(service, **changes)
        return Opened(open_case(new), new.reference)

    return make


@pytest.fixture
def emails(council: Council) -> Callable[[], list[MessageView]]:
    """Return every email that the council has sent, the oldest first."""
    return lambda: list(reversed(list_messages().rows))


@pytest.fixture
def tamper(as_login: Callable[..., Any]) -> Callable[[UUID, str], None]:
    """Change a case's rows as somebody with the owner's password could: past the wall and the triggers."""
    tables = [f"services_cases_{name}" for name in ("case", "caseevent", "casenote", "casemessage")]

    def change(case_id: UUID, statements: str) -> None:
        with as_login("owner") as owner:
            owner.autocommit = True
            for table in tables:
                owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
            for statement in statements.split("; "):
                owner.execute(statement.replace("{case}", f"'{case_id}'"))
            for table in tables:
                owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")

    return change
