"""The accounts that a browser is known to: an encrypted cookie of at most five (OWASP calls it a device cookie).

It lets nobody in. It only gives the owner of an account tries that strangers cannot use up.
"""

import struct
from datetime import timedelta
from itertools import starmap

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guildhall.design.pages.cookies import Cookie, EncryptedCookie
from guildhall.identity import operations
from guildhall.identity.domain.source import KnownBrowser, Source
from guildhall.identity.pages import sessions
from guildhall.kernel.ids import PersonId
from guildhall.kernel.networks import network_of

KNOWN = EncryptedCookie(
    Cookie("known_browser", kept_for=timedelta(days=365)),
    entry=struct.Struct("16s8s"),
    most=5,
    purpose="identity.known_browser",
)


def source_of(request: HttpRequest) -> Source:
    """Return where a request comes from."""
    return Source(network_of(request.META), tuple(starmap(KnownBrowser, KNOWN.read(request))))


def remember_who_signed_in(request: HttpRequest, response: HttpResponseBase) -> None:
    """Make the browser known to the account whose session it has, if it is not."""
    signed_in = sessions.find_signed_in(request)
    if signed_in:
        remember(request, response, signed_in.person_id, signed_in.generation)


def remember(request: HttpRequest, response: HttpResponseBase, person_id: PersonId, generation: int) -> None:
    """Make the browser known to an account whose owner has just proved in it who they are."""
    if operations.find_known(source_of(request), person_id, generation) is None:
        made = operations.make_known(person_id, generation)
        KNOWN.add(request, response, (made.account, made.number))
