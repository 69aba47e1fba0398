"""The page of a case, which other views show again with what is wrong."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guildhall.design.forms import Form, LongTextField, Option, SelectField
from guildhall.design.pages import render
from guildhall.design.pages.words import in_address
from guildhall.pay import queries as payments
from guildhall.pay.domain.ids import PaymentId
from guildhall.pay.domain.states import Status
from guildhall.services.cases.domain.officers import Officer
from guildhall.services.cases.domain.workflow import ROLES_THAT_WORK
from guildhall.services.cases.pages.leading import once
from guildhall.services.cases.pages.people import Team, officer, team
from guildhall.services.cases.pages.words import LONGEST
from guildhall.services.cases.queries import CaseView
from guildhall.services.tracking.domain.statuses import name_of

DONE = ("action", "assigned", "note", "message")


def show(
    request: HttpRequest, case: CaseView, *, note: Form | None = None, assignment: Form | None = None
) -> HttpResponse:
    """Answer with the page of a case; ``note`` or ``assignment`` is a form as it was sent, with what is wrong."""
    me, colleagues = officer(request), team()
    refused = note or assignment
    shown = {
        "case": case,
        "actions": case.workflow.actions_open_to(case.state.state, me.roles),
        "may_work": may_work(me),
        "me": me,
        "team": colleagues,
        "payment": payments.get_payment(PaymentId(case.payment_id)) if case.payment_id else None,
        "payment_words": payment_words,
        "assignment": assignment or assignment_form(case, colleagues),
        "note": note or note_form(),
        "once": once(request),
        "problems": refused.summary() if refused else [],
        "done": in_address(request, "done") if in_address(request, "done") in DONE else "",
        "name_of": name_of,
    }
    return render(request, "cases/case.html", shown)


def payment_words(status: Status) -> str:
    """Say how far a payment has got, as an officer needs to know it."""
    words = {
        Status.CREATED: _("Not paid yet"),
        Status.STARTED: _("Not paid yet"),
        Status.SUBMITTED: _("Being taken"),
        Status.CAPTURABLE: _("Being taken"),
        Status.SUCCESS: _("Paid"),
    }
    return words.get(status, _("Not paid"))


def may_work(me: Officer) -> bool:
    """Whether the officer works on cases, and does not only look."""
    return not me.roles.isdisjoint(ROLES_THAT_WORK)


def note_form() -> Form:
    """Ask for a note to colleagues."""
    hint = _("The resident does not see notes.")
    return Form(LongTextField("note", _("Note for colleagues"), hint=hint, rows=3, longest=LONGEST))


def assignment_form(case: CaseView, colleagues: Team) -> Form:
    """Ask who should work on the case."""
    options = [Option("", _("Nobody")), *(Option(str(person), name) for person, name in colleagues.workers.items())]
    chosen = {"assignee": str(case.assignee_id or "")}
    return Form(SelectField("assignee", _("Assigned to"), options=options), values=chosen)
