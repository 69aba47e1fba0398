"""Making, sending and using up the codes that go out by email."""

import secrets as randomness
from datetime import datetime
from uuid import UUID

from guildhall.identity import models
from guildhall.identity.domain.code import HOW_MANY, Purpose, lifetime_of, write_code
from guildhall.identity.domain.letters import SECURITY_CODE
from guildhall.identity.domain.source import Source
from guildhall.identity.domain.tries import Action
from guildhall.identity.operations import letters
from guildhall.identity.operations.tries import count_a_try, trier_at
from guildhall.identity.queries import PersonView
from guildhall.kernel import secrets
from guildhall.kernel.refusals import Invalid
from guildhall.kernel.transactions import part_of_a_transaction, transaction


class WrongCode(Invalid):
    """It is not the code that was sent or shown, or it has lapsed, or it was used before."""


def send_code(journey: UUID, purpose: Purpose, person: PersonView, *, source: Source, now: datetime) -> None:
    """Send a person the one code that now works for a journey; code and letter are kept together or not at all.

    :raises LockedOut: too many codes were asked for.
    """
    with letters.in_the_installations_name():
        count_a_try(trier_at(person.email, source, person), Action.ASK_FOR_CODE, now=now)
        code = make_code(journey, purpose, now=now)
        letters.send(SECURITY_CODE, letters.Address(person.email, person.language), {"code": code}, now=now)


@part_of_a_transaction
def make_code(journey: UUID, purpose: Purpose, *, now: datetime) -> str:
    """Make the one code that now works for a journey. The journey's earlier code stops working."""
    models.EmailedCode.objects.filter(journey_id=journey, spent_at=None).update(spent_at=now)
    code = write_code(randomness.randbelow(HOW_MANY))
    models.EmailedCode.objects.create(
        journey_id=journey,
        purpose=purpose,
        digest=_digest(journey, code),
        sent_at=now,
        lapses_at=now + lifetime_of(purpose),
    )
    return code


@part_of_a_transaction
def spend_code(journey: UUID, purpose: Purpose, code: str, *, now: datetime) -> None:
    """Use up a journey's code: of two who give it at once, one succeeds.

    :raises WrongCode: it is another one, or lapsed, or used before, or of another journey or purpose.
    """
    right = models.EmailedCode.objects.filter(
        journey_id=journey,
        purpose=purpose,
        digest=_digest(journey, code),
        lapses_at__gt=now,
        spent_at=None,
    )
    if not right.update(spent_at=now):
        raise WrongCode("this security code is not right")


@transaction
def end_code(journey: UUID, *, now: datetime) -> None:
    """Let a journey's code work no longer: it was guessed at too often."""
    models.EmailedCode.objects.filter(journey_id=journey, spent_at=None).update(spent_at=now)


def _digest(journey: UUID, code: str) -> bytes:
    # A million codes are quickly tried, so the digest needs the installation's key.
    return secrets.derive("identity.emailed_code", str(journey), code)
