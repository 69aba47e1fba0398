"""Whose house are we in? The council on whose behalf this thread works, set by faces and carried by every transaction.

The database keeps the wall (row-level security on ``app.organisation``); this module only says which side we are on.
Outside ``acting_for`` there is no council, and then the database shows no council's rows at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from guildhall.kernel.ids import OrganisationId, PersonId

_organisation: ContextVar[OrganisationId | None] = ContextVar("organisation", default=None)
_resident: ContextVar[PersonId | None] = ContextVar("resident", default=None)


class NoCouncil(Exception):
    """A council's data was asked for outside ``acting_for``: a bug in the caller."""


class WrongMoment(Exception):
    """The council cannot change while a transaction is open: a bug in the caller."""


@contextmanager
def acting_for(organisation_id: OrganisationId | None) -> Iterator[None]:
    """Do what follows on behalf of one council (or of none): transactions see and write its rows only.

    :raises WrongMoment: a transaction is open for another council.
    """
    if connection.in_atomic_block and organisation_id != _organisation.get():
        raise WrongMoment("finish the open transaction before acting for another council")
    token = _organisation.set(organisation_id)
    try:
        yield
    finally:
        _organisation.reset(token)


@contextmanager
def acting_as_resident(person_id: PersonId) -> Iterator[None]:
    """Let what follows read the resident's own rows in every council, beside the current council's."""
    if connection.in_atomic_block:
        raise WrongMoment("finish the open transaction before acting as a resident")
    token = _resident.set(person_id)
    try:
        yield
    finally:
        _resident.reset(token)


def current_organisation() -> OrganisationId:
    """Return the council that is acting.

    :raises NoCouncil: nobody is.
    """
    organisation_id = _organisation.get()
    if organisation_id is None:
        raise NoCouncil("no council is acting: wrap the call in acting_for(…)")
    return organisation_id


def find_current_organisation() -> OrganisationId | None:
    """Return the council that is acting, or None."""
    return _organisation.get()


def tell_the_database() -> None:
    """Write the current council and resident into the open transaction, where the row-level policies read them.

    The settings are local to the transaction, so they cannot leak to the next user of a pooled connection.
    """
    organisation_id, person_id = _organisation.get(), _resident.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.organisation', %s, true), set_config('app.resident', %s, true)",
            [str(organisation_id or ""), str(person_id or "")],
        )
