"""Find my council: by postcode, or by its name."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from guildhall.account import queries
from guildhall.account.queries import Found, NoCouncilForPostcode
from guildhall.contact.postcode import NotAPostcode, Postcode, looks_like_a_postcode, parse_postcode
from guildhall.design.forms import Form, Option, RadiosField, TextField, taking
from guildhall.design.pages import errors, render
from guildhall.design.pages.leading import lead_to, lead_to_page
from guildhall.design.pages.words import in_address, searched_for
from guildhall.kernel import clock
from guildhall.kernel.audiences import anyone, methods
from guildhall.kernel.clock import london_day
from guildhall.kernel.paging import page_number
from guildhall.organisations.queries import CouncilNotFound, get_council, list_councils


@anyone
@methods("GET", "HEAD", "POST")
def find(request: HttpRequest) -> HttpResponseBase:
    """Ask for a postcode or a name (``/``, ``/find-local-council``); list the councils of a name (``?name=``)."""
    if request.method == "POST":
        return _look_up(request, _search_form().read(request.POST))
    if name := searched_for(request, "name"):
        return _list_by_name(request, name)
    return _ask(request, _search_form())


@anyone
@methods("GET", "HEAD", "POST")
def choose_address(request: HttpRequest) -> HttpResponseBase:
    """Where a council's border runs through a postcode, let the resident say which address is theirs."""
    try:
        postcode = parse_postcode(in_address(request, "postcode"))
        choices = queries.find_council_of_postcode(postcode, today=_today()).choices
    except (NotAPostcode, NoCouncilForPostcode):
        return lead_to_page("account:find-local-council")
    options = [Option(str(number), words) for number, (words, _council) in enumerate(choices)]
    why = _("More than one council serves the postcode %(postcode)s.") % {"postcode": postcode}
    form = Form(RadiosField("address", _("Select an address"), why, is_heading=True, options=options))
    if request.method == "POST":
        form = form.read(request.POST)
        if form.text("address") in {option.value for option in options}:
            return _to(choices[int(form.text("address"))][1].slug)
        form = form.refuse("address", _("Select an address"))
    return render(request, "account/choose-address.html", {"form": form})


@anyone
def found(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who serves a place: one council, or a district and its county."""
    try:
        authorities = queries.list_authorities(get_council(slug))
    except CouncilNotFound:
        return errors.not_found(request)
    return render(request, "account/found.html", {"authorities": authorities, "today": _today()})


def _look_up(request: HttpRequest, form: Form) -> HttpResponseBase:
    if form.is_refused:
        return _ask(request, form)
    typed = form.text("where")
    if not typed:
        return _ask(request, form.refuse("where", _("Enter a postcode or the name of a council")))
    if not looks_like_a_postcode(typed):
        return lead_to(f"{reverse('account:find-local-council')}?{urlencode({'name': typed})}")
    try:
        postcode = parse_postcode(typed)
        return _answer(postcode, queries.find_council_of_postcode(postcode, today=_today()))
    except NotAPostcode:
        return _ask(request, form.refuse("where", _("This isn’t a valid postcode.")))
    except NoCouncilForPostcode:
        return _ask(request, form.refuse("where", _("We couldn’t find a council for this postcode.")))


def _answer(postcode: Postcode, result: Found) -> HttpResponseBase:
    if result.council:
        return _to(result.council.slug)
    return lead_to(f"{reverse('account:multiple-authorities')}?{urlencode({'postcode': postcode.compact})}")


def _list_by_name(request: HttpRequest, name: str) -> HttpResponseBase:
    page = list_councils(name, today=_today(), page=page_number(in_address(request, "page")))
    if page.total == 1:
        return _to(page.rows[0].slug)
    form = Form(*_search_form().fields, values={"where": name})
    if not page.total:
        form = form.refuse("where", _("We couldn’t find a council with this name."))
    return _ask(request, form, {"page": page, "name": name, "today": _today()})


def _ask(request: HttpRequest, form: Form, results: dict[str, object] | None = None) -> HttpResponse:
    return render(request, "account/find.html", {"form": form, **(results or {})})


def _search_form() -> Form:
    label, hint = _("Your postcode, or the name of your council"), _("For example, “SW1A 2AA” or “Swansea”")
    return Form(TextField("where", label, hint, width="20", spellcheck=False, takes=taking.words))


def _today() -> date:
    return london_day(clock.now())


def _to(slug: str) -> HttpResponseBase:
    return lead_to_page("account:found", slug=slug)
