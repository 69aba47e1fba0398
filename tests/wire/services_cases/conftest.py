"""A council's officers at their browsers, and a case in front of them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client

from guildhall.identity.testing import make_person, sign_in
from guildhall.kernel.audiences import Role
from guildhall.kernel.ids import PersonId
from guildhall.organisations.queries import Council, Service
from guildhall.organisations.testing import make_officer, make_service
from guildhall.services.cases import queries
from guildhall.services.cases.queries import CaseView
from guildhall.services.cases.testing import new_case, open_case


@dataclass(frozen=True)
class Desk:
    """An officer and their browser."""

    person_id: PersonId
    client: Client

    def get(self, address: str, **query: str) -> str:
        response = self.client.get(address, query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()


@pytest.fixture
def service(council: Council) -> Service:
    return make_service(council)


@pytest.fixture
def desk(council: Council) -> Callable[..., Desk]:
    """Seat an officer with the given roles at a browser, signed in with a second factor."""

    def seat(*roles: Role, of: Council = council) -> Desk:
        person, client = make_person(), Client()
        make_officer(of, *(roles or (Role.CASEWORKER,)), person_id=person.id)
        sign_in(client, person.id, has_second_factor=True)
        return Desk(person.id, client)

    return seat


@dataclass(frozen=True)
class Opened:
    id: UUID
    reference: str
    address: str

    def now(self) -> CaseView:
        return queries.get_case(self.reference)


@pytest.fixture
def opened(council: Council, service: Service) -> Callable[..., Opened]:
    def make(**changes: object) -> Opened:
        new = new_case(service.id, **changes)
        return Opened(open_case(new), new.reference, f"/staff/{council.slug}/cases/{new.reference}")

    return make
