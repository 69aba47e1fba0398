"""The API's addresses: find out who calls, read, make one call, tell what came of it."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from guildhall.kernel import clock
from guildhall.kernel.tenancy import acting_for
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, TemplateId
from guildhall.notify.domain.personalisation import Personalisation, missing_names
from guildhall.notify.operations import PlaceholdersMissing
from guildhall.notify.queries import Sought, TemplateNotFound, TemplateView
from guildhall.notify.queries.contact_blocks import list_contact_blocks
from guildhall.notify.queries.remembered import Caller
from guildhall.notify.wire.notify_v2 import parse, questions, render
from guildhall.notify.wire.notify_v2.refusals import NO_RESULT
from guildhall.notify.wire.notify_v2.sending import SENDING
from guildhall.notify.wire.notify_v2.speaking import body_of, caller_of, json_answer, nowhere, told, wire

PAGE = 250


@wire("GET", "HEAD", "POST")
def notification(request: HttpRequest, name: str) -> HttpResponse:
    """``POST /v2/notifications/{channel}`` sends; ``GET /v2/notifications/{id}`` tells of one that was sent."""
    if request.method != "POST":
        return _tell(request, name)
    send = SENDING.get(name)
    return send(request) if send else nowhere(request)


def _tell(request: HttpRequest, message_id: str) -> HttpResponse:
    caller = caller_of(request, clock.now())
    wanted = MessageId(parse.read_id(message_id, field="notification_id"))
    with acting_for(caller.service.organisation_id):
        return json_answer(render.render_message(queries.get_message(wanted, of=caller.service.id)))


@wire("GET", "HEAD")
def notifications(request: HttpRequest) -> HttpResponse:
    """``GET /v2/notifications``: what was sent with keys of the caller's kind, the newest first."""
    caller = caller_of(request, clock.now())
    question = questions.read_question(request.GET)
    sought = Sought(
        of=caller.service.id,
        kinds=(str(caller.key.kind),),
        channels=question.channels,
        statuses=question.statuses,
        reference=question.reference,
        with_lists=question.with_lists,
    )
    with acting_for(caller.service.organisation_id):
        listed = queries.list_sent(sought, size=PAGE, older_than=question.older_than)
    return json_answer(render.render_messages(listed, question))


@wire("GET", "HEAD")
def template(request: HttpRequest, template_id: str, version: int = 0) -> HttpResponse:
    """``GET /v2/template/{id}`` and ``/version/{n}``; version 0 is the last one."""
    caller = caller_of(request, clock.now())
    wanted = parse.read_id(template_id, field="id")
    try:
        [shown] = _shown([_template(caller, wanted, version)], caller)
    except TemplateNotFound:
        return told(NO_RESULT)
    return json_answer(shown)


@wire("GET", "HEAD")
def templates(request: HttpRequest) -> HttpResponse:
    """``GET /v2/templates``"""
    caller = caller_of(request, clock.now())
    wanted = parse.read_template_type(dict(request.GET.lists()))
    with acting_for(caller.service.organisation_id):
        listed = queries.list_templates(of=caller.service.id, channel=wanted)
    in_their_order = sorted(listed, key=lambda each: (each.name, each.channel, each.id))
    return json_answer({"templates": _shown(in_their_order, caller)})


@wire("GET", "HEAD")
def template_versions(request: HttpRequest, service_id: str, template_id: str) -> HttpResponse:
    """``GET /service/{id}/template/{id}/versions``: what the Python client's ``get_all_template_versions`` asks for."""
    caller = caller_of(request, clock.now())
    wanted = TemplateId(parse.read_id(template_id, field="id"))
    if parse.read_id(service_id, field="service_id") != caller.service.id:
        return told(NO_RESULT)
    try:
        with acting_for(caller.service.organisation_id):
            versions = queries.list_versions(wanted, of=caller.service.id)
    except TemplateNotFound:
        return told(NO_RESULT)
    return json_answer({"data": _shown(versions, caller)})


@wire("POST")
def preview(request: HttpRequest, template_id: str) -> HttpResponse:
    """``POST /v2/template/{id}/preview``; an empty body means no values."""
    caller = caller_of(request, clock.now())
    wanted, body = parse.read_id(template_id, field="id"), body_of(request)
    values = parse.read_preview(parse.read_json(body) if body else {})
    try:
        found = _template(caller, wanted, 0)
    except TemplateNotFound:
        return told(NO_RESULT)
    if missing := missing_names(found.pair.english.names, Personalisation(values)):
        raise PlaceholdersMissing(f"Missing personalisation: {', '.join(missing)}")
    return json_answer(render.render_preview(found, values))


def _template(caller: Caller, template_id: UUID, version: int) -> TemplateView:
    with acting_for(caller.service.organisation_id):
        return queries.get_template(TemplateId(template_id), of=caller.service.id, version=version or None)


def _shown(templates: Sequence[TemplateView], caller: Caller) -> list[render.Json]:
    """Tell templates; only letters have a sender's block, which is looked up for all of them at once."""
    if all(each.channel is not Channel.LETTER for each in templates):
        return [render.render_template(each, None) for each in templates]
    with acting_for(caller.service.organisation_id):
        blocks = list_contact_blocks(of=caller.service.id)
    lines: dict[UUID | None, str] = {block.id: block.lines for block in blocks}
    return [render.render_template(each, lines.get(each.choices.contact_block_id)) for each in templates]
