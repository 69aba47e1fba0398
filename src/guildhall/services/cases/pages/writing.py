"""Writing: a note for colleagues, a message to the resident."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form
from guildhall.design.pages import render
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.letters import MESSAGE, for_any_reader
from guildhall.services.cases.pages.case import note_form, show
from guildhall.services.cases.pages.leading import done, once
from guildhall.services.cases.pages.people import MAY_WORK, officer
from guildhall.services.cases.pages.words import fields_for_the_resident, first_box, written
from guildhall.services.cases.queries import CaseView
from guildhall.services.cases.queries.letters import LetterView


@methods("POST")
@officers(*MAY_WORK)
def note(request: HttpRequest, council: str, reference: str) -> HttpResponse:
    """Write a note on the case."""
    case, form = queries.get_case(reference), note_form().read(request.POST)
    if form.is_refused:
        return show(request, case, note=form)
    try:
        operations.add_note(case.id, form.text("note"), once=once(request), by=officer(request), now=clock.now())
    except operations.NothingWritten:
        return show(request, case, note=form.refuse("note", _("Write the note")))
    return done(request, council, reference, "note")


@officers(*MAY_WORK)
@methods("GET", "HEAD", "POST")
def write(request: HttpRequest, council: str, reference: str) -> HttpResponse:
    """Ask for a message to the resident, show it as they will read it, and send it."""
    case = queries.get_case(reference)
    form = Form(*fields_for_the_resident(case.language, label=_("Message"), rows=10))
    if request.method != "POST":
        return _asked(request, case, form)
    form = form.read(request.POST)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, case, form)
    try:
        operations.write_to_resident(case.id, written(form), once=once(request), by=officer(request), now=clock.now())
    except operations.NothingWritten:
        return _asked(request, case, form.refuse(first_box(form), _("Write the message")))
    return done(request, council, reference, "message")


def _asked(request: HttpRequest, case: CaseView, form: Form) -> HttpResponse:
    is_preview = "preview" in request.POST and not form.is_refused
    shown = {
        "case": case,
        "form": form,
        "once": once(request),
        "preview": _preview(case, form) if is_preview else None,
    }
    return render(request, "cases/write.html", shown)


def _preview(case: CaseView, form: Form) -> LetterView:
    return queries.preview(MESSAGE, case, {"message": for_any_reader(written(form))})
