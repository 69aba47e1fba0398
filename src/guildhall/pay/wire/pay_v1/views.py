"""The endpoints: each reads a request, makes one call and writes what came of it."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.audiences import EVERY_METHOD, anyone, exempt_from_csrf, methods
from guildhall.pay import operations
from guildhall.pay.domain.ids import PaymentId, find_payment_id
from guildhall.pay.queries import Account, PaymentNotFound
from guildhall.pay.wire.pay_v1.answers import error_answer, json_answer
from guildhall.pay.wire.pay_v1.auth import endpoint
from guildhall.pay.wire.pay_v1.parse import IDEMPOTENCY_KEY, read_creation
from guildhall.pay.wire.pay_v1.refusals import BLOCKED, UNPARSABLE, RequestRefused
from guildhall.pay.wire.pay_v1.render import payment_address, payment_body


@endpoint("create", "create_payment")
def create(request: HttpRequest, account: Account) -> HttpResponse:
    """POST /v1/payments"""
    wanted = read_creation(_body(request), repeat_key=request.headers.get(IDEMPOTENCY_KEY), account=account)
    opened = operations.create_payment_for_client(
        wanted.payment, account=account.id, repeatable=wanted.repeatable, now=clock.now()
    )
    location = {"Location": payment_address(opened.payment)}
    return json_answer(payment_body(opened), status=200 if opened.is_repeat else 201, **location)


@endpoint("get", "other")
def show(request: HttpRequest, account: Account, payment: str) -> HttpResponse:
    """GET /v1/payments/{id}"""
    opened = operations.open_payment(_payment_id(payment), account=account.id, now=clock.now())
    return json_answer(payment_body(opened), status=200)


@endpoint("cancel", "other_post")
def cancel(request: HttpRequest, account: Account, payment: str) -> HttpResponse:
    """POST /v1/payments/{id}/cancel"""
    operations.cancel_by_service(_payment_id(payment), account=account.id, now=clock.now())
    return HttpResponse(status=204)


@endpoint("capture", "capture_payment")
def capture(request: HttpRequest, account: Account, payment: str) -> HttpResponse:
    """POST /v1/payments/{id}/capture"""
    operations.capture(_payment_id(payment), account=account.id, now=clock.now())
    return HttpResponse(status=204)


@exempt_from_csrf("a request filter calls, and nothing is changed")
@anyone
@methods(*EVERY_METHOD)
def request_denied(request: HttpRequest) -> HttpResponse:
    """/request-denied, where a request filter in front sends what it blocks."""
    return error_answer(BLOCKED)


def _payment_id(text: str) -> PaymentId:
    """Read the id in an address; what cannot be one is an id that no account has."""
    payment_id = find_payment_id(text)
    if payment_id is None:
        raise PaymentNotFound(f"there is no payment {text}")
    return payment_id


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise RequestRefused(UNPARSABLE) from None
