"""What a browser's session remembers about its person, and for how long.

A session gets a new key whenever it comes to mean more than before, so that a key planted in somebody's browser
is worth nothing once they sign in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from guildhall.identity import queries
from guildhall.identity.domain import session
from guildhall.identity.domain.second_factor import Factor
from guildhall.identity.operations import SecondStep
from guildhall.identity.queries import PersonView
from guildhall.kernel.ids import PersonId
from guildhall.kernel.visitor import NOBODY, Visitor

_SIGNED_IN = "signed_in"
_WAITING = "second_step"
_REGISTERING = "registering"
_CODES_JOURNEY = "emailed_codes"


@dataclass(frozen=True)
class SignedIn:
    """The part of a session that says who it belongs to."""

    person_id: PersonId
    generation: int
    has_second_factor: bool
    signed_in_at: datetime
    password_given_at: datetime
    last_seen_at: datetime

    @classmethod
    def beginning(cls, person: PersonView, *, now: datetime) -> "SignedIn":
        """Return the session of somebody who has given only their password, just now."""
        return cls(person.id, person.generation, False, now, now, now)

    @property
    def ends_at(self) -> datetime:
        return session.ends_at(signed_in_at=self.signed_in_at, last_seen_at=self.last_seen_at)

    def is_over(self, *, now: datetime) -> bool:
        return session.is_over(signed_in_at=self.signed_in_at, last_seen_at=self.last_seen_at, now=now)

    def is_sure(self, *, now: datetime) -> bool:
        return session.is_sure(password_given_at=self.password_given_at, now=now)


@dataclass(frozen=True)
class Waiting:
    """Somebody who gave their password and is being asked for a second proof, and where they go afterwards."""

    step: SecondStep
    generation: int
    password_given_at: datetime
    begun_at: datetime
    wanted: str


@dataclass(frozen=True)
class Registering:
    """Somebody who is being asked for the code that makes their account."""

    journey: UUID
    wanted: str


def find_signed_in(request: HttpRequest) -> SignedIn | None:
    """Return whose session this is, or None. Without a session cookie the database is not asked."""
    stored = request.session.get(_SIGNED_IN)
    return _read(stored) if stored else None


def get_signed_in(request: HttpRequest) -> SignedIn:
    """Return whose session this is, in a view that only signed-in people reach."""
    return _read(request.session[_SIGNED_IN])


def recognise(request: HttpRequest, *, now: datetime) -> Visitor:
    """Return who is visiting, and note that they did something. A session that is over is emptied."""
    signed_in = find_signed_in(request)
    if signed_in is None:
        return NOBODY
    person = None if signed_in.is_over(now=now) else queries.find_person(signed_in.person_id)
    if person is None or person.generation != signed_in.generation:
        request.session.flush()
        return NOBODY
    _keep(request, replace(signed_in, last_seen_at=now))
    return Visitor(person.id, person.email, person.name, signed_in.has_second_factor, person.language)


def sign_in(request: HttpRequest, signed_in: SignedIn) -> None:
    """Make this the session of a person who has given all the proofs they were asked for."""
    earlier = find_signed_in(request)
    if earlier and earlier.person_id != signed_in.person_id:
        request.session.flush()
    _renew_key(request)
    for step in (_WAITING, _REGISTERING):
        request.session.pop(step, None)
    _keep(request, signed_in)


def wait_for_second_step(request: HttpRequest, waiting: Waiting) -> None:
    """Remember that a second proof was asked for. A session that was signed in stays so."""
    _renew_key(request)
    request.session[_WAITING] = {
        "person": str(waiting.step.person_id),
        "factor": waiting.step.factor,
        "journey": str(waiting.step.journey),
        "generation": waiting.generation,
        "password_given_at": waiting.password_given_at.isoformat(),
        "begun_at": waiting.begun_at.isoformat(),
        "wanted": waiting.wanted,
    }


def find_waiting(request: HttpRequest, *, now: datetime) -> Waiting | None:
    """Return the second step this browser is at, or None; after an hour the password has to be given again."""
    stored = request.session.get(_WAITING)
    if not stored or now >= datetime.fromisoformat(stored["begun_at"]) + session.IDLE_FOR:
        return None
    return Waiting(
        SecondStep(PersonId(UUID(stored["person"])), Factor(stored["factor"]), UUID(stored["journey"])),
        stored["generation"],
        datetime.fromisoformat(stored["password_given_at"]),
        datetime.fromisoformat(stored["begun_at"]),
        stored["wanted"],
    )


def register(request: HttpRequest, registering: Registering) -> None:
    """Remember which account this browser is creating."""
    request.session[_REGISTERING] = {"journey": str(registering.journey), "wanted": registering.wanted}


def find_registering(request: HttpRequest) -> Registering | None:
    """Return which account this browser is creating, or None."""
    stored = request.session.get(_REGISTERING)
    return Registering(UUID(stored["journey"]), stored["wanted"]) if stored else None


def await_first_code(request: HttpRequest, journey: UUID) -> None:
    """Remember the journey of somebody who wants security codes by email."""
    request.session[_CODES_JOURNEY] = str(journey)


def find_first_code(request: HttpRequest) -> UUID | None:
    """Return that journey, or None."""
    stored = request.session.get(_CODES_JOURNEY)
    return UUID(stored) if stored else None


def add_second_factor(request: HttpRequest) -> None:
    """Note that the person has given their second proof."""
    _renew_key(request)
    _keep(request, replace(get_signed_in(request), has_second_factor=True))


def note_password(request: HttpRequest, *, now: datetime) -> None:
    """Note that the person gave their password again."""
    _renew_key(request)
    _keep(request, replace(get_signed_in(request), password_given_at=now))


def outlive(request: HttpRequest, *, generation: int) -> None:
    """Let this session, alone of its person's, go on into a new generation."""
    _renew_key(request)
    _keep(request, replace(get_signed_in(request), generation=generation))


def sign_out(request: HttpRequest) -> None:
    """Forget everything this browser was remembered for."""
    request.session.flush()
    rotate_token(request)


def _renew_key(request: HttpRequest) -> None:
    request.session.cycle_key()
    rotate_token(request)


def _keep(request: HttpRequest, signed_in: SignedIn) -> None:
    request.session[_SIGNED_IN] = {
        "person": str(signed_in.person_id),
        "generation": signed_in.generation,
        "second_factor": signed_in.has_second_factor,
        "signed_in_at": signed_in.signed_in_at.isoformat(),
        "password_given_at": signed_in.password_given_at.isoformat(),
        "last_seen_at": signed_in.last_seen_at.isoformat(),
    }


def _read(stored: Mapping[str, Any]) -> SignedIn:
    return SignedIn(
        PersonId(UUID(stored["person"])),
        stored["generation"],
        stored["second_factor"],
        datetime.fromisoformat(stored["signed_in_at"]),
        datetime.fromisoformat(stored["password_given_at"]),
        datetime.fromisoformat(stored["last_seen_at"]),
    )
