"""Sending persons the letters about their accounts: in the installation's own name, together with what they tell of."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.urls import reverse

from guildhall.contact.email_address import EmailAddress
from guildhall.design.brand import GUILDHALL
from guildhall.identity.domain.letters import LETTERS, Letter
from guildhall.kernel.ids import new_id
from guildhall.kernel.tenancy import acting_for
from guildhall.kernel.transactions import part_of_a_transaction, transaction
from guildhall.kernel.visitor import Language
from guildhall.notify import operations as notify
from guildhall.notify import queries as messages
from guildhall.organisations import queries as organisations


@dataclass(frozen=True)
class Address:
    """Whom a letter goes to and which language they read; None sends both languages."""

    email: EmailAddress
    language: Language | None


@contextmanager
def in_the_installations_name() -> Iterator[None]:
    """Do one unit of work that may send letters: they come from the installation, not from any council."""
    with acting_for(organisations.get_platform().id), transaction():
        yield


@part_of_a_transaction
def send(letter: Letter, to: Address, words: Mapping[str, str], *, now: datetime, once_key: str = "") -> None:
    """Send a letter exactly if the transaction commits; one with a ``once_key`` that was sent before is not sent again.

    Every letter may point to the pages for signing in and for a new password.
    """
    notify.send(
        notify.OwnMessage(
            notify_service_id=messages.get_default_notify_service().id,
            template_key=letter.key,
            channel="email",
            to=to.email,
            language=to.language,
            personalisation=_every_letters_links() | dict(words),
            reference=letter.key,
            once_key=once_key or f"identity:{new_id()}",
            resident_id=None,
        ),
        now=now,
    )


def ensure_letters(*, now: datetime) -> None:
    """Make sure that the installation can send these letters, in the words they have here.

    An installation does this whenever it starts; an operator's own words stay.
    """
    with acting_for(organisations.get_platform().id):
        notify_service_id = notify.ensure_default_notify_service(GUILDHALL.name, now=now)
    with in_the_installations_name():
        for letter in LETTERS:
            notify.ensure_template(
                letter.key,
                notify_service_id=notify_service_id,
                channel="email",
                name=letter.name,
                english=notify.Words(letter.subject.en, letter.body.en),
                welsh=notify.Words(letter.subject.cy, letter.body.cy),
            )


def link_to(page: str, *parts: str) -> str:
    """Return the full address of a page, for a letter: on the installation's host, whatever host was asked."""
    return settings.BASE_URL + reverse(page, args=parts)


def language_of(kept: str) -> Language:
    """Read a language as a row keeps it."""
    return cast(Language, kept)


def _every_letters_links() -> dict[str, str]:
    return {"sign_in_link": link_to("identity:sign-in"), "reset_link": link_to("identity:forgotten-password")}
