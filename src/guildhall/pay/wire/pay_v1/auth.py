"""Who is asking: the key in the request opens one account, so many times in a second.

The order is the reference's (alphagov/pay-publicapi: its filter of keys stands before all of ``/v1``): first the key,
then whether the address knows the method, then what was asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.audiences import exempt_from_csrf, keyholders, methods
from guildhall.kernel.refusals import Refused
from guildhall.kernel.tenancy import acting_for
from guildhall.pay.domain.keys import NotAKey
from guildhall.pay.operations import KeyHolder, count_request, identify
from guildhall.pay.operations.limits import RequestKind
from guildhall.pay.queries import Account
from guildhall.pay.wire.pay_v1.answers import error_answer
from guildhall.pay.wire.pay_v1.refusals import (
    DOWNSTREAM,
    KEY_STORE_DOWN,
    NOT_FOUND,
    NOWHERE,
    UNAUTHORISED,
    WRONG_METHOD,
    Endpoint,
    RequestRefused,
    WireError,
    find_error,
)

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]

_SCHEME = "Bearer "


@dataclass(frozen=True)
class Served:
    """What an address does for one method: the endpoint it is in the contract, and how its requests are counted."""

    name: Endpoint
    kind: RequestKind
    view: View


def endpoint(name: Endpoint, kind: RequestKind) -> Callable[[View], Served]:
    """Make an endpoint of a view. It is given the account whose key the request carries, and acts for its council."""
    return lambda view: Served(name, kind, view)


def not_built(name: Endpoint) -> Served:
    """Return an endpoint of the contract that is not here yet: to whoever has a key, it finds nothing."""

    def view(request: HttpRequest, account: Account, **ids: str) -> HttpResponse:
        raise RequestRefused(NOT_FOUND.get(name, NOWHERE))

    return Served(name, "other", view)


def address(**by_method: Served) -> View:
    """Return the view of an address: the endpoint of the request's method, and its refusals as this wire says them."""

    @exempt_from_csrf("programs call: they show a key, which no browser adds by itself")
    @keyholders
    @methods(*by_method, *(("HEAD",) if "GET" in by_method else ()))
    def answer(request: HttpRequest, **ids: str) -> HttpResponse:
        try:
            holder = _authenticate(request)
            return _answer(_of_method(by_method, request.method or ""), holder, request, ids)
        except RequestRefused as refused:
            return error_answer(refused.error, may_be=by_method)

    return answer


def _of_method(by_method: Mapping[str, Served], method: str) -> Served:
    served = by_method.get("GET" if method == "HEAD" else method)
    if served is None:
        raise RequestRefused(WRONG_METHOD)
    return served


def _answer(served: Served, holder: KeyHolder, request: HttpRequest, ids: Mapping[str, str]) -> HttpResponse:
    try:
        with acting_for(holder.organisation_id):
            count_request(holder.account.id, served.kind, now=clock.now())
            return served.view(request, holder.account, **ids)
    except DatabaseError:
        log.exception("payment_request_failed", endpoint=served.name)
        return error_answer(DOWNSTREAM[served.name])
    except Refused as refusal:
        return error_answer(_known(served.name, refusal))


def _known(name: Endpoint, refusal: Refused) -> WireError:
    error = find_error(name, refusal)
    if error is None:
        raise refusal
    return error


def _authenticate(request: HttpRequest) -> KeyHolder:
    credentials = request.headers.get("Authorization", "")
    if not credentials.startswith(_SCHEME):
        raise RequestRefused(UNAUTHORISED)
    try:
        return identify(credentials.removeprefix(_SCHEME), now=clock.now())
    except NotAKey:
        raise RequestRefused(UNAUTHORISED) from None
    except DatabaseError:
        log.exception("payment_key_store_down")
        raise RequestRefused(KEY_STORE_DOWN) from None
