"""What a council agrees for itself: the cap of a service, and who pays for it."""

import re
from decimal import Decimal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, NumberField, TextField, taking
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to_page
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.money import Pence
from guildhall.kernel.refusals import NotFound
from guildhall.metering import operations, queries
from guildhall.metering.domain.cap import Cap, Period
from guildhall.metering.pages.usage import MAY_AGREE
from guildhall.metering.pages.wording import name_of_period
from guildhall.organisations.pages.gate import person_at
from guildhall.organisations.queries import Service, get_service

LONGEST_CODE = 50
_POUNDS = re.compile(r"£?[0-9]{1,7}(?:\.[0-9]{2})?")
_UNITS = re.compile(r"[0-9]{1,9}")


class NoSuchPeriod(NotFound):
    """Caps hold for a month or a year."""


@officers(*MAY_AGREE)
@methods("GET", "HEAD", "POST")
def cap(request: HttpRequest, council: str, service: str, period: str) -> HttpResponseBase:
    """Agree a service's cap for a month or a year, or lift it."""
    found, of = get_service(service), _period(period)
    agreed = next((each for each in queries.list_caps(found.id) if each.period is of), None)
    if request.method != "POST":
        return _show(request, found, of, agreed, _cap_form(agreed))
    if "lift" in request.POST:
        operations.lift_cap(found.id, of, actor=person_at(request), now=clock.now())
        return _back(council, service, "lifted")
    form = _checked(_cap_form(agreed).read(request.POST))
    if form.is_refused:
        return _show(request, found, of, agreed, form)
    operations.agree_cap(found.id, _cap_in(form, of), actor=person_at(request), now=clock.now())
    return _back(council, service, "agreed")


@officers(*MAY_AGREE)
@methods("GET", "HEAD", "POST")
def cost_centre(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Say which of the council's cost centres pays for a service."""
    found = get_service(service)
    code = queries.list_cost_centres().get(found.id, "")
    form = Form(
        TextField(
            "code", _("Cost centre"), width="20", spellcheck=False, longest=LONGEST_CODE, takes=taking.identifier
        ),
        values={"code": code},
    )
    if request.method == "POST":
        form = form.read(request.POST)
        if not form.is_refused:
            operations.set_cost_centre(found.id, form.text("code"), actor=person_at(request), now=clock.now())
            return _back(council, service, "saved")
    return render(request, "metering/cost-centre.html", {"service": found, "form": form})


def _cap_form(agreed: Cap | None) -> Form:
    values = {}
    if agreed is not None and agreed.pence is not None:
        values["pounds"] = f"{Decimal(agreed.pence) / 100:.2f}"
    if agreed is not None and agreed.units is not None:
        values["units"] = str(agreed.units)
    money = _("What may be charged beyond the free text messages, before VAT. For example, 250 or 99.50")
    units = _("Free ones count too. Leave it empty if only the money matters")
    return Form(
        TextField(
            "pounds",
            _("Most that may be spent"),
            money,
            width="10",
            prefix="£",
            inputmode="decimal",
            takes=taking.identifier,
        ),
        NumberField("units", _("Most text message fragments"), units, width="10"),
        values=values,
    )


def _checked(form: Form) -> Form:
    if form.is_refused:
        return form
    pounds, units = form.text("pounds").replace(",", ""), form.text("units").replace(",", "")
    if not pounds and not units:
        return form.refuse("pounds", _("Enter an amount, a number of fragments, or both"))
    if pounds and not _POUNDS.fullmatch(pounds):
        form = form.refuse("pounds", _("Enter an amount in pounds, like 250 or 99.50"))
    if units and not _UNITS.fullmatch(units):
        form = form.refuse("units", _("Enter a whole number, like 20000"))
    return form


def _cap_in(form: Form, period: Period) -> Cap:
    pounds, units = form.text("pounds").replace(",", "").lstrip("£"), form.text("units").replace(",", "")
    pence = Pence(int(Decimal(pounds) * 100)) if pounds else None
    return Cap(period, pence, int(units) if units else None)


def _period(name: str) -> Period:
    if name not in list(Period):
        raise NoSuchPeriod("caps hold for a month or a year")
    return Period(name)


def _show(request: HttpRequest, service: Service, period: Period, agreed: Cap | None, form: Form) -> HttpResponseBase:
    words = {"service": service, "title": name_of_period(period), "is_agreed": agreed is not None, "form": form}
    return render(request, "metering/cap.html", words)


def _back(council: str, service: str, done: str) -> HttpResponseBase:
    return lead_to_page("metering:service", done=done, council=council, service=service)
