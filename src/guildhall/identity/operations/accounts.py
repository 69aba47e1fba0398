"""Persons' accounts beside the ways of proving: made outright for a sandbox, and their settings."""

import hmac
import secrets as randomness
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, queries
from guildhall.identity.operations import passwords
from guildhall.identity.operations.passwords import GoodPassword
from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.visitor import Language


@dataclass(frozen=True)
class KnownPerson:
    """A person whose account an installation brings along. ``totp_secret`` is base32; None for no authenticator app."""

    email: EmailAddress
    name: str
    password: GoodPassword
    totp_secret: str | None = None
    language: Language = "en"


@transaction
def ensure_person(known: KnownPerson, *, now: datetime) -> PersonId:
    """Make the account be as described, mailbox proven, and return whose it is. Doing it again changes nothing."""
    person, _ = models.Person.objects.update_or_create(
        email=known.email,
        defaults={"name": known.name, "language": known.language},
        create_defaults={"name": known.name, "language": known.language, "joined_at": now},
    )
    kept = models.Password.objects.filter(person=person).first()
    if kept is None or not passwords.is_right(known.password, encoded=kept.encoded):
        keep_password(person.id, passwords.encode(known.password), now=now)
    _ensure_app(person, known.totp_secret, now=now)
    return PersonId(person.id)


@transaction
def shut_account(email: EmailAddress, *, now: datetime) -> PersonId | None:
    """Let nobody sign in any more with what is known of an account, and return whose it is, if there is one.

    Its sessions end, its password becomes one that nobody knows, and its authenticator app goes.
    """
    person = models.Person.objects.filter(email=email).first()
    if person is None:
        return None
    begin_a_generation(PersonId(person.id))
    keep_password(person.id, passwords.encode(GoodPassword(randomness.token_urlsafe(32))), now=now)
    models.AuthenticatorApp.objects.filter(person=person).delete()
    return PersonId(person.id)


@transaction
def change_language(person_id: PersonId, language: Language) -> None:
    """Write to the person, and show them pages, in this language from now on."""
    models.Person.objects.filter(id=person_id).update(language=language)


@transaction
def choose_where_to_read(person_id: PersonId, *, in_account: bool) -> None:
    """Put councils' messages into the person's account from now on, where councils offer that; or email them."""
    models.Person.objects.filter(id=person_id).update(reads_in_account=in_account)


@transaction
def sign_out_elsewhere(person_id: PersonId) -> int:
    """End every session of the person and return the new generation, which the caller's own session may join."""
    return begin_a_generation(person_id)


@part_of_a_transaction
def begin_a_generation(person_id: PersonId) -> int:
    """End every session by ending their generation, also one that an old password is opening at this moment."""
    models.Person.objects.filter(id=person_id).update(generation=F("generation") + 1)
    return models.Person.objects.values_list("generation", flat=True).get(id=person_id)


@part_of_a_transaction
def keep_password(person_id: UUID, encoded: str, *, now: datetime) -> None:
    """Replace the person's password, already encoded."""
    models.Password.objects.update_or_create(person_id=person_id, defaults={"encoded": encoded, "changed_at": now})


def _ensure_app(person: models.Person, secret: str | None, *, now: datetime) -> None:
    app = models.AuthenticatorApp.objects.filter(person=person, confirmed_at__isnull=False).first()
    if app and secret and hmac.compare_digest(queries.secret_of(app), secret):
        return
    if app:
        app.delete()
    if secret:
        hidden = secrets.encrypt(secret.encode(), queries.APP_SECRET)
        models.AuthenticatorApp.objects.create(person=person, hidden_secret=hidden, added_at=now, confirmed_at=now)
