"""Whose request is it? A token signed with one of the service's keys says so (contract: notify 1.1).

The token is a JWT, read by hand: one algorithm, four claims, ten microseconds. The order of the refusals is the
reference's (alphagov/notifications-api:app/authentication/auth.py), down to a key that is checked before the clock.
"""

import binascii
from functools import lru_cache
from typing import Any
from uuid import UUID

from guildhall.kernel.wire_json import NotJson, read_object
from guildhall.notify.queries import NotifyServiceNotFound
from guildhall.notify.queries.remembered import Caller, Key, KnownService, known_service
from guildhall.notify.wire.notify_v2.fields import find_id
from guildhall.notify.wire.notify_v2.refusals import Unauthorised

SKEW_SECONDS = 30
LONGEST_HEADER = 8_000

_END_OF_TIME = 2**53
"""Seconds; beyond it no clock counts them one by one, and no claim of a token means anything."""

_EXAMPLE = "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
_UNREADABLE = f"Invalid token: make sure your API token matches the example at {_EXAMPLE}"
_CLOCK = "Error: Your system clock must be accurate to within 30 seconds"


def authenticate(authorization: str | None, *, at: float) -> Caller:
    """Return the service and the key that signed a request.

    :param at: now, in seconds since 1970.
    :raises Unauthorised: one of the contract's twelve refusals, in its order.
    """
    token = _Token(_bearer(authorization))
    service = _service_of(token)
    if not service.keys:
        raise Unauthorised(403, "Invalid token: service has no API keys")
    if not service.view.is_active:
        raise Unauthorised(403, "Invalid token: service is archived")
    if token.algorithm != "HS256":
        raise Unauthorised(403, "Invalid token: algorithm used is not HS256")
    key = _key_of(token, service)
    _check_claims(token.claims, at)
    if "iat" not in token.claims:
        raise Unauthorised(403, "Invalid token: API key not found")
    if key.is_revoked:
        raise Unauthorised(403, "Invalid token: API key revoked")
    return Caller(service, key)


def find_issuer(authorization: str | None) -> UUID | None:
    """Return whose request it says it is, if it says. Nothing of it is believed."""
    try:
        return find_id(_Token(_bearer(authorization)).claims.get("iss"))
    except Unauthorised:
        return None


def find_signer(authorization: str | None, service: KnownService) -> Key | None:
    """Return the key of a service that signed a request, good or revoked, or None."""
    try:
        return _key_of(_Token(_bearer(authorization)), service)
    except Unauthorised:
        return None


class _Token:
    """A JWT, taken apart. Nothing of it is believed yet."""

    __slots__ = ("algorithm", "claims", "signature", "signed")

    def __init__(self, text: str) -> None:
        try:
            self.signed, _, signature = text.encode("ascii").rpartition(b".")
            head, _, body = self.signed.partition(b".")
            self.algorithm = _algorithm_of(head)
            self.claims: dict[str, Any] = _object(body)
            self.signature = _bytes_of(signature)
        except (ValueError, NotJson) as fault:
            raise Unauthorised(403, _UNREADABLE) from fault


def _bearer(authorization: str | None) -> str:
    if authorization and len(authorization) > LONGEST_HEADER:
        raise Unauthorised(403, _UNREADABLE)
    if not authorization:
        raise Unauthorised(401, "Unauthorized: authentication token must be provided")
    if authorization[:7].title() != "Bearer ":
        raise Unauthorised(401, "Unauthorized: authentication bearer scheme must be used")
    return authorization[7:].strip()


def _service_of(token: _Token) -> KnownService:
    issuer = token.claims.get("iss")
    if issuer is None:
        raise Unauthorised(403, "Invalid token: iss field not provided")
    service_id = find_id(issuer)
    if service_id is None:
        raise Unauthorised(403, "Invalid token: service id is not the right data type")
    try:
        return known_service(service_id)
    except NotifyServiceNotFound as fault:
        raise Unauthorised(403, "Invalid token: service not found") from fault


def _key_of(token: _Token, service: KnownService) -> Key:
    for key in service.keys:
        if key.signs(token.signed, token.signature):
            return key
    raise Unauthorised(403, "Invalid token: API key not found")


def _check_claims(claims: dict[str, Any], at: float) -> None:
    """Refuse a token that is not good now. What JWT registers is enforced where it is present."""
    expires_at, begins_at, issued_at = claims.get("exp"), claims.get("nbf"), claims.get("iat")
    if "aud" in claims or not _is_ahead(expires_at, at) or not _is_past(begins_at, at):
        raise Unauthorised(403, _UNREADABLE)
    if issued_at is not None and not (_is_number(issued_at) and abs(int(at) - int(issued_at)) <= SKEW_SECONDS):
        raise Unauthorised(403, _CLOCK)


def _is_ahead(moment: object, at: float) -> bool:
    return moment is None or (_is_number(moment) and moment > at)  # type: ignore[operator]


def _is_past(moment: object, at: float) -> bool:
    return moment is None or (_is_number(moment) and moment <= at)  # type: ignore[operator]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _END_OF_TIME


@lru_cache(maxsize=64)
def _algorithm_of(head: bytes) -> str:
    return str(_object(head).get("alg"))


def _object(segment: bytes) -> dict[str, Any]:
    return read_object(_bytes_of(segment))


def _bytes_of(segment: bytes) -> bytes:
    if not segment:
        raise ValueError("an empty part of a token")
    padded = segment.translate(_URLSAFE) + b"=" * (-len(segment) % 4)
    return binascii.a2b_base64(padded, strict_mode=True)


_URLSAFE = bytes.maketrans(b"-_", b"+/")
