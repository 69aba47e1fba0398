"""Letters: ``POST /v2/notifications/letter`` and ``GET /v2/notifications/{id}/pdf`` (contract: notify 1.6, 1.7)."""

import msgspec
from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.fast_path import Request
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.accepting import Prepared
from guildhall.notify.operations.letters.precompiled import accept_precompiled
from guildhall.notify.queries.letters import get_letter_paper
from guildhall.notify.wire.notify_v2 import parse, parse_letter, render
from guildhall.notify.wire.notify_v2.fields import Window
from guildhall.notify.wire.notify_v2.naming import read_repeat
from guildhall.notify.wire.notify_v2.speaking import body_of, caller_of, json_answer, wire


def send_letter(request: HttpRequest) -> HttpResponse:
    """Accept a letter: one that we write from a template, or one that comes ready to print.

    Of the first kind, a request that names itself is answered once (``naming``).
    """
    now = clock.now()
    caller = caller_of(request, now)
    operations.admit(caller, Channel.LETTER, now=now)
    sent = body_of(request)
    body, window = parse.read_json(sent), Window(now, parse.FURTHEST_SCHEDULE)
    if parse_letter.is_precompiled(body):
        brought = parse_letter.read_precompiled(body, window)
        return json_answer(render.render_accepted_file(accept_precompiled(brought, caller=caller, now=now)), 201)
    wanted = parse_letter.read_letter(body, window)
    repeat = read_repeat(Request(request.META), sent)
    if repeat is None:
        return json_answer(render.render_accepted(operations.accept(wanted, caller=caller, now=now)), 201)
    told = operations.accept_once(wanted, repeat, caller=caller, tell=_tell, now=now)
    return HttpResponse(told, status=201, content_type="application/json")


@wire("GET", "HEAD")
def letter_pdf(request: HttpRequest, message_id: str) -> HttpResponse:
    """``GET /v2/notifications/{id}/pdf``"""
    caller = caller_of(request, clock.now())
    wanted = MessageId(parse.read_id(message_id, field="notification_id"))
    with acting_for(caller.service.organisation_id):
        paper = get_letter_paper(wanted, of=caller.service.id)
    return HttpResponse(paper.pdf, content_type="application/pdf")


def _tell(accepted: Prepared) -> bytes:
    return msgspec.json.encode(render.render_accepted(accepted))
