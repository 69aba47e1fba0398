"""Browsers in which somebody signed in before: what marks them, and whether one is known to an account.

The mark lapses with the person's generation: whoever knew an earlier password can do nothing with the browsers that
they used it in.
"""

import hmac
import secrets as randomness

from guildhall.identity.domain.source import KnownBrowser, Source
from guildhall.kernel import secrets
from guildhall.kernel.ids import PersonId

BYTES_OF_A_MARK, BYTES_OF_A_NUMBER = 16, 8


def make_known(person_id: PersonId, generation: int) -> KnownBrowser:
    """Return what a browser is to keep in which a person has just proved who they are."""
    return KnownBrowser(_mark(person_id, generation), randomness.token_bytes(BYTES_OF_A_NUMBER))


def find_known(source: Source, person_id: PersonId, generation: int) -> KnownBrowser | None:
    """Return the browser if the person signed in with it before, or None."""
    mark = _mark(person_id, generation)
    return next((each for each in source.known if hmac.compare_digest(each.account, mark)), None)


def _mark(person_id: PersonId, generation: int) -> bytes:
    return secrets.derive("identity.known_browser", str(person_id), str(generation))[:BYTES_OF_A_MARK]
