"""Where providers call: who is it, what do they say, keep it, and answer in the words that they expect.

What is said is kept before it is answered, and used later by the worker; so a provider never waits, and calls again
when we could not keep it.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from guildhall.kernel import clock
from guildhall.kernel.audiences import exempt_from_csrf, keyholders, methods
from guildhall.kernel.ids import OrganisationId
from guildhall.kernel.refusals import Refused
from guildhall.kernel.tenancy import acting_for
from guildhall.notify.domain.receipts import Receipt
from guildhall.notify.operations.receipts import keep_receipts
from guildhall.notify.operations.received import receive_text
from guildhall.notify.wire.provider_receipts import parse
from guildhall.notify.wire.provider_receipts.auth import account_of
from guildhall.notify.wire.provider_receipts.refusals import STATUS, Unreadable, told

SUCCESS = {"result": "success"}

View = Callable[[OrganisationId, bytes, datetime], HttpResponse]


def provider_calls(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Make a view of what is done with the body of a provider's call."""

    @exempt_from_csrf("providers call: they show a secret, which no browser adds by itself")
    @keyholders
    @methods("POST")
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return _json({"result": "error", "message": "The method is not allowed for the requested URL."}, 405)
        try:
            return view(account_of(request), _body_of(request), clock.now())
        except Refused as refusal:
            return _json(told(refusal), STATUS[type(refusal)])

    return answer


@provider_calls
def firetext_receipt(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    return _kept(account, parse.read_firetext_receipt(parse.read_form(body), now=now), now)


@provider_calls
def mmg_receipt(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    return _kept(account, parse.read_mmg_receipt(parse.read_json(body), now=now), now)


@provider_calls
def notify_receipt(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    return _kept(account, parse.read_notify_receipt(parse.read_json(body), now=now), now)


@provider_calls
def firetext_text(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    receive_text(parse.read_firetext_text(parse.read_form(body), now=now), account=account, now=now)
    return _json({"status": "ok"})


@provider_calls
def mmg_text(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    receive_text(parse.read_mmg_text(parse.read_json(body), now=now), account=account, now=now)
    return HttpResponse("RECEIVED", content_type="text/html; charset=utf-8")


@provider_calls
def notify_text(account: OrganisationId, body: bytes, now: datetime) -> HttpResponse:
    receive_text(parse.read_notify_text(parse.read_json(body), now=now), account=account, now=now)
    return _json(SUCCESS)


def _kept(account: OrganisationId, receipt: Receipt, now: datetime) -> HttpResponse:
    with acting_for(account):
        keep_receipts([receipt], now=now)
    return _json(SUCCESS)


def _body_of(request: HttpRequest) -> bytes:
    try:
        return request.body
    except (RequestDataTooBig, UnreadablePostError) as fault:
        raise Unreadable("the body cannot be read") from fault


def _json(body: object, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
