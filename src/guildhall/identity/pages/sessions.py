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
from guildhall.kernel.ids import PersonId
from guildhall.kernel.visitor import NOBODY, Visitor

_KEY = "signed_in"


@dataclass(frozen=True)
class SignedIn:
    """The part of a session that says who it belongs to."""

    person_id: PersonId
    generation: int
    has_second_factor: bool
    signed_in_at: datetime
    password_given_at: datetime
    last_seen_at: datetime

    @property
    def ends_at(self) -> datetime:
        return session.ends_at(signed_in_at=self.signed_in_at, last_seen_at=self.last_seen_at)

    def is_over(self, *, now: datetime) -> bool:
        return session.is_over(signed_in_at=self.signed_in_at, last_seen_at=self.last_seen_at, now=now)

    def is_sure(self, *, now: datetime) -> bool:
        return session.is_sure(password_given_at=self.password_given_at, now=now)


def find_signed_in(request: HttpRequest) -> SignedIn | None:
    """Return whose session this is, or None. Without a session cookie the database is not asked."""
    stored = request.session.get(_KEY)
    return _read(stored) if stored else None


def get_signed_in(request: HttpRequest) -> SignedIn:
    """Return whose session this is, in a view that only signed-in people reach."""
    return _read(request.session[_KEY])


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


def sign_in(
    request: HttpRequest, person_id: PersonId, *, generation: int, has_second_factor: bool, now: datetime
) -> None:
    """Make this the session of a person who has just given their password."""
    earlier = find_signed_in(request)
    if earlier and earlier.person_id != person_id:
        request.session.flush()
    _renew_key(request)
    _keep(request, SignedIn(person_id, generation, has_second_factor, now, now, now))


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
    request.session[_KEY] = {
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
