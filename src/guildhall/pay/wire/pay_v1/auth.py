"""Who is asking: the key in the request opens one account, so many times in a second."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import structlog
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from guildhall.kernel import clock
from guildhall.kernel.audiences import keyholders
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
    UNAUTHORISED,
    WRONG_METHOD,
    Endpoint,
    RequestRefused,
    WireError,
    find_error,
)

log = structlog.get_logger(__name__)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
AccountView = Callable[Concatenate[HttpRequest, Account, P], HttpResponse]

_SCHEME = "Bearer "


def endpoint(name: Endpoint, method: str, kind: RequestKind) -> Callable[[AccountView[P]], View[P]]:
    """Serve a view to the account whose key the request carries, in that council's name; answer its refusals."""

    def decorate(view: AccountView[P]) -> View[P]:
        @csrf_exempt
        @keyholders
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if request.method != method:
                    raise RequestRefused(WRONG_METHOD)
                holder = _authenticate(request)
                with acting_for(holder.organisation_id):
                    count_request(holder.account.id, kind, now=clock.now())
                    return view(request, holder.account, *args, **kwargs)
            except RequestRefused as refused:
                return error_answer(refused.error)
            except DatabaseError:
                log.exception("payment_request_failed", endpoint=name)
                return error_answer(DOWNSTREAM[name])
            except Refused as refusal:
                return error_answer(_known(name, refusal))

        return answer

    return decorate


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
    except OperationalError:
        log.exception("payment_key_store_down")
        raise RequestRefused(KEY_STORE_DOWN) from None
