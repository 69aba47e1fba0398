"""Setting up a second way to prove who you are: an authenticator app, or codes by email."""

from datetime import datetime
from uuid import UUID

from pyotp import random_base32

from guildhall.identity import models, queries
from guildhall.identity.domain.authenticator_app import find_step
from guildhall.identity.domain.code import Purpose
from guildhall.identity.domain.letters import APP_SET_UP
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations import letters
from guildhall.identity.operations.codes import WrongCode, send_code, spend_code
from guildhall.identity.operations.tries import reset_after_success, take_a_try, trier_at
from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.transactions import part_of_a_transaction, transaction


@transaction
def begin_app(person_id: PersonId, *, now: datetime) -> None:
    """Make a secret for the person's app to read. Until it is confirmed an app that was set up earlier goes on."""
    hidden = secrets.encrypt(random_base32().encode(), queries.APP_SECRET)
    models.AuthenticatorApp.objects.update_or_create(
        person_id=person_id, confirmed_at=None, defaults={"hidden_secret": hidden, "added_at": now}
    )


def finish_app(person_id: PersonId, code: str, *, source: Source, now: datetime) -> None:
    """Confirm the new app with a first code, which counts as a second proof. An earlier app stops working.

    :raises WrongCode: the code is not what the new app shows, or no app is being set up.
    :raises LockedOut: too many wrong codes.
    """
    person = queries.get_person(person_id)
    trier = trier_at(person.email, source, person)
    take_a_try(trier, Action.GIVE_APP_CODE, now=now)
    with letters.in_the_installations_name():
        _confirm_app(person_id, code, now)
        reset_after_success(trier, Action.GIVE_APP_CODE, now=now)
        letters.send(APP_SET_UP, letters.Address(person.email, person.language), {}, now=now)


def begin_emailed_codes(person_id: PersonId, *, source: Source, now: datetime) -> UUID:
    """Send a first code to somebody who wants one at each sign-in; return the journey that it is good for.

    :raises LockedOut: too many codes were asked for.
    """
    journey = new_id()
    send_code(journey, Purpose.USE_EMAILED_CODES, queries.get_person(person_id), source=source, now=now)
    return journey


def finish_emailed_codes(person_id: PersonId, journey: UUID, code: str, *, source: Source, now: datetime) -> None:
    """Ask for an emailed code at each sign-in from now on; this one counts as a second proof.

    :raises WrongCode: it is another code, or an old one.
    :raises LockedOut: too many wrong codes.
    """
    person = queries.get_person(person_id)
    trier = trier_at(person.email, source, person)
    take_a_try(trier, Action.GIVE_EMAILED_CODE, now=now)
    with transaction():
        spend_code(journey, Purpose.USE_EMAILED_CODES, code, now=now)
        reset_after_success(trier, Action.GIVE_EMAILED_CODE, Action.ASK_FOR_CODE, now=now)
        models.Person.objects.filter(id=person_id).update(uses_emailed_codes=True)


@part_of_a_transaction
def _confirm_app(person_id: PersonId, code: str, now: datetime) -> None:
    apps = models.AuthenticatorApp.objects.filter(person_id=person_id).select_for_update()
    new_app = apps.filter(confirmed_at=None).first()
    step = find_step(code, secret=queries.secret_of(new_app), at=now, last_accepted=None) if new_app else None
    if new_app is None or step is None:
        raise WrongCode("this is not the code that the app shows")
    apps.filter(confirmed_at__isnull=False).delete()
    new_app.confirmed_at, new_app.last_accepted_step = now, step
    new_app.save(update_fields=["confirmed_at", "last_accepted_step"])
