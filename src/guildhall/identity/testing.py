"""For tests of any module: persons without the cost of argon2, and browsers that are already signed in."""

import re
import secrets as randomness
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.test import Client

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, operations, queries
from guildhall.identity.domain.source import Source
from guildhall.identity.queries import PersonView
from guildhall.kernel import clock
from guildhall.kernel.ids import PersonId
from guildhall.kernel.networks import Network
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import transaction
from guildhall.kernel.visitor import Language
from guildhall.notify.queries import list_messages
from guildhall.organisations.queries import get_platform


@dataclass(frozen=True)
class Letter:
    """An email as somebody got it."""

    key: str
    subject: str
    body: str


_CODE = re.compile(r"^# (\d{6})$", re.MULTILINE)
SOMEWHERE = Source(Network("192.0.2.7"))
"""Where a test's stranger comes from, unless it says otherwise."""

_NO_PASSWORD = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGtub3dz$bm9ib2R5IGtub3dz"  # noqa: S105


def make_person(email: str = "", *, name: str = "Mair Evans", language: Language = "en") -> PersonView:
    """Make a person whose mailbox is proven and whose password nobody knows."""
    address = EmailAddress(email or f"person-{randomness.token_hex(6)}@example.com")
    with transaction():
        person = models.Person.objects.create(email=address, name=name, language=language, joined_at=clock.now())
        models.Password.objects.create(person=person, encoded=_NO_PASSWORD, changed_at=person.joined_at)
    return queries.get_person(person.id)


def sign_in(
    client: Client, person_id: PersonId, *, has_second_factor: bool = False, at: datetime | None = None
) -> None:
    """Make ``client`` the browser of a person who signed in (now, or at another moment)."""
    moment = at or clock.now()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["signed_in"] = {
        "person": str(person_id),
        "generation": queries.get_person(person_id).generation,
        "second_factor": has_second_factor,
        **dict.fromkeys(("signed_in_at", "password_given_at", "last_seen_at"), moment.isoformat()),
    }
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def let_letters_be_sent() -> None:
    """Make the installation able to send codes and links, as its start does."""
    operations.ensure_letters(now=clock.now())


def read_letters(to: str) -> list[Letter]:
    """Return what the installation sent to an address, the newest first."""
    with acting_for(get_platform().id):
        sent = list_messages(size=500)
    return [
        Letter(each.template.key or "", each.subject or "", each.body) for each in sent.rows if each.recipient == to
    ]


def read_code(to: str) -> str:
    """Return the newest security code sent to an address."""
    return next(match[1] for letter in read_letters(to) if (match := _CODE.search(letter.body)))
