"""For the people who run the installation: which councils are on it, how far each has come, and who is to own it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.contact.email_address import NotAnEmailAddress
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
from guildhall.organisations.operations import Inviter
from guildhall.organisations.pages.gate import council_at, person_at, visitor_at


@operators
def councils(request: HttpRequest) -> HttpResponse:
    """Search the list of councils."""
    search, only_live = searched_for(request), in_address(request, "show") == "live"
    today, number = london_day(clock.now()), page_number(in_address(request, "page"))
    page = queries.list_councils(search, today=today, page=number, only_live=only_live)
    facts = {"page": page, "search": search, "only_live": only_live, "today": today}
    return render(request, "organisations/operator.html", facts)


@operators
@methods("GET", "HEAD", "POST")
def council(request: HttpRequest, council: str) -> HttpResponseBase:
    """Show a council's state, which is written into its audit trail; invite an owner, which makes it live."""
    form = Form(EmailField("email", _("Email address of the owner to be")))
    here, operator = council_at(request), person_at(request)
    if request.method == "POST":
        form = form.read(request.POST)
        inviter = Inviter(operator, visitor_at(request).name or visitor_at(request).email)
        try:
            operations.invite_first_owner(here.id, form.text("email"), operator=inviter, now=clock.now())
        except NotAnEmailAddress:
            form = form.refuse("email", _("Enter an email address, like name@example.com"))
        except operations.AlreadyInvited:
            form = form.refuse("email", _("Somebody else has just invited this address"))
        else:
            return lead_to_page("organisations:operator-council", done="invited", council=here.slug)
    state = operations.look_as_operator(operator=operator, now=clock.now())
    facts = {
        "form": form,
        "looked_at": here,
        "has_ended": here.has_ended(london_day(clock.now())),
        "state": state,
        "links": [(words, find_page(page, council=here.slug)) for words, page in settings.OPERATOR_NAVIGATION],
        "done": in_address(request, "done"),
    }
    return render(request, "organisations/operator-council.html", facts)
