"""Moving a case along, and giving it to somebody."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, LongTextField
from guildhall.design.pages import render
from guildhall.design.pages.words import in_form
from guildhall.kernel import clock
from guildhall.kernel.audiences import methods, officers
from guildhall.kernel.ids import PersonId
from guildhall.kernel.outside import read_id
from guildhall.services.cases import operations, queries
from guildhall.services.cases.domain.letters import STATUS, status_words
from guildhall.services.cases.domain.workflow import Action
from guildhall.services.cases.pages.case import assignment_form, show
from guildhall.services.cases.pages.leading import back_to_where_it_was_asked, changed, done, seen_version
from guildhall.services.cases.pages.people import MAY_WORK, officer, team
from guildhall.services.cases.pages.words import LONGEST, fields_for_the_resident, first_box, written
from guildhall.services.cases.queries import CaseView
from guildhall.services.tracking.domain.statuses import name_of


@officers(*MAY_WORK)
@methods("GET", "HEAD", "POST")
def act(request: HttpRequest, council: str, reference: str, action: str) -> HttpResponse:
    """Ask what to say with an action, show what the resident will read, and take it."""
    case, me = queries.get_case(reference), officer(request)
    asked = case.workflow.action(action)
    if request.method != "POST":
        case.workflow.next_state(case.state.state, action, me.roles)
        return _asked(request, case, asked, _questions(case, asked))
    form = _questions(case, asked).read(request.POST)
    if form.is_refused or "preview" in request.POST:
        return _asked(request, case, asked, form)
    wanted = operations.WantedAction(case.id, action, seen_version(request), written(form), form.text("note"))
    try:
        operations.take_action(wanted, by=me, now=clock.now())
    except operations.NoteMissing:
        return _asked(request, case, asked, form.refuse(first_box(form), _("Write something to the resident")))
    except operations.CaseChanged:
        return changed(request, case, form)
    return done(request, council, reference, "action")


@methods("POST")
@officers(*MAY_WORK)
def assign(request: HttpRequest, council: str, reference: str) -> HttpResponse:
    """Give the case to an officer or to nobody, and go back to where that was asked."""
    case, seen = queries.get_case(reference), seen_version(request)
    try:
        operations.assign(case.id, _assignee(request), seen_version=seen, by=officer(request), now=clock.now())
    except operations.CaseChanged:
        return changed(request, case)
    except operations.NotOnTheTeam:
        refused = assignment_form(case, team()).refuse("assignee", _("Choose an officer who works on cases"))
        return show(request, case, assignment=refused)
    return back_to_where_it_was_asked(request, council, reference) or done(request, council, reference, "assigned")


def _asked(request: HttpRequest, case: CaseView, action: Action, form: Form) -> HttpResponse:
    state = case.workflow.state(action.next_state)
    is_preview = "preview" in request.POST and not form.is_refused
    shown = {
        "case": case,
        "action": action,
        "next": state,
        "form": form,
        "version": seen_version(request) or case.version,
        "preview": queries.preview(STATUS, case, status_words(action, state, written(form))) if is_preview else None,
        "name_of": name_of,
    }
    return render(request, "cases/act.html", shown)


def _questions(case: CaseView, action: Action) -> Form:
    label = _("Tell the resident") if action.needs_note else _("Tell the resident (optional)")
    note = LongTextField(
        "note", _("Note for colleagues (optional)"), hint=_("The resident does not see notes."), rows=3, longest=LONGEST
    )
    return Form(*fields_for_the_resident(case.language, label=label), note)


def _assignee(request: HttpRequest) -> PersonId | None:
    """Read who should get the case: an officer, or nobody.

    :raises NotOnTheTeam: what was sent names nobody at all.
    """
    chosen = in_form(request, "assignee")
    person_id = read_id(chosen)
    if "assignee" not in request.POST or (chosen and person_id is None):
        raise operations.NotOnTheTeam("choose an officer who works on cases")
    return PersonId(person_id) if person_id else None
