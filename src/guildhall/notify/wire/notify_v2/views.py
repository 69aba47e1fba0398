"""The API's addresses: find out who calls, read, make one call, tell what came of it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

import msgspec
import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, keyholders
from guildhall.kernel.refusals import Refused
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations, queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, TemplateId
from guildhall.notify.domain.personalisation import Personalisation, missing_names
from guildhall.notify.operations import PlaceholdersMissing
from guildhall.notify.queries import TemplateNotFound
from guildhall.notify.queries.remembered import Caller
from guildhall.notify.wire.notify_v2 import parse, render
from guildhall.notify.wire.notify_v2.auth import authenticate
from guildhall.notify.wire.notify_v2.refusals import (
    BROKEN,
    NO_RESULT,
    NO_SUCH_ADDRESS,
    NO_SUCH_METHOD,
    Answer,
    ChannelNotAllowed,
    TooLarge,
    answer_to,
)

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]


def wire(*methods: str) -> Callable[[View], View]:
    """Answer in the contract's words, whatever happens: refusals by the table, other methods and bugs as JSON too."""

    def speaking(view: View) -> View:
        @csrf_exempt
        @keyholders
        @wraps(view)
        def answer(request: HttpRequest, **words: str) -> HttpResponse:
            if request.method not in methods:
                return _json(NO_SUCH_METHOD, 405)
            try:
                return view(request, **words)
            except Refused as refusal:
                return _told(answer_to(refusal))
            except Exception:
                log.exception("notify_v2_failed", path=request.path)
                return _told(BROKEN)

        return answer

    return speaking


@wire("GET", "HEAD", "POST")
def notification(request: HttpRequest, name: str) -> HttpResponse:
    """``POST /v2/notifications/{channel}`` sends; ``GET /v2/notifications/{id}`` tells of one that was sent."""
    if request.method != "POST":
        return _tell(request, name)
    send = _SENDING.get(name)
    return send(request) if send else nowhere(request)


def _send_email(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    caller = _caller(request, now)
    operations.admit(caller, Channel.EMAIL, now=now)
    wanted = parse.read_email(parse.read_json(_body(request)), now=now)
    return _json(render.render_accepted(operations.accept(wanted, caller=caller, now=now)), 201)


def _send_text_message(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    caller = _caller(request, now)
    operations.admit(caller, Channel.SMS, now=now)
    wanted = parse.read_text_message(parse.read_json(_body(request)), now=now)
    return _json(render.render_accepted(operations.accept(wanted, caller=caller, now=now)), 201)


def _send_letter(request: HttpRequest) -> HttpResponse:
    """Refuse: no service may send letters yet."""
    _caller(request, clock.now())
    parse.read_json(_body(request))
    raise ChannelNotAllowed("Service is not allowed to send letters")


_SENDING: dict[str, View] = {"email": _send_email, "sms": _send_text_message, "letter": _send_letter}


def _tell(request: HttpRequest, message_id: str) -> HttpResponse:
    caller = _caller(request, clock.now())
    wanted = MessageId(parse.read_id(message_id, field="notification_id"))
    with acting_for(caller.service.organisation_id):
        return _json(render.render_message(queries.get_message(wanted, of=caller.service.id)))


@wire("GET", "HEAD")
def template(request: HttpRequest, template_id: str, version: int = 0) -> HttpResponse:
    """``GET /v2/template/{id}`` and ``/version/{n}``; version 0 is the last one."""
    caller = _caller(request, clock.now())
    wanted = parse.read_id(template_id, field="id")
    try:
        return _json(render.render_template(_template(caller, wanted, version)))
    except TemplateNotFound:
        return _told(NO_RESULT)


@wire("GET", "HEAD")
def templates(request: HttpRequest) -> HttpResponse:
    """``GET /v2/templates``"""
    caller = _caller(request, clock.now())
    wanted = parse.read_template_type(dict(request.GET.lists()))
    with acting_for(caller.service.organisation_id):
        listed = queries.list_templates(of=caller.service.id, channel=wanted)
    return _json({"templates": [render.render_template(each) for each in listed]})


@wire("POST")
def preview(request: HttpRequest, template_id: str) -> HttpResponse:
    """``POST /v2/template/{id}/preview``; an empty body means no values."""
    caller = _caller(request, clock.now())
    wanted, body = parse.read_id(template_id, field="id"), _body(request)
    values = parse.read_preview(parse.read_json(body) if body else {})
    try:
        found = _template(caller, wanted, 0)
    except TemplateNotFound:
        return _told(NO_RESULT)
    if missing := missing_names(found.pair.english.names, Personalisation(values)):
        raise PlaceholdersMissing(f"Missing personalisation: {', '.join(missing)}")
    return _json(render.render_preview(found, values))


@csrf_exempt
@anyone
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address under ``/v2``."""
    return _json(NO_SUCH_ADDRESS, 404)


def _caller(request: HttpRequest, now: datetime) -> Caller:
    caller = authenticate(request.META.get("HTTP_AUTHORIZATION"), at=now.timestamp())
    operations.note_use(caller, now=now)
    return caller


def _template(caller: Caller, template_id: UUID, version: int) -> queries.TemplateView:
    with acting_for(caller.service.organisation_id):
        return queries.get_template(TemplateId(template_id), of=caller.service.id, version=version or None)


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as fault:
        raise TooLarge("the body is larger than anything that could be accepted") from fault


def _told(answer: Answer) -> HttpResponse:
    return _json(answer.body, answer.status)


def _json(body: dict[str, Any] | dict[str, object], status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
