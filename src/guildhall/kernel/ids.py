"""Names for things: sortable ids, references that can be read out on the telephone, secrets."""

import secrets
from datetime import UTC, datetime
from typing import NewType
from uuid import UUID

import uuid_utils.compat

OrganisationId = NewType("OrganisationId", UUID)
ServiceId = NewType("ServiceId", UUID)
PersonId = NewType("PersonId", UUID)

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_DIGITS = "23456789"
_AFTER_ALL_TIME = 2**47


def new_id() -> UUID:
    """Make an id that sorts by the moment it was made (UUID version 7), so that new rows sit together on disk."""
    return uuid_utils.compat.uuid7()


def moment_of(made: UUID) -> datetime | None:
    """Return when an id of ``new_id`` was made, or None for an id that does not tell."""
    milliseconds = made.int >> 80
    is_ours = made.version == 7 and milliseconds < _AFTER_ALL_TIME
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if is_ours else None


def new_reference() -> str:
    """Make an eight-character reference without look-alike characters.

    The third and sixth characters are always digits, so that no word can appear
    (alphagov/forms-runner, services contract 1.7).
    """
    either = _LETTERS + _DIGITS
    return "".join(secrets.choice(_DIGITS if place in (2, 5) else either) for place in range(8))


def new_secret() -> str:
    """Make 256 random bits as text safe in an address; keep only its digest."""
    return secrets.token_urlsafe(32)
