"""The audit trail of a council, for its owners and auditors: searched, checked, and taken away."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, Option, SelectField, TextField, taking
from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.design.pages.downloads import as_csv, saved_as
from guildhall.design.pages.speaking import current_language
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import Role, officers
from guildhall.kernel.outside import read_day, read_id
from guildhall.kernel.paging import page_number
from guildhall.organisations import queries
from guildhall.organisations.pages.gate import council_at
from guildhall.organisations.pages.wording import details_in_words, name_of_action, name_of_actor
from guildhall.organisations.queries import AuditLine, Sought

FILTERS = ("who", "kind", "service", "since", "until")


@officers(Role.OWNER, Role.AUDITOR)
def trail(request: HttpRequest, council: str) -> HttpResponse:
    """Show what people did, the newest first; check that nothing was changed when asked to (``?check=1``)."""
    form, sought = _asked_for(request)
    is_checked = in_address(request, "check") == "1"
    facts = {
        "form": form,
        "page": queries.list_audit(sought, page=page_number(in_address(request, "page"))),
        "asked": _query(request),
        "name_of_action": name_of_action,
        "name_of_actor": name_of_actor,
        "details_in_words": details_in_words,
        "is_checked": is_checked,
        "fault": queries.verify_audit() if is_checked else None,
    }
    return render(request, "organisations/audit.html", facts)


@officers(Role.OWNER, Role.AUDITOR)
def spreadsheet(request: HttpRequest, council: str) -> HttpResponseBase:
    """Give what the page lists, all of it, in the page's words."""
    language = current_language()
    headings = [
        *(_("Number"), _("When"), _("Who"), _("What"), _("Which"), _("Service"), _("Details")),
        *("actor", "action", "object_type", "object_id", "service_id", "hash"),
    ]
    lines = queries.read_audit(_asked_for(request)[1], council_at(request).id)
    return as_csv(headings, (_cells(line, language) for line in lines), _file_name(request, "csv"))


@officers(Role.OWNER, Role.AUDITOR)
def data(request: HttpRequest, council: str) -> HttpResponseBase:
    """Give the same to a program: a line of JSON for each event, as the chain holds it."""
    lines = queries.read_audit(_asked_for(request)[1], council_at(request).id)
    headers = {**saved_as(_file_name(request, "jsonl")), "Cache-Control": "no-store"}
    return StreamingHttpResponse(_as_json(lines), content_type="application/jsonl; charset=utf-8", headers=headers)


def _asked_for(request: HttpRequest) -> tuple[Form, Sought]:
    """Return the form as it was filled in, and what of the trail it asks for. A day that is none is refused.

    So are days in the wrong order: "there are no such events" would be true, and would mislead.
    """
    form = _form().read(request.GET)
    kinds = {code: actions for code, _words, actions in settings.AUDIT_KINDS}
    days = {}
    for name in ("since", "until"):
        days[name] = read_day(form.text(name))
        if form.text(name) and days[name] is None:
            refusal = _("%(question)s: enter a day, like 2026-11-30") % {"question": form[name].field.label}
            form = form.refuse(name, refusal)
    if days["since"] and days["until"] and days["until"] < days["since"]:
        form = form.refuse("until", _("The last day must be the first day or later"))
    sought = Sought(
        actor=form.text("who"),
        actions=kinds.get(form.text("kind"), ()),
        service_id=read_id(form.text("service")),
        since=days["since"],
        until=days["until"],
    )
    return form, sought


def _form() -> Form:
    language, everything = current_language(), Option("", _("All"))
    known: Sequence[tuple[str, Text, tuple[str, ...]]] = settings.AUDIT_KINDS
    kinds = [Option(code, words.in_(language)) for code, words, _actions in known]
    people = [Option(actor.id, name_of_actor(actor)) for actor in queries.list_actors()]
    services = [Option(str(each.id), each.name.in_(language)) for each in queries.list_services()]
    return Form(
        SelectField("who", _("Who"), options=[everything, *people]),
        SelectField("kind", _("What"), options=[everything, *kinds]),
        SelectField("service", _("Service"), options=[everything, *services]),
        TextField("since", _("First day"), type="date", width="10", takes=taking.identifier),
        TextField("until", _("Last day"), type="date", width="10", takes=taking.identifier),
    )


def _query(request: HttpRequest) -> str:
    given = {name: in_address(request, name) for name in FILTERS}
    return urlencode({name: value for name, value in given.items() if value})


def _cells(line: AuditLine, language: str) -> Sequence[str]:
    with translation.override(language):  # the file is written while it is fetched, when the request is over
        words = (name_of_actor(line.actor), name_of_action(line.action), line.thing, line.service_name.in_(language))
        details = "; ".join(details_in_words(line))
    when = line.at.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M:%S")
    codes = (line.actor.id, line.action, line.object_type, line.object_id, line.service_id, line.hash)
    return (str(line.seq), when, *words, details, *codes)


def _as_json(lines: Iterator[AuditLine]) -> Iterator[bytes]:
    for line in lines:
        yield (
            msgspec.json.encode(
                {
                    "seq": line.seq,
                    "at": line.at.isoformat(),
                    "actor": line.actor.id,
                    "actor_kind": str(line.actor.kind),
                    "actor_name": line.actor.name,
                    "action": line.action,
                    "object_type": line.object_type,
                    "object_id": line.object_id,
                    "object_name": line.thing,
                    "service_id": line.service_id,
                    "service_name": line.service_name.en,
                    "details": line.details,
                    "previous_hash": line.previous_hash,
                    "hash": line.hash,
                }
            )
            + b"\n"
        )


def _file_name(request: HttpRequest, ending: str) -> str:
    day = clock.london_day(clock.now()).isoformat()
    return f"audit-trail-{council_at(request).slug}-{day}.{ending}"
