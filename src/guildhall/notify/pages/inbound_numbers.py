"""The numbers that residents may text a service at: for its officers, and for the operators who give them out.

A council's own account with a provider brings texts to that council only, so its officers say themselves which numbers
are theirs. The installation's accounts bring texts for everybody: there, operators say whose a number is.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, PhoneField
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_address, in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers, operators
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations.received import (
    NotANumberToText,
    NumberTaken,
    give_installations_number,
    give_number,
    take_number_away,
)
from guildhall.notify.pages.section import MAY_SET, service_at, show
from guildhall.notify.queries import SendingService
from guildhall.notify.queries.provider_accounts import list_provider_accounts
from guildhall.notify.queries.received import list_inbound_numbers
from guildhall.organisations.pages.gate import council_at, person_at


@officers(*MAY_SET)
@methods("GET", "HEAD", "POST")
def numbers(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show a service's numbers, take one away, or add one of the council's own provider."""
    here, may_add = service_at(service), _has_its_own_provider()
    form, done = _changed(request, here, give_number if may_add else None)
    if done:
        return _shown_again("notify:inbound-numbers", council, here, done)
    return show(request, here, "notify/numbers.html", _facts(request, here, form, may_add=may_add))


@operators
@methods("GET", "HEAD", "POST")
def operate_numbers(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Show a service's numbers, take one away, or give it one of the installation's."""
    here = service_at(service)
    form, done = _changed(request, here, give_installations_number)
    if done:
        return _shown_again("notify:operate-numbers", council, here, done)
    facts = _facts(request, here, form, may_add=True) | {"here": here, "looked_at": council_at(request)}
    return render(request, "notify/operate-numbers.html", facts)


def _changed(request: HttpRequest, here: SendingService, give: Callable[..., str] | None) -> tuple[Form, str]:
    """Do what was asked; return what was done, or the form with what is wrong."""
    form = Form(PhoneField("number", _("Number"), _("As the provider gave it out, for example 07700 900123")))
    if request.method == "POST" and "remove" in request.POST:
        take_number_away(here.id, in_form(request, "remove"), actor=person_at(request), now=clock.now())
        return form, "removed"
    if request.method != "POST" or give is None:
        return form, ""
    form = form.read(request.POST)
    try:
        give(here.id, form.text("number"), actor=person_at(request), now=clock.now())
    except NotANumberToText:
        return form.refuse("number", _("Enter a number with 3 to 15 digits")), ""
    except NumberTaken:
        return form.refuse("number", _("Another service receives what is sent to this number")), ""
    return form, "added"


def _facts(request: HttpRequest, here: SendingService, form: Form, *, may_add: bool) -> dict[str, object]:
    numbers = list_inbound_numbers(of=here.id)
    return {"form": form, "may_add": may_add, "numbers": numbers, "done": in_address(request, "done")}


def _shown_again(page: str, council: str, here: SendingService, done: str) -> HttpResponse:
    address = reverse(page, kwargs={"council": council, "service": here.slug})
    return lead_to(f"{address}?done={done}")


def _has_its_own_provider() -> bool:
    """Decide whether the council's texts come by an account of its own."""
    return any(each.channel is Channel.SMS and each.is_active for each in list_provider_accounts())
