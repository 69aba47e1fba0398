"""How every address of the API answers: in the contract's words, whatever happens, through Django or before it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps

import msgspec
import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from guildhall.kernel.audiences import EVERY_METHOD, anyone, exempt_from_csrf, keyholders, methods
from guildhall.kernel.fast_path import FastView, Request, Response
from guildhall.kernel.refusals import Refused
from guildhall.notify import operations
from guildhall.notify.queries.remembered import Caller
from guildhall.notify.wire.notify_v2.auth import authenticate
from guildhall.notify.wire.notify_v2.noting import note_accepted, note_refused
from guildhall.notify.wire.notify_v2.refusals import (
    BROKEN,
    NO_SUCH_ADDRESS,
    NO_SUCH_METHOD,
    Answer,
    TooLarge,
    answer_to,
)

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]

without_csrf = exempt_from_csrf("programs call: they show a key, which no browser adds by itself")


def wire(*answered: str) -> Callable[[View], View]:
    """Answer in the contract's words, whatever happens: refusals by the table, other methods and bugs as JSON too."""

    def speaking(view: View) -> View:
        @without_csrf
        @keyholders
        @methods(*answered)
        @wraps(view)
        def answer(request: HttpRequest, **words: str) -> HttpResponse:
            if request.method not in answered:
                return json_answer(NO_SUCH_METHOD, 405)
            shown = request.META.get("HTTP_AUTHORIZATION")
            try:
                response = view(request, **words)
            except Refused as refusal:
                said = answer_to(refusal)
            except Exception:
                log.exception("notify_v2_failed", view=view.__name__)
                said = BROKEN
            else:
                note_accepted(str(request.method), request.path, shown, response.status_code)
                return response
            note_refused(str(request.method), request.path, shown, said)
            return told(said)

        return answer

    return speaking


def fast_path(answer: FastView) -> FastView:
    """Answer in the contract's words, whatever happens, where Django is not asked (decision 9)."""

    @wraps(answer)
    def speaking(request: Request) -> Response:
        try:
            made = answer(request)
        except Refused as refusal:
            said = answer_to(refusal)
        except Exception:
            log.exception("notify_v2_failed", view=answer.__name__)
            said = BROKEN
        else:
            note_accepted("POST", request.path, request.find_header("HTTP_AUTHORIZATION"), made.status)
            return made
        note_refused("POST", request.path, request.find_header("HTTP_AUTHORIZATION"), said)
        return Response(said.status, msgspec.json.encode(said.body))

    return speaking


@without_csrf
@anyone
@methods(*EVERY_METHOD)
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under ``/v2``."""
    return json_answer(NO_SUCH_ADDRESS, 404)


def caller_of(request: HttpRequest, now: datetime) -> Caller:
    """Return whose request it is, and note that the key was used.

    :raises Unauthorised: nobody's who may ask.
    """
    return caller_with(request.META.get("HTTP_AUTHORIZATION"), now)


def caller_with(authorization: str | None, now: datetime) -> Caller:
    """Return whose request shows this authorization, and note that the key was used.

    :raises Unauthorised: nobody's who may ask.
    """
    caller = authenticate(authorization, at=now.timestamp())
    operations.note_use(caller, now=now)
    return caller


def body_of(request: HttpRequest) -> bytes:
    """Return what was sent.

    :raises TooLarge: more than anything that could be accepted.
    """
    try:
        return request.body
    except RequestDataTooBig as fault:
        raise TooLarge("the body is larger than anything that could be accepted") from fault


def told(answer: Answer) -> HttpResponse:
    """Return a refusal as it is told."""
    return json_answer(answer.body, answer.status)


def json_answer(body: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Return a body of JSON."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
