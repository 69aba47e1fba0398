"""Looking at persons. Everything comes back as values; nothing here says whether a secret is right."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models
from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import NotFound
from guildhall.kernel.transactions import reading
from guildhall.kernel.visitor import Language
from guildhall.organisations import queries as organisations

APP_SECRET = "identity.authenticator_app"  # noqa: S105
RESET_LINK = "identity.reset_link"
RESET_LINK_LASTS = timedelta(hours=1)


class NoSuchPerson(NotFound):
    """Nobody has this id."""


class ResetLinkLapsed(NotFound):
    """The link for a new password was used, is too old, or was changed."""


@dataclass(frozen=True)
class PersonView:
    """A person as other modules may know them. ``generation`` tells sessions that are over from those that are not."""

    id: PersonId
    email: EmailAddress
    name: str
    language: Language
    generation: int
    reads_in_account: bool = False


@dataclass(frozen=True)
class Protection:
    """How a person's account is protected, for its settings page."""

    has_app: bool
    uses_emailed_codes: bool
    password_changed_at: datetime

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or self.uses_emailed_codes


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
def names_of_people(ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of persons by their ids, or their addresses where they gave no name."""
    rows = models.Person.objects.filter(id__in=ids).values_list("id", "name", "email")
    return {str(id): name or email for id, name, email in rows}


@reading
def find_person_by_email(email: EmailAddress) -> PersonView | None:
    """Return who has an account under this address, or None. Never let a page's answer depend on it."""
    row = models.Person.objects.filter(email=email).first()
    return _view(row) if row else None


@reading
def list_who_read_in_their_account(emails: Collection[str]) -> dict[str, PersonId]:
    """Return the persons with these email addresses who want councils' messages in their account, by address."""
    rows = models.Person.objects.filter(email__in=emails, reads_in_account=True)
    return {email: PersonId(person_id) for email, person_id in rows.values_list("email", "id")}


@reading
def get_protection(person_id: PersonId) -> Protection:
    """Return how the person's account is protected."""
    person = models.Person.objects.select_related("password").get(id=person_id)
    return Protection(
        has_app=person.apps.filter(confirmed_at__isnull=False).exists(),
        uses_emailed_codes=person.uses_emailed_codes,
        password_changed_at=person.password.changed_at,
    )


def works_somewhere(person_id: PersonId) -> bool:
    """Say whether the person is an officer of any council, or runs the installation."""
    return organisations.is_operator(person_id) or bool(organisations.list_memberships_of(person_id))


@reading
def find_registration_address(journey: UUID) -> EmailAddress | None:
    """Return the address of an account being created, for the page of the browser that is creating it."""
    address = models.Registration.objects.filter(id=journey).values_list("email", flat=True).first()
    return EmailAddress(address) if address else None


@reading
def find_new_app(person_id: PersonId) -> str | None:
    """Return the secret of the app that the person is setting up, to be shown to them, or None."""
    app = models.AuthenticatorApp.objects.filter(person_id=person_id, confirmed_at=None).first()
    return secret_of(app) if app else None


@reading
def read_reset_link(token: str) -> PersonView:
    """Return who may choose a new password with this link.

    :raises ResetLinkLapsed: it was used, is too old, or was changed.
    """
    try:
        person_id, _, generation = secrets.unseal(token, RESET_LINK, kept_for=RESET_LINK_LASTS).partition(".")
    except secrets.BrokenSeal as fault:
        raise ResetLinkLapsed("this link is too old or was changed") from fault
    person = find_person(UUID(person_id))
    if person is None or person.generation != int(generation):
        raise ResetLinkLapsed("this link was used")
    return person


def reset_link_for(person: PersonView) -> str:
    """Return the secret part of a link for a new password. It lapses with the person's generation."""
    return secrets.seal(f"{person.id}.{person.generation}", RESET_LINK)


def secret_of(app: models.AuthenticatorApp) -> str:
    """Return the secret that an app and we share, in base32."""
    return secrets.decrypt(bytes(app.hidden_secret), APP_SECRET).decode()


def _view(row: models.Person) -> PersonView:
    return PersonView(
        id=PersonId(row.id),
        email=EmailAddress(row.email),
        name=row.name,
        language=cast(Language, row.language),
        generation=row.generation,
        reads_in_account=row.reads_in_account,
    )
