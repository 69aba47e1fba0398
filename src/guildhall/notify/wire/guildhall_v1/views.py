"""What no national API has: many recipients in one request, and taking back what was to go later.

Keys, errors and limits are those of ``/v2``; a batch is one request, and each of its messages one of the day's.
"""

from functools import partial

from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.fast_path import Request
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import operations
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.operations.accepting.batches import accept_batch, accept_batch_once
from guildhall.notify.operations.cancelling import cancel_scheduled
from guildhall.notify.queries.remembered import current_template
from guildhall.notify.wire.guildhall_v1 import parse, render
from guildhall.notify.wire.notify_v2.fields import window_for
from guildhall.notify.wire.notify_v2.naming import read_repeat
from guildhall.notify.wire.notify_v2.parse import read_id, read_json
from guildhall.notify.wire.notify_v2.speaking import caller_of, json_answer, wire

LARGEST_BATCH = 20 * 1024 * 1024
"""Bytes: two thousand for each of ten thousand recipients."""


@wire("POST")
def batch(request: HttpRequest) -> HttpResponse:
    """``POST /guildhall/v1/notifications/batch``: one template to up to 10,000 recipients, each answered by itself."""
    now, sent = clock.now(), Request(request.META)
    caller = caller_of(request, now)
    service = caller.service.view
    operations.take_request(service, caller.key.kind, now=now)
    body = sent.body(at_most=LARGEST_BATCH)
    repeat, window = read_repeat(sent, body), window_for(service, now)
    known = repeat and operations.find_answer(repeat, service=caller.service, now=now)
    if known:
        return _created(known)
    wanted = parse.read_batch(read_json(body), window)
    template = current_template(service.organisation_id, service.id, wanted.template_id)
    rows = parse.read_rows(wanted, template.channel, window)
    tell = partial(render.tell_batch, template=template)
    if repeat is None:
        return _created(tell(accept_batch(rows, caller=caller, now=now)))
    return _created(accept_batch_once(rows, repeat, caller=caller, tell=tell, now=now))


@wire("POST")
def cancel(request: HttpRequest, notification_id: str) -> HttpResponse:
    """``POST /guildhall/v1/notifications/{id}/cancel``: a scheduled message is taken back before its time comes."""
    now = clock.now()
    caller = caller_of(request, now)
    wanted = MessageId(read_id(notification_id, field="notification_id"))
    with acting_for(caller.service.organisation_id):
        cancel_scheduled(wanted, of=caller.service.id, now=now)
    return json_answer({"id": wanted, "status": "cancelled"})


def _created(answer: bytes) -> HttpResponse:
    return HttpResponse(answer, status=201, content_type="application/json")
