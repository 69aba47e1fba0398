"""``POST /v2/notifications/{channel}``: read, make one call, tell what was accepted.

Emails and texts take the fast path: they are answered before Django (``config/fast_path.py``), and through it where the
fast path is closed.
"""

from collections.abc import Mapping
from functools import wraps

import msgspec
from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.fast_path import FastView, Request, Response
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import Prepared
from guildhall.notify.wire.notify_v2 import parse, render
from guildhall.notify.wire.notify_v2.fields import window_for
from guildhall.notify.wire.notify_v2.letters import send_letter
from guildhall.notify.wire.notify_v2.naming import read_repeat
from guildhall.notify.wire.notify_v2.speaking import View, caller_with, fast_path

LARGEST_BODY = 3 * 1024 * 1024
"""Bytes: a file of 2 MB as text, and the rest (alphagov/notifications-api:app/config.py)."""


def _send_email(request: Request) -> Response:
    """``POST /v2/notifications/email``"""
    return _send(request, Channel.EMAIL, parse.read_email)


def _send_text_message(request: Request) -> Response:
    """``POST /v2/notifications/sms``"""
    return _send(request, Channel.SMS, parse.read_text_message)


def _send(request: Request, channel: Channel, read: parse.Reader) -> Response:
    now = clock.now()
    caller = caller_with(request.find_header("HTTP_AUTHORIZATION"), now)
    operations.admit(caller, channel, now=now)
    body = request.body(at_most=LARGEST_BODY)
    repeat = read_repeat(request, body)
    known = repeat and operations.find_answer(repeat, service=caller.service, now=now)
    if known:
        return Response(201, known)
    wanted = read(parse.read_json(body), window_for(caller.service.view, now))
    if repeat is None:
        return Response(201, _tell(operations.accept(wanted, caller=caller, now=now)))
    return Response(201, operations.accept_once(wanted, repeat, caller=caller, tell=_tell, now=now))


def _tell(accepted: Prepared) -> bytes:
    return msgspec.json.encode(render.render_accepted(accepted))


def _through_django(answer: FastView) -> View:
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        made = answer(Request(request.META))
        return HttpResponse(made.body, status=made.status, content_type="application/json")

    return view


send_email, send_text_message = fast_path(_send_email), fast_path(_send_text_message)

SENDING: Mapping[str, View] = {
    "email": _through_django(_send_email),
    "sms": _through_django(_send_text_message),
    "letter": send_letter,
}
"""How a message of each channel is sent where Django was request."""
