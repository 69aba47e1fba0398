"""The page for a form that holds more than its questions take: the form again, with what is to be shortened.

It stands in for every view that asks a form for an answer without looking first whether there is one. It is sent to the
same address, with whatever else the browser sent, so that the view carries on where it was.
"""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from guildhall.design.forms import Form
from guildhall.design.pages.rendering import render

_MOST_KEPT, _LONGEST_KEPT = 100, 2_000


def too_long(request: HttpRequest, form: Form) -> HttpResponse:
    """400: ask for shorter answers. Nothing was saved."""
    # The page has a heading of its own.
    asked = Form(*(replace(each, is_heading=False) for each in form.fields), values=form.typed, problems=form.problems)
    facts = {"form": asked, "kept": _kept(request, form), "has_files": bool(request.FILES)}
    return render(request, "design/too-long.html", facts, status=400)


def _kept(request: HttpRequest, form: Form) -> list[tuple[str, str]]:
    """Return what was sent beside the answers: what the page knew, and which button was pressed."""
    asked = {name for each in form.fields for name in each.input_names()} | {"csrfmiddlewaretoken"}
    sent = [(name, str(value)) for name, values in request.POST.lists() for value in values if name not in asked]
    return [(name, value) for name, value in sent[:_MOST_KEPT] if max(len(name), len(value)) <= _LONGEST_KEPT]
