"""A council with a bulky waste service, its officers, and cases to work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from guildhall.kernel.audiences import Role
from guildhall.notify.queries import MessageView, list_messages
from guildhall.organisations.queries import Council, Service
from guildhall.organisations.testing import make_officer, make_service
from guildhall.services.cases import queries
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.domain.opening import NewCase
from guildhall.services.cases.queries import CaseView
from guildhall.services.cases.testing import NOON as NOON
from guildhall.services.cases.testing import new_case
from guildhall.services.cases.testing import open_case as open_case


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
    return new_case(service.id, **changes)


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
