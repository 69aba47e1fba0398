"""For operators: what a council's services may send, how much of it, and whether to anybody."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import CheckboxesField, Form, NumberField, Option, RadiosField
from guildhall.design.languages import Text
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, operators
from guildhall.kernel.outside import whole_number
from guildhall.notify import queries
from guildhall.notify.domain.delivery import Quarantine
from guildhall.notify.domain.settings import tasks_to_go_live
from guildhall.notify.operations import settings as operations
from guildhall.notify.operations.quarantine import KEPT_FOR
from guildhall.notify.pages.section import service_at
from guildhall.notify.pages.settings import LIVE_TASKS
from guildhall.notify.pages.wording import CHANNELS
from guildhall.notify.queries import NotifyServiceView
from guildhall.notify.queries.asking import list_asking
from guildhall.notify.queries.quarantined import list_quarantined
from guildhall.notify.queries.settings import get_readiness
from guildhall.organisations.pages.gate import council_at, person_at

REASONS = {
    Quarantine.UNWRITABLE: Text("It cannot be written", "Nid oes modd ei hysgrifennu"),
    Quarantine.CRASHING: Text(
        "Two workers stopped while they had it in hand", "Stopiodd dau weithiwr tra oedd yn eu dwylo"
    ),
}
OWN_LIMITS = ("emails_a_day", "texts_a_day", "letters_a_day")
LIMITS = ("requests_a_minute", "texts_abroad_a_day")


@operators
def asking(request: HttpRequest) -> HttpResponse:
    """List the services of every council that ask to leave trial mode."""
    return render(request, "notify/asking.html", {"asking": list_asking()})


@operators
def given_up(request: HttpRequest) -> HttpResponse:
    """List the messages that kept others waiting and were given up, of every council, with no word of what they say."""
    listed = list_quarantined(since=clock.now() - KEPT_FOR)
    return render(request, "notify/given-up.html", {"listed": listed, "reasons": REASONS, "channels": CHANNELS})


@operators
def services(request: HttpRequest, council: str) -> HttpResponse:
    """List the council's services that send, those that ask to leave trial mode first."""
    listed = sorted(queries.list_sending_services(), key=lambda each: each.sender.live_asked_at is None)
    return render(request, "notify/operating.html", {"services": listed, "looked_at": council_at(request)})


@operators
@methods("GET", "HEAD", "POST")
def service(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Ask what one service may do, and change it."""
    here = service_at(service)
    form = _form(here.sender)
    if request.method == "POST":
        form = _checked(form.read(request.POST))
        if not form.is_refused:
            operations.set_allowed(here.id, _allowed(form), operator=person_at(request), now=clock.now())
            names = {"council": council, "service": here.slug}
            return lead_to(reverse("notify:operate-service", kwargs=names) + "?done=saved")
    facts = {
        "form": form,
        "here": here,
        "looked_at": council_at(request),
        "tasks": tasks_to_go_live(get_readiness(here.id)),
        "live_tasks": LIVE_TASKS,
        "done": in_address(request, "done"),
    }
    return render(request, "notify/operate-service.html", facts)


def _form(sender: NotifyServiceView) -> Form:
    modes = [
        Option("trial", _("Trial mode"), _("Writes to its team and guests only")),
        Option("live", _("Live"), _("Writes to anybody")),
    ]
    allowed = [
        Option("may_send_emails", _("Emails")),
        Option("may_send_texts", _("Text messages")),
        Option("may_text_abroad", _("Text messages to other countries")),
        Option("may_text_landlines", _("Text messages to landlines")),
        Option("may_send_letters", _("Letters")),
        Option("may_send_letters_abroad", _("Letters to other countries")),
    ]
    usual = _("Leave it empty for the usual limit")
    may = {
        "may_send_emails": "email" in sender.may_send,
        "may_send_texts": "sms" in sender.may_send,
        "may_send_letters": "letter" in sender.may_send,
        "may_text_abroad": sender.may_text_abroad,
        "may_text_landlines": sender.may_text_landlines,
        "may_send_letters_abroad": sender.may_send_letters_abroad,
    }
    numbers = {name: getattr(sender, name) for name in (*OWN_LIMITS, *LIMITS)}
    return Form(
        RadiosField("mode", _("Mode"), options=modes),
        CheckboxesField("may", _("What it may send"), options=allowed, is_small=True),
        NumberField("emails_a_day", _("Emails a day"), usual, width="10"),
        NumberField("texts_a_day", _("Text messages a day"), usual, width="10"),
        NumberField("texts_abroad_a_day", _("Text messages to other countries a day"), width="10"),
        NumberField("letters_a_day", _("Letters a day"), usual, width="10"),
        NumberField("requests_a_minute", _("Requests a minute with each kind of key"), width="10"),
        values={
            "mode": "live" if sender.is_live else "trial",
            "may": tuple(name for name, is_on in may.items() if is_on),
            **{name: "" if number is None else str(number) for name, number in numbers.items()},
        },
    )


def _checked(form: Form) -> Form:
    if form.is_refused:
        return form
    if form.text("mode") not in ("trial", "live"):
        form = form.refuse("mode", _("Select a mode"))
    for name in (*OWN_LIMITS, *LIMITS):
        typed = form.text(name)
        if (typed or name in LIMITS) and whole_number(typed) is None:
            form = form.refuse(name, _("Enter a whole number"))
    if whole_number(form.text("requests_a_minute")) == 0:
        form = form.refuse("requests_a_minute", _("Enter a number of at least 1"))
    return form


def _allowed(form: Form) -> operations.Allowed:
    may = form.chosen("may")
    return operations.Allowed(
        is_live=form.text("mode") == "live",
        requests_a_minute=whole_number(form.text("requests_a_minute")) or 0,
        emails_a_day=whole_number(form.text("emails_a_day")),
        texts_a_day=whole_number(form.text("texts_a_day")),
        texts_abroad_a_day=whole_number(form.text("texts_abroad_a_day")) or 0,
        letters_a_day=whole_number(form.text("letters_a_day")),
        may_send_emails="may_send_emails" in may,
        may_send_texts="may_send_texts" in may,
        may_send_letters="may_send_letters" in may,
        may_text_abroad="may_text_abroad" in may,
        may_text_landlines="may_text_landlines" in may,
        may_send_letters_abroad="may_send_letters_abroad" in may,
    )
