"""Letting a list go out: when is asked on one page, and the button of the next says exactly what it does."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form
from guildhall.design.pages.leading import lead_to
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.life import State
from guildhall.notify.domain.rates import counted_as
from guildhall.notify.operations import DayIsUsedUp, TemplateDeleted
from guildhall.notify.operations.accepting.counting import limit_of_day
from guildhall.notify.operations.lists import ListNotReady, NotThen, TemplateChanged, confirm_list
from guildhall.notify.pages.lists.listing import list_url, officer_name
from guildhall.notify.pages.lists.looking import cost_of_list, letter_of_list
from guildhall.notify.pages.lists.when import (
    day_before_midnight,
    is_ambiguous,
    moment_of,
    now_form,
    read_when,
    when_form,
)
from guildhall.notify.pages.lists.wording import messages_in
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.queries import SendingService
from guildhall.notify.queries.lists import ListView, get_list, left_on
from guildhall.organisations.domain.keys import KeyKind
from guildhall.organisations.pages.gate import person_at


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def start(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Ask when a list goes out, show what will be done then, and do it.

    Letters go to the printer at the day's end anyway, and cannot be told to wait: nothing is asked about them.
    """
    here, now = service_at(service), clock.now()
    view = get_list(ListId(list_id), of=here.id)
    if view.state is not State.READY:
        return lead_to(list_url(council, here, view.id))
    if view.channel is Channel.LETTER:
        form = now_form()
    elif request.method == "POST":
        form = read_when(when_form(now).read(request.POST), now=now)
    else:
        return _ask(request, here, view, when_form(now))
    if "send" in request.POST and not form.is_refused:
        form = _confirm(request, form, view)
        if not form.is_refused:
            return lead_to(list_url(council, here, view.id, done="confirmed"))
    if "change" in request.POST or (form.is_refused and view.channel is not Channel.LETTER):
        return _ask(request, here, view, form)
    return _ask_to_confirm(request, here, view, form)


def _ask(request: HttpRequest, here: SendingService, view: ListView, form: Form) -> HttpResponse:
    now = clock.now()
    facts = {"form": form, "left": left_of_day(view, here, now), **_what(view, here, now)}
    return show(request, here, "notify/lists/start.html", facts)


def _ask_to_confirm(request: HttpRequest, here: SendingService, view: ListView, form: Form) -> HttpResponse:
    """Show what will be done, with one button that says it."""
    at = moment_of(form)
    facts = {
        "form": form,
        "at": at,
        "is_ambiguous": at is not None and is_ambiguous(at),
        "day_before": day_before_midnight(at) if at else None,
        "left": left_of_day(view, here, at or clock.now()),
        "kept": [(name, str(value)) for name, value in form.values.items()],
        **_what(view, here, at or clock.now()),
    }
    return show(request, here, "notify/lists/confirm.html", facts)


def _what(view: ListView, here: SendingService, at: datetime) -> dict[str, object]:
    return {
        "list": view,
        "messages": messages_in(view),
        "noticed": len(list(view.noticed)),
        "cost": cost_of_list(view, here, on=clock.london_day(at)),
        "letter": letter_of_list(view),
    }


def left_of_day(view: ListView, here: SendingService, at: datetime) -> int:
    """Return how many of the list's kind of messages the service may still send on the day of a moment."""
    limit = limit_of_day(here.sender, KeyKind.LIVE, view.channel)
    left = left_on(at.date(), of=here.id, counted=str(view.channel), limit=limit)
    if not view.rows_abroad:
        return left
    abroad = counted_as(view.channel, is_abroad=True)
    left_abroad = left_on(at.date(), of=here.id, counted=abroad, limit=here.sender.texts_abroad_a_day)
    return left if view.rows_abroad <= left_abroad else 0


def _confirm(request: HttpRequest, form: Form, view: ListView) -> Form:
    """Let the list go out; return the form with what speaks against it."""
    try:
        confirm_list(
            view.id,
            starts_at=moment_of(form),
            confirmed_by=officer_name(request),
            actor=person_at(request),
            now=clock.now(),
        )
    except NotThen:
        return form.refuse("time", _("The time must be in the next 7 days"))
    except DayIsUsedUp:
        return form.refuse(_question(view), _("The list has more rows than this service may still send that day"))
    except (TemplateChanged, TemplateDeleted):
        return form.refuse("", _("The template has changed since the list was checked. Upload the list again"))
    except ListNotReady:
        return form.refuse("", _("Somebody else has confirmed or cancelled this list"))
    return form


def _question(view: ListView) -> str:
    """Return the question that a refusal of the day is about; of letters none was asked."""
    return "" if view.channel is Channel.LETTER else "when"
