"""The payer's way: open the page, enter a card, look once more, confirm, and go back to the service.

The addresses, the names of boxes and the words are those of GOV.UK Pay (pay contract 10; alphagov/pay-frontend).
A page outside its turn shows the page of the payment's own state.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_away, see_other
from guildhall.design.pages.policy import let_the_form_lead_to
from guildhall.design.pages.speaking import remember as remember_language
from guildhall.design.pages.words import in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import exempt_from_csrf, link_holders, methods
from guildhall.kernel.networks import network_of
from guildhall.kernel.refusals import Conflict
from guildhall.kernel.tenancy import acting_for
from guildhall.organisations.queries import get_council_by_id
from guildhall.pay import operations, queries
from guildhall.pay.domain.card_form import CardPageRefused
from guildhall.pay.domain.ids import PaymentId, find_payment_id, public_id
from guildhall.pay.domain.states import State, Status
from guildhall.pay.operations import TokenSpent
from guildhall.pay.pages import card_form, endings
from guildhall.pay.pages.labels import label
from guildhall.pay.pages.remembered import Remembered, find_remembered, remember
from guildhall.pay.queries import PaymentView

PaymentPage = Callable[[HttpRequest, PaymentId], HttpResponse]
Page = Callable[[HttpRequest, str], HttpResponse]

_PAGES = {
    State.CREATED: "card-details",
    State.ENTERING_CARD_DETAILS: "card-details",
    State.AUTHORISATION_READY: "auth-waiting",
    State.AUTHORISATION_SUCCESS: "confirm",
    State.CAPTURE_APPROVED: "capture-waiting",
    State.CAPTURE_READY: "capture-waiting",
}


def page_of_a_payment(*answered: str) -> Callable[[PaymentPage], Page]:
    """Show a page to a browser that has opened the payment, in the council's name; to others that it is not theirs."""

    def decorate(view: PaymentPage) -> Page:
        @methods(*answered)
        @link_holders
        @sensitive_post_parameters()
        @wraps(view)
        def shown(request: HttpRequest, payment: str) -> HttpResponse:
            mine = find_remembered(request, find_payment_id(payment))
            if mine is None:
                return endings.not_yours(request)
            with acting_for(mine.organisation_id):
                request.council = get_council_by_id(mine.organisation_id)  # type: ignore[attr-defined]
                return view(request, mine.payment_id)

        return shown

    return decorate


@methods("GET")
@link_holders
def open_by_address(request: HttpRequest, token: str) -> HttpResponse:
    """GET /secure/{token}: open the page of a payment, once."""
    return _open(request, token)


@exempt_from_csrf("another site’s form brings the payer; the token that opens the page is used up by it")
@methods("POST")
@link_holders
def open_by_form(request: HttpRequest) -> HttpResponse:
    """POST /secure: the same for services that send a form. The token is all the proof there is."""
    return _open(request, in_form(request, "chargeTokenId"))


@page_of_a_payment("GET", "POST")
def card_details(request: HttpRequest, payment_id: PaymentId) -> HttpResponse:
    """The card page. What is typed wrongly is asked again; a card goes to the provider and is forgotten."""
    if request.method != "POST":
        return _page_in_turn(request, payment_id, "card-details", _card_page)
    typed = card_form.read(request.POST)
    try:
        payment = operations.enter_card(payment_id, typed, network=network_of(request.META), now=clock.now())
    except CardPageRefused as refused:
        return _card_page(request, queries.get_payment(payment_id), card_form.refused_form(typed, refused.faults))
    except Conflict:
        payment = queries.get_payment(payment_id)
    return see_other(_address(payment))


@page_of_a_payment("GET")
def auth_waiting(request: HttpRequest, payment_id: PaymentId) -> HttpResponse:
    """While the provider has not answered about a card."""
    return _page_in_turn(request, payment_id, "auth-waiting", endings.waiting)


@page_of_a_payment("GET")
def capture_waiting(request: HttpRequest, payment_id: PaymentId) -> HttpResponse:
    """While the provider has not answered about taking the money, which was approved."""
    return _page_in_turn(request, payment_id, "capture-waiting", endings.ended)


@page_of_a_payment("GET", "POST")
def confirm(request: HttpRequest, payment_id: PaymentId) -> HttpResponse:
    """The last look; confirming takes the money and leads back to the service."""
    if request.method != "POST":
        return _page_in_turn(request, payment_id, "confirm", _confirm_page)
    try:
        payment = operations.confirm(payment_id, now=clock.now())
    except Conflict:
        payment = queries.get_payment(payment_id)
    if payment.status in (Status.SUCCESS, Status.CAPTURABLE):
        return lead_away(payment.return_url)
    return see_other(_address(payment))


@page_of_a_payment("POST")
def cancel(request: HttpRequest, payment_id: PaymentId) -> HttpResponse:
    """Give the payment up."""
    with suppress(Conflict):  # it has moved on: the page of its state says where to
        operations.cancel_by_payer(payment_id, now=clock.now())
    return see_other(_address(queries.get_payment(payment_id)))


@page_of_a_payment("GET")
def go_back(request: HttpRequest, payment_id: PaymentId) -> HttpResponse:
    """Lead back to the service, which knows what to offer next. Nothing is added to its address."""
    return lead_away(queries.get_payment(payment_id).return_url)


def _open(request: HttpRequest, token: str) -> HttpResponse:
    try:
        opened = operations.spend_token(token, now=clock.now())
    except TokenSpent as spent:
        if not find_remembered(request, spent.payment_id):
            return endings.not_yours(request)
        return see_other(reverse("pay:card-details", args=[public_id(spent.payment_id)]))  # type: ignore[arg-type]
    response = see_other(reverse("pay:card-details", args=[public_id(opened.payment_id)]))
    remember(request, response, Remembered(opened.organisation_id, opened.payment_id))
    remember_language(response, opened.language)
    return response


def _page_in_turn(
    request: HttpRequest, payment_id: PaymentId, page: str, show: Callable[[HttpRequest, PaymentView], HttpResponse]
) -> HttpResponse:
    """Show the page if it is the payment's turn for it, else lead to the one whose turn it is."""
    payment = queries.get_payment(payment_id)
    turn = _PAGES.get(payment.state)
    if turn == page:
        return show(request, payment)
    return endings.ended(request, payment) if turn is None else see_other(_address(payment))


def _card_page(request: HttpRequest, payment: PaymentView, form: object = None) -> HttpResponse:
    words = {"form": form or card_form.empty_form(payment), "next_year": card_form.example_year(clock.now())}
    return _show(request, "pay/card-details.html", payment, **words)


def _confirm_page(request: HttpRequest, payment: PaymentView) -> HttpResponse:
    response = _show(request, "pay/confirm.html", payment)
    let_the_form_lead_to(response, payment.return_url)
    return response


def _show(request: HttpRequest, template: str, payment: PaymentView, **context: object) -> HttpResponse:
    words = {"payment": payment, "id": public_id(payment.id), "label": label}
    return render(request, template, words | context)


def _address(payment: PaymentView) -> str:
    return reverse(f"pay:{_PAGES.get(payment.state, 'card-details')}", args=[public_id(payment.id)])
