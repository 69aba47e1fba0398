"""Where an officer is led after something was done, or could not be."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guildhall.design.forms import Form
from guildhall.design.pages import render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.words import in_form
from guildhall.kernel.ids import new_id
from guildhall.kernel.outside import read_id, whole_number
from guildhall.services.cases import queries
from guildhall.services.cases.queries import CaseView
from guildhall.services.tracking.domain.statuses import name_of


def done(request: HttpRequest, council: str, reference: str, what: str) -> HttpResponse:
    """Lead to the case, which says what was done."""
    return lead_to(f"{reverse('cases:case', args=[council, reference])}?done={what}")


def back_to_where_it_was_asked(request: HttpRequest, council: str, reference: str) -> HttpResponse | None:
    """Lead back to the list, filtered as it was, when it was asked there; None when it was not."""
    the_list, query = reverse("cases:list", args=[council]), in_form(request, "list", longest=2_000)
    return lead_to(the_list + query, otherwise=the_list) if query.startswith("?") else None


def changed(request: HttpRequest, case: CaseView, form: Form | None = None) -> HttpResponse:
    """Say that somebody else was first, and give back what the officer wrote."""
    typed = [form.text(asked.field.name) for asked in form] if form else []
    shown = {"case": queries.get_case(case.reference), "typed": list(filter(None, typed)), "name_of": name_of}
    return render(request, "cases/changed.html", shown, status=409)


def seen_version(request: HttpRequest) -> int:
    """Return the version of the case that the officer saw; none that exists if the page did not say."""
    return whole_number(in_form(request, "version")) or 0


def once(request: HttpRequest) -> UUID:
    """Return the token of the form that was sent, so that pressing twice does once; a new one if it had none."""
    return read_id(in_form(request, "once")) or new_id()
