"""Looking at persons. Everything comes back as values; nothing here says whether a secret is right."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from guildhall.identity import models
from guildhall.identity.domain.email_address import EmailAddress
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.kernel.visitor import Language


class NoSuchPerson(NotFound):
    """Nobody has this id."""


@dataclass(frozen=True)
class PersonView:
    """A person as other modules may know them. ``generation`` tells sessions that are over from those that are not."""

    id: PersonId
    email: EmailAddress
    name: str
    language: Language
    generation: int


@dataclass(frozen=True)
class Protection:
    """How a person's account is protected, for its settings page."""

    has_app: bool
    uses_emailed_codes: bool
    password_changed_at: datetime | None


@reading
def get_person(person_id: PersonId | UUID) -> PersonView:
    """Return the person with this id.

    :raises NoSuchPerson: nobody has it.
    """
    person = find_person(person_id)
    if person is None:
        raise NoSuchPerson("there is no such person")
    return person


@reading
def find_person(person_id: PersonId | UUID) -> PersonView | None:
    """Return the person with this id, or None."""
    row = models.Person.objects.filter(id=person_id).first()
    return _view(row) if row else None


@reading
def find_person_by_email(email: EmailAddress) -> PersonView | None:
    """Return who has an account under this address, or None. Never let a page's answer depend on it."""
    row = models.Person.objects.filter(email=email).first()
    return _view(row) if row else None


@reading
def get_protection(person_id: PersonId) -> Protection:
    """Return how the person's account is protected."""
    person = models.Person.objects.select_related("password").get(id=person_id)
    return Protection(
        has_app=person.apps.filter(confirmed_at__isnull=False).exists(),
        uses_emailed_codes=person.uses_emailed_codes,
        password_changed_at=person.password.changed_at,
    )


@reading
def find_registration_address(journey: UUID) -> EmailAddress | None:
    """Return the address of an account being created, for the page of the browser that is creating it."""
    address = models.Registration.objects.filter(id=journey).values_list("email", flat=True).first()
    return EmailAddress(address) if address else None


def _view(row: models.Person) -> PersonView:
    return PersonView(PersonId(row.id), EmailAddress(row.email), row.name, cast(Language, row.language), row.generation)
