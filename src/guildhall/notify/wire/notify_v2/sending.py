"""``POST /v2/notifications/{channel}``: read, make one call, tell what was accepted."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.wire.notify_v2 import parse, render
from guildhall.notify.wire.notify_v2.refusals import ChannelNotAllowed
from guildhall.notify.wire.notify_v2.speaking import View, body_of, caller_of, json_answer


def send_email(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    caller = caller_of(request, now)
    operations.admit(caller, Channel.EMAIL, now=now)
    wanted = parse.read_email(parse.read_json(body_of(request)), now=now)
    return json_answer(render.render_accepted(operations.accept(wanted, caller=caller, now=now)), 201)


def send_text_message(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    caller = caller_of(request, now)
    operations.admit(caller, Channel.SMS, now=now)
    wanted = parse.read_text_message(parse.read_json(body_of(request)), now=now)
    return json_answer(render.render_accepted(operations.accept(wanted, caller=caller, now=now)), 201)


def send_letter(request: HttpRequest) -> HttpResponse:
    """Refuse: no service may send letters yet."""
    caller_of(request, clock.now())
    parse.read_json(body_of(request))
    raise ChannelNotAllowed("Service is not allowed to send letters")


SENDING: Mapping[str, View] = {"email": send_email, "sms": send_text_message, "letter": send_letter}
