"""Letting a list go out, taking it back, and sending once more what did not arrive."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, Option, RadiosField, SelectField, TextField
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.written import weekday
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import ListId
from guildhall.notify.domain.lists.life import State
from guildhall.notify.domain.rates import counted_as
from guildhall.notify.operations import DayIsUsedUp, TemplateDeleted
from guildhall.notify.operations.accepting.counting import limit_of_day
from guildhall.notify.operations.lists import (
    AlreadyStarted,
    ListNotReady,
    NothingFailed,
    NotThen,
    TemplateChanged,
    cancel_list,
    confirm_list,
    upload_failed_rows,
)
from guildhall.notify.pages.lists.listing import list_url, officer_name
from guildhall.notify.pages.lists.looking import cost_of_list, letter_of_list
from guildhall.notify.pages.section import MAY_SEND, service_at, show
from guildhall.notify.queries import SendingService
from guildhall.notify.queries.lists import ListView, get_list, left_on
from guildhall.organisations.domain.keys import KeyKind

DAYS_AHEAD = 7


@officers(*MAY_SEND)
@methods("GET", "HEAD", "POST")
def start(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Ask when a list goes out, show what it costs, and let it go."""
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    if view.state is not State.READY:
        return lead_to(list_url(council, here, view.id))
    today = clock.london_day(clock.now())
    form = _when_form(today, may_wait=view.channel is not Channel.LETTER)
    if request.method == "POST":
        form = _checked(form.read(request.POST))
        if not form.is_refused:
            form = _confirm(request, form, view)
        if not form.is_refused:
            return lead_to(list_url(council, here, view.id, done="confirmed"))
    facts = {
        "form": form,
        "list": view,
        "cost": cost_of_list(view, here, on=today),
        "letter": letter_of_list(view),
        "left": left_today(view, here),
    }
    return show(request, here, "notify/lists/start.html", facts)


@officers(*MAY_SEND)
@methods("POST")
def cancel(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Take a list back before its first message."""
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    try:
        cancel_list(view.id, now=clock.now())
    except AlreadyStarted:
        return lead_to(list_url(council, here, view.id, done="too-late"))
    return lead_to(list_url(council, here, view.id))


@officers(*MAY_SEND)
@methods("POST")
def resend(request: HttpRequest, council: str, service: str, list_id: UUID) -> HttpResponse:
    """Make a new list of the rows that failed."""
    here = service_at(service)
    view = get_list(ListId(list_id), of=here.id)
    try:
        again = upload_failed_rows(view.id, uploaded_by=officer_name(request), now=clock.now(), clock=clock.now)
    except (NothingFailed, TemplateDeleted):
        return lead_to(list_url(council, here, view.id, done="nothing-failed"))
    return lead_to(list_url(council, here, again, done="resend"))


def left_today(view: ListView, here: SendingService) -> int:
    """Return how many of the list's kind of messages the service may still send today."""
    today = clock.now().date()
    limit = limit_of_day(here.sender, KeyKind.LIVE, view.channel)
    left = left_on(today, of=here.id, counted=str(view.channel), limit=limit)
    if not view.rows_abroad:
        return left
    abroad = counted_as(view.channel, is_abroad=True)
    left_abroad = left_on(today, of=here.id, counted=abroad, limit=here.sender.texts_abroad_a_day)
    return left if view.rows_abroad <= left_abroad else 0


def _when_form(today: date, *, may_wait: bool) -> Form:
    """Ask when a list goes out. Letters go to the printer at the day's end anyway, and cannot be told to wait."""
    if not may_wait:
        now = RadiosField("when", _("When should it be sent?"), options=[Option("now", _("Now"))])
        return Form(now, values={"when": "now"})
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]
    return Form(
        RadiosField(
            "when", _("When should it be sent?"), options=[Option("now", _("Now")), Option("later", _("Later"))]
        ),
        SelectField("day", _("Day"), options=[Option(day.isoformat(), weekday(day)) for day in days]),
        TextField("time", _("Time"), _("In the UK, for example 09:30 or 14:00"), width="5", autocomplete="off"),
        values={"when": "now", "day": days[0].isoformat()},
    )


def _checked(form: Form) -> Form:
    if form.text("when") not in ("now", "later"):
        form = form.refuse("when", _("Select when it should be sent"))
    if form.text("when") == "later":
        if _day(form) is None:
            form = form.refuse("day", _("Select a day"))
        if _time(form) is None:
            form = form.refuse("time", _("Enter a time, like 09:30"))
    return form


def _confirm(request: HttpRequest, form: Form, view: ListView) -> Form:
    """Let the list go out; return the form with what speaks against it."""
    try:
        confirm_list(view.id, starts_at=_moment(form), confirmed_by=officer_name(request), now=clock.now())
    except NotThen:
        return form.refuse("time", _("The time must be in the next 7 days"))
    except DayIsUsedUp:
        return form.refuse("when", _("The list has more rows than this service may still send that day"))
    except (TemplateChanged, TemplateDeleted):
        return form.refuse("", _("The template has changed since the list was checked. Upload the list again"))
    except ListNotReady:
        return form.refuse("", _("Somebody else has confirmed or cancelled this list"))
    return form


def _moment(form: Form) -> datetime | None:
    day, at = _day(form), _time(form)
    if form.text("when") == "now" or day is None or at is None:
        return None
    return datetime.combine(day, at, tzinfo=clock.LONDON).astimezone(clock.now().tzinfo)


def _day(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.text("day"))
    except ValueError:
        return None


def _time(form: Form) -> time | None:
    typed = form.text("time").replace(".", ":").zfill(5)
    try:
        return time.fromisoformat(typed) if len(typed) == 5 else None
    except ValueError:
        return None
