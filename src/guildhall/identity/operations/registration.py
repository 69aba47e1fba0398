"""Registering. A person exists once they have shown that the mailbox is theirs, and not before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models
from guildhall.identity.domain.code import Purpose
from guildhall.identity.domain.letters import ALREADY_REGISTERED, CREATION_CODE
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations import letters, passwords
from guildhall.identity.operations.accounts import keep_password
from guildhall.identity.operations.codes import WrongCode, end_code, make_code, spend_code
from guildhall.identity.operations.passwords import GoodPassword
from guildhall.identity.operations.tries import Trier, count_a_try, reset_after_success, take_a_try, trier_at
from guildhall.kernel.ids import PersonId
from guildhall.kernel.refusals import Conflict, NotFound
from guildhall.kernel.transactions import part_of_a_transaction, reading, transaction
from guildhall.kernel.visitor import Language

KEPT_FOR = timedelta(hours=24)
"""How long somebody may take to find the email, asking for new codes meanwhile."""


class RegistrationLapsed(NotFound):
    """The account was not confirmed in time, or is confirmed already: begin again, or sign in."""


class AlreadyRegistered(Conflict):
    """The address got an account while this one was being created. Only somebody who reads its mailbox hears this."""


@dataclass(frozen=True)
class NewAccount:
    """What somebody asks for when they register."""

    email: EmailAddress
    name: str
    password: GoodPassword
    language: Language


def begin_registration(wanted: NewAccount, *, source: Source, now: datetime) -> UUID:
    """Keep what was asked for and send a code to the address; return the journey that the code is good for.

    Nothing here depends on whether the address has an account already. If it has, its owner gets a letter saying so
    instead of a code, and the journey leads nowhere.

    :raises LockedOut: too many codes were asked for.
    """
    encoded = passwords.encode(wanted.password)
    with letters.in_the_installations_name():
        count_a_try(_trier(wanted.email, source), Action.ASK_FOR_CREATION_CODE, now=now)
        registration = models.Registration.objects.create(
            email=wanted.email,
            name=wanted.name,
            language=wanted.language,
            encoded_password=encoded,
            begun_at=now,
            lapses_at=now + KEPT_FOR,
        )
        _send_code(registration, now=now)
    return registration.id


def send_creation_code_again(journey: UUID, *, source: Source, now: datetime) -> None:
    """Send a new code, after which the earlier one no longer works.

    :raises RegistrationLapsed: there is no such journey any more.
    :raises LockedOut: too many codes were asked for.
    """
    with letters.in_the_installations_name():
        registration = _get_registration(journey, now)
        count_a_try(_trier(registration.email, source), Action.ASK_FOR_CREATION_CODE, now=now)
        _send_code(registration, now=now)


def finish_registration(journey: UUID, code: str, *, source: Source, now: datetime) -> PersonId:
    """Make the account, given the code that was sent. A code works for an hour, and for six guesses.

    :raises WrongCode: it is another code, or an old one.
    :raises LockedOut: too many wrong codes were given.
    :raises RegistrationLapsed: there is no such journey any more.
    :raises AlreadyRegistered: the address has an account by now.
    """
    with reading():
        trier = _trier(_get_registration(journey, now).email, source)
    is_last = take_a_try(trier, Action.GIVE_CREATION_CODE, now=now)
    try:
        with transaction():
            spend_code(journey, Purpose.CREATE_ACCOUNT, code, now=now)
            reset_after_success(trier, Action.GIVE_CREATION_CODE, Action.ASK_FOR_CREATION_CODE, now=now)
            return _make_person(_get_registration(journey, now), now=now)
    except WrongCode:
        if is_last:
            end_code(journey, now=now)
        raise
    except IntegrityError as clash:
        if "identity_one_person_per_email" not in str(clash):
            raise
        raise AlreadyRegistered("this address has an account") from clash


def _trier(account: str, source: Source) -> Trier:
    """No browser is known to an account that does not exist, and none may look as if one did."""
    return trier_at(EmailAddress(account), source, None)


@part_of_a_transaction
def _send_code(registration: models.Registration, *, now: datetime) -> None:
    code = make_code(registration.id, Purpose.CREATE_ACCOUNT, now=now)
    address = letters.Address(EmailAddress(registration.email), letters.language_of(registration.language))
    if models.Person.objects.filter(email=registration.email).exists():
        letters.send(ALREADY_REGISTERED, address, {}, now=now)
    else:
        letters.send(CREATION_CODE, address, {"code": code}, now=now)


def _make_person(registration: models.Registration, *, now: datetime) -> PersonId:
    person = models.Person.objects.create(
        email=registration.email, name=registration.name, language=registration.language, joined_at=now
    )
    keep_password(person.id, registration.encoded_password, now=now)
    registration.delete()
    return PersonId(person.id)


def _get_registration(journey: UUID, now: datetime) -> models.Registration:
    registration = models.Registration.objects.filter(id=journey, lapses_at__gt=now).first()
    if registration is None:
        raise RegistrationLapsed("this registration is over")
    return registration
