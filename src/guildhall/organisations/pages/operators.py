"""For the people who run the installation: which councils are on it, how far each has come, and who is to own it."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.forms import EmailField, Form
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.navigation import find_page
from guildhall.design.pages.words import in_address, searched_for
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, operators
from guildhall.kernel.clock import london_day
from guildhall.kernel.paging import page_number
from guildhall.organisations import operations, queries
from guildhall.organisations.pages.gate import council_at, person_at
from guildhall.organisations.pages.inviting import form_to_send_again, inviter_at, try_to_send
from guildhall.organisations.pages.wording import name_of_invitation_state, name_of_stage, names_of_roles, place_of


@operators
def councils(request: HttpRequest) -> HttpResponse:
    """Search the list of councils."""
    search, only_begun = searched_for(request), in_address(request, "show") == "begun"
    today, number = london_day(clock.now()), page_number(in_address(request, "page"))
    page = queries.list_councils(search, today=today, page=number, only_begun=only_begun)
    facts = {"page": page, "search": search, "only_begun": only_begun, "today": today}
    facts |= {"name_of_stage": name_of_stage, "place_of": place_of}
    return render(request, "organisations/operator.html", facts)


@operators
@methods("GET", "HEAD", "POST")
def council(request: HttpRequest, council: str) -> HttpResponseBase:
    """Show a council's state and invitations, which is written into its audit trail; invite an owner."""
    form, here = Form(EmailField("email", _("Email address of the owner to be"))), council_at(request)
    if request.method == "POST":
        form, inviter, now = form.read(request.POST), inviter_at(request, is_operator=True), clock.now()
        form = try_to_send(
            form, lambda: operations.invite_owner(here.id, form.text("email"), operator=inviter, now=now)
        )
        if not form.is_refused:
            return _back(council, "invited")
    state = operations.look_as_operator(operator=person_at(request), now=clock.now())
    facts = {
        "form": form,
        "looked_at": here,
        "has_ended": here.has_ended(london_day(clock.now())),
        "state": state,
        "invitations": queries.list_invitations(
            only_operators=True, page=page_number(in_address(request, "invitations"))
        ),
        "links": [(words, find_page(page, council=here.slug)) for words, page in settings.OPERATOR_NAVIGATION],
        "done": in_address(request, "done"),
        **_words(),
    }
    return render(request, "organisations/operator-council.html", facts)


@operators
@methods("GET", "HEAD", "POST")
def send_again(request: HttpRequest, council: str, invitation_id: UUID) -> HttpResponseBase:
    """Ask for the address, and send an operator's invitation again."""
    invitation = queries.get_operators_invitation(invitation_id)
    form = form_to_send_again(invitation)
    if request.method == "POST":
        form, inviter, now = form.read(request.POST), inviter_at(request, is_operator=True), clock.now()
        form = try_to_send(
            form,
            lambda: operations.send_invitation_again(invitation_id, form.text("email"), inviter=inviter, now=now),
        )
        if not form.is_refused:
            return _back(council, "sent-again")
    facts = {"form": form, "invitation": invitation, "looked_at": council_at(request)}
    return render(request, "organisations/operator-send-again.html", facts)


@operators
@methods("POST")
def withdraw(request: HttpRequest, council: str, invitation_id: UUID) -> HttpResponseBase:
    """Take an operator's invitation back."""
    operations.withdraw_invitation(invitation_id, by=inviter_at(request, is_operator=True), now=clock.now())
    return _back(council, "withdrawn")


@operators
@methods("GET", "HEAD", "POST")
def take_off(request: HttpRequest, council: str) -> HttpResponseBase:
    """Say what taking a council off does, and do it."""
    return _ask_first(request, "organisations/take-off.html", operations.take_council_off, done="taken-off")


@operators
@methods("GET", "HEAD", "POST")
def put_back(request: HttpRequest, council: str) -> HttpResponseBase:
    """Say what putting a council back does, and do it."""
    return _ask_first(request, "organisations/put-back.html", operations.put_council_back, done="put-back")


@operators
@methods("GET", "HEAD", "POST")
def send_away(request: HttpRequest, council: str) -> HttpResponseBase:
    """Say what sending a council's whole team away does, and do it."""
    return _ask_first(request, "organisations/send-away.html", operations.send_team_away, done="sent-away")


def _ask_first(request: HttpRequest, template: str, act: Callable[..., object], *, done: str) -> HttpResponseBase:
    """Show what an act means for the council, and act when the operator has said so."""
    if request.method != "POST":
        return render(request, template, {"looked_at": council_at(request)})
    act(operator=person_at(request), now=clock.now())
    return _back(council_at(request).slug, done)


def _words() -> dict[str, object]:
    return {
        "name_of_stage": name_of_stage,
        "name_of_invitation_state": name_of_invitation_state,
        "names_of_roles": names_of_roles,
        "now": clock.now(),
    }


def _back(council: str, done: str) -> HttpResponseBase:
    return lead_to_page("organisations:operator-council", done=done, council=council)
