"""A service at its address: start, answer, check, pay, done; or come back later."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import EmailField, Form
from guildhall.design.languages import Text
from guildhall.design.pages import let_the_form_lead_to
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.speaking import current_language
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, link_holders, methods, of_any_council
from guildhall.kernel.clock import london_day
from guildhall.kernel.networks import network_of
from guildhall.kernel.visitor import Visitor
from guildhall.organisations import queries as organisations
from guildhall.services.forms import operations, queries
from guildhall.services.forms.domain.messages import govuk
from guildhall.services.forms.domain.questions.asking import EMPTY
from guildhall.services.forms.domain.questions.contact import Email
from guildhall.services.forms.pages import walking
from guildhall.services.forms.pages.guidance import guidance_html
from guildhall.services.forms.pages.place import Place
from guildhall.services.forms.queries import DraftView
from guildhall.services.tracking import queries as tracking

View = Callable[..., HttpResponse]

reads_and_writes = methods("GET", "HEAD", "POST")


@reads_and_writes
@anyone
def start(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Introduce the service, and begin a journey or carry on with one."""
    live = queries.get_live_form(service)
    place = Place(council, service, live.service.name)
    if request.method == "POST":
        token = operations.start_draft(operations.NewDraft(live.service.id, live.version_id), now=clock.now())
        response = lead_to(place.page(live.definition.pages[0]))
        place.remember(response, token)
        return response
    draft = _draft_of(request, place, live.service.id)
    return walking.show(
        request,
        place,
        "forms/start.html",
        {
            "introduction": guidance_html(live.definition.introduction),
            "carry_on": place.where(draft.journey) if draft and not draft.is_submitted else "",
        },
    )


def on_a_journey(view: View) -> View:
    """Hand a view the place and the answers of whoever holds their token; lead anybody else to the start.

    Whoever holds none is not told whether there is such a service: the start is open to everybody or to nobody.
    """

    @wraps(view)
    def found(request: HttpRequest, council: str, service: str, **more: Any) -> HttpResponse:
        nameless = Place(council, service, Text(""))
        if queries.find_draft(nameless.token_of(request), now=clock.now()) is None:
            return lead_to(nameless.start)
        offered = organisations.get_service(service)
        place = Place(council, service, offered.name)
        draft = _draft_of(request, place, offered.id)
        return view(request, place, draft, **more) if draft else lead_to(place.start)

    return found


def while_answering(view: View) -> View:
    """Lead somebody whose answers have been submitted to what has become of them."""

    @wraps(view)
    def still(request: HttpRequest, place: Place, draft: DraftView, **more: Any) -> HttpResponse:
        return lead_to(place.address("sent-already")) if draft.is_submitted else view(request, place, draft, **more)

    return still


@reads_and_writes
@anyone
@on_a_journey
@while_answering
def page(request: HttpRequest, place: Place, draft: DraftView, slug: str) -> HttpResponse:
    """Ask the questions of a page, one after the other."""
    return walking.answer(request, place, draft, slug, changing=False)


@reads_and_writes
@anyone
@on_a_journey
@while_answering
def change(request: HttpRequest, place: Place, draft: DraftView, slug: str) -> HttpResponse:
    """Ask the questions of a page again, and come back to the check."""
    return walking.answer(request, place, draft, slug, changing=True)


@anyone
@on_a_journey
@while_answering
def leave(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Say that the form is not for this person."""
    return walking.leave(request, place, draft)


@reads_and_writes
@anyone
@on_a_journey
@while_answering
def check(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Show the answers, and submit them."""
    if request.method != "POST":
        return walking.check(request, place, draft)
    try:
        submitted = operations.submit(draft.id, by=_sender(request), now=clock.now())
    except operations.Incomplete:
        return lead_to(place.where(draft.journey))
    except operations.AlreadySubmitted:
        return lead_to(place.address("sent-already"))
    return lead_to(submitted.pay_at or place.address("submitted"))


@of_any_council
@anyone
@on_a_journey
def sent_already(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Tell somebody who sends again what has become of what they sent."""
    submission = queries.get_submission_of_journey(draft.id)
    if not submission.is_open:
        return lead_to(place.address("payment"))
    words = {name: govuk(f"errors.repeat_submission.{name}") for name in ("title", "body", "body_2", "link_text")}
    return walking.show(request, place, "forms/sent-already.html", {"said": words, "reference": submission.reference})


@reads_and_writes
@of_any_council
@anyone
@on_a_journey
def payment(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Where the payment pages lead back to: on to the reference, or to another try."""
    if request.method == "POST":
        return _pay_again(request, place, draft)
    looked = operations.look_at_payment(draft.id, now=clock.now())
    if looked.outcome == "paid":
        return lead_to(place.address("submitted"))
    return _unpaid(request, place, looked)


@of_any_council
@anyone
@on_a_journey
def submitted(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Show the reference, and what happens next."""
    submission = queries.get_submission_of_journey(draft.id)
    if not submission.is_open:
        return lead_to(place.address("payment"))
    context = {
        "submission": submission,
        "what_happens_next": guidance_html(submission.definition.what_happens_next),
        "link": tracking.link_to(submission.reference),
    }
    return walking.show(request, place, "forms/submitted.html", context)


@reads_and_writes
@anyone
@on_a_journey
@while_answering
def save(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Email a link by which somebody comes back later."""
    form = Form(EmailField("email", _("Email address")))
    if request.method == "POST":
        now, form = clock.now(), form.read(request.POST)
        checked = Email("email", EMPTY, EMPTY, True).check(form.text("email"), today=london_day(now))
        form = form.refuse_all(walking.problems("email", checked))
        if not form.is_refused:
            network = network_of(request.META)
            operations.send_link(draft.id, form.text("email"), language=current_language(), network=network, now=now)
            context = {"email": form.text("email"), "back": place.where(draft.journey)}
            return walking.show(request, place, "forms/saved.html", context)
    return walking.show(request, place, "forms/save.html", {"form": form, "back": place.where(draft.journey)})


@link_holders
def come_back(request: HttpRequest, council: str, service: str, token: str) -> HttpResponse:
    """Open the answers that an emailed link leads to, in this browser."""
    offered = organisations.get_service(service)
    place, draft = Place(council, service, offered.name), queries.find_draft(token, now=clock.now())
    if draft is None or draft.service_id != offered.id:
        return walking.show(request, place, "forms/link-too-old.html", {}, status=404)
    response = lead_to(place.where(draft.journey))
    place.remember(response, token)
    return response


def _draft_of(request: HttpRequest, place: Place, service_id: Any) -> DraftView | None:
    draft = queries.find_draft(place.token_of(request), now=clock.now())
    return draft if draft and draft.service_id == service_id and not draft.is_preview else None


def _sender(request: HttpRequest) -> operations.Sender:
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    return operations.Sender(current_language(), visitor.person_id)


def _pay_again(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    try:
        return lead_to(operations.pay_again(draft.id, now=clock.now()))
    except operations.NothingToPay:
        return lead_to(place.address("submitted"))
    except operations.PaymentUnderWay:
        return walking.show(request, place, "forms/payment-under-way.html", {})


def _unpaid(request: HttpRequest, place: Place, looked: operations.PaymentLooked) -> HttpResponse:
    response = walking.show(request, place, "forms/payment.html", {"looked": looked})
    let_the_form_lead_to(response, settings.BASE_URL)
    return response
