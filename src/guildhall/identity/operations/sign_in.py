"""Signing in: the password first, then a second proof from whoever has one or must have one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from guildhall.contact.email_address import EmailAddress
from guildhall.identity import models, queries
from guildhall.identity.domain.authenticator_app import find_step
from guildhall.identity.domain.code import Purpose
from guildhall.identity.domain.second_factor import Factor, factor_to_ask
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations import passwords
from guildhall.identity.operations.codes import WrongCode, send_code, spend_code
from guildhall.identity.operations.passwords import GoodPassword
from guildhall.identity.operations.tries import Trier, reset_after_success, take_a_try, trier_at
from guildhall.identity.queries import PersonView
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.transactions import reading, transaction


class WrongPassword(Invalid):
    """The address and the password do not belong together, or nobody has the address: the two look the same."""


class NotTheirPassword(Invalid):
    """It is not the password of the person who is signed in."""


@dataclass(frozen=True)
class SecondStep:
    """A second proof that was asked for. ``journey`` is what an emailed code is good for."""

    person_id: PersonId
    factor: Factor
    journey: UUID


@dataclass(frozen=True)
class RightPassword:
    """Who gave a right password, and what they still have to give; None when they are in."""

    person: PersonView
    second_step: SecondStep | None


def sign_in(email: EmailAddress, password: str, *, source: Source, now: datetime) -> RightPassword:
    """Take an address and a password, and ask for the second proof if there is to be one.

    Unknown addresses cost the same work, and are locked, like known ones.

    :raises WrongPassword: they do not belong together.
    :raises LockedOut: too many wrong passwords, or too many codes, for this address.
    """
    person = _take_password(email, password, source=source, now=now)
    return RightPassword(person, _begin_second_step_if_due(person, source=source, now=now))


def confirm_password(person_id: PersonId, password: str, *, source: Source, now: datetime) -> None:
    """Take a signed-in person's password again, before they change how their account is protected.

    :raises NotTheirPassword: it is not theirs.
    :raises LockedOut: too many wrong passwords.
    """
    try:
        _take_password(queries.get_person(person_id).email, password, source=source, now=now)
    except WrongPassword as refusal:
        raise NotTheirPassword("the password is not right") from refusal


def begin_second_step(person_id: PersonId, *, source: Source, now: datetime) -> SecondStep:
    """Ask somebody who signed in with a password alone for a second proof, sending a code unless they have an app.

    :raises LockedOut: too many codes were asked for.
    """
    person = queries.get_person(person_id)
    has_app = queries.get_protection(person_id).has_app
    return _ask_for(Factor.APP if has_app else Factor.EMAILED_CODE, person, source=source, now=now)


def send_code_again(step: SecondStep, *, source: Source, now: datetime) -> None:
    """Send a new code for the same step, after which the earlier one no longer works.

    :raises LockedOut: too many codes were asked for.
    """
    if step.factor is Factor.EMAILED_CODE:
        send_code(step.journey, Purpose.SIGN_IN, queries.get_person(step.person_id), source=source, now=now)


def give_second_proof(step: SecondStep, code: str, *, source: Source, now: datetime) -> None:
    """Take the code that a second step asked for. Each code is accepted once.

    :raises WrongCode: it is another code, or lapsed, or was accepted before.
    :raises LockedOut: too many wrong codes.
    """
    person = queries.get_person(step.person_id)
    _PROOFS[step.factor](step, trier_at(person.email, source, person), code, now)


def _take_password(email: EmailAddress, password: str, *, source: Source, now: datetime) -> PersonView:
    with reading():
        person = queries.find_person_by_email(email)
        encoded = models.Password.objects.filter(person__email=email).values_list("encoded", flat=True).first()
    trier = trier_at(email, source, person)
    take_a_try(trier, Action.GIVE_PASSWORD, now=now)
    if not passwords.is_right(password, encoded=encoded) or person is None or encoded is None:
        raise WrongPassword("the email address or the password is not right")
    encoded_anew = passwords.encode(GoodPassword(password)) if passwords.wants_encoding_again(encoded) else None
    with transaction():
        reset_after_success(trier, Action.GIVE_PASSWORD, now=now)
        if encoded_anew:
            models.Password.objects.filter(person_id=person.id, encoded=encoded).update(encoded=encoded_anew)
    return person


def _begin_second_step_if_due(person: PersonView, *, source: Source, now: datetime) -> SecondStep | None:
    protection = queries.get_protection(person.id)
    factor = factor_to_ask(
        has_app=protection.has_app,
        uses_emailed_codes=protection.uses_emailed_codes,
        is_officer=queries.works_somewhere(person.id),
    )
    return _ask_for(factor, person, source=source, now=now) if factor else None


def _ask_for(factor: Factor, person: PersonView, *, source: Source, now: datetime) -> SecondStep:
    step = SecondStep(person.id, factor, journey=new_id())
    send_code_again(step, source=source, now=now)
    return step


def _take_emailed_code(step: SecondStep, trier: Trier, code: str, now: datetime) -> None:
    take_a_try(trier, Action.GIVE_EMAILED_CODE, now=now)
    with transaction():
        spend_code(step.journey, Purpose.SIGN_IN, code, now=now)
        reset_after_success(trier, Action.GIVE_EMAILED_CODE, Action.ASK_FOR_CODE, now=now)


def _take_app_code(step: SecondStep, trier: Trier, code: str, now: datetime) -> None:
    take_a_try(trier, Action.GIVE_APP_CODE, now=now)
    with transaction():
        if not _use_app_code(step.person_id, code, now):
            raise WrongCode("this security code is not right")
        reset_after_success(trier, Action.GIVE_APP_CODE, now=now)


def _use_app_code(person_id: PersonId, code: str, now: datetime) -> bool:
    app = models.AuthenticatorApp.objects.filter(person_id=person_id, confirmed_at__isnull=False).first()
    if app is None:
        return False
    step = find_step(code, secret=queries.secret_of(app), at=now, last_accepted=app.last_accepted_step)
    if step is None:
        return False
    # Said again to the database: of two who give the same code at once, one succeeds.
    not_later = Q(last_accepted_step=None) | Q(last_accepted_step__lt=step)
    return bool(models.AuthenticatorApp.objects.filter(not_later, id=app.id).update(last_accepted_step=step))


_PROOFS: dict[Factor, Callable[[SecondStep, Trier, str, datetime], None]] = {
    Factor.APP: _take_app_code,
    Factor.EMAILED_CODE: _take_emailed_code,
}
