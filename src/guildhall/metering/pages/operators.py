"""For the people who run the installation: what is agreed with a council about its free text messages."""

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, NumberField, Option, SelectField
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.design.pages.words import in_address
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, operators
from guildhall.metering import operations, queries
from guildhall.metering.domain.allowance import OrganisationType
from guildhall.metering.pages.wording import name_of_type
from guildhall.organisations.pages.gate import council_at, person_at
from guildhall.organisations.queries import Service, get_service, list_services

_FRAGMENTS = re.compile(r"[0-9]{1,9}")


@operators
@methods("GET", "HEAD", "POST")
def allowances(request: HttpRequest, council: str) -> HttpResponseBase:
    """Show what is free for each of a council's services this year; say what kind of organisation it is."""
    form = _type_form()
    if request.method == "POST":
        form = form.read(request.POST)
        if form.text("type") in list(OrganisationType):
            kind = OrganisationType(form.text("type"))
            operations.set_organisation_type(kind, actor=person_at(request), now=clock.now())
            return _back(council)
        form = form.refuse("type", _("Choose a kind of organisation"))
    year = clock.financial_year(clock.london_day(clock.now()))
    allowance_of = queries.allowances_of(year, current_year=year)
    services = [(service, allowance_of(service.id)) for service in list_services()]
    words = {"form": form, "services": services, "year": year, "looked_at": council_at(request)}
    return render(request, "metering/allowances.html", words | {"done": in_address(request, "done")})


@operators
@methods("GET", "HEAD", "POST")
def allowance(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Agree how many fragments of a service are free this year, or go back to the usual number."""
    found, year = get_service(service), clock.financial_year(clock.london_day(clock.now()))
    form = Form(NumberField("fragments", _("Free fragments this year"), width="10"))
    if request.method == "POST":
        form, wanted = form.read(request.POST), form.read(request.POST).text("fragments").replace(",", "")
        if "usual" in request.POST or _FRAGMENTS.fullmatch(wanted):
            fragments = None if "usual" in request.POST else int(wanted)
            operations.set_allowance(found.id, year, fragments, actor=person_at(request), now=clock.now())
            return _back(council)
        form = form.refuse("fragments", _("Enter a whole number, like 20000"))
    return render(request, "metering/allowance.html", _facts(request, found, form, year))


def _facts(request: HttpRequest, service: Service, form: Form, year: int) -> dict[str, object]:
    now = queries.allowances_of(year, current_year=year, service_id=service.id)(service.id)
    return {"service": service, "form": form, "now": now, "year": year, "looked_at": council_at(request)}


def _type_form() -> Form:
    options = tuple(Option(str(kind), name_of_type(kind)) for kind in OrganisationType)
    field = SelectField("type", _("Charged as"), options=options)
    return Form(field, values={"type": str(queries.organisation_type())})


def _back(council: str) -> HttpResponseBase:
    return lead_to_page("metering:allowances", done="saved", council=council)
