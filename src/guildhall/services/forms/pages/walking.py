"""Answering a form page by page. The same for residents and for a service manager's preview."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from guildhall.design.forms import Problem
from guildhall.design.pages import let_the_form_lead_to, render
from guildhall.design.pages.leading import lead_to
from guildhall.design.pages.speaking import current_language
from guildhall.kernel import clock
from guildhall.kernel.clock import london_day
from guildhall.services.forms import operations
from guildhall.services.forms.domain.definition import Page
from guildhall.services.forms.domain.fees import amount_due, charges
from guildhall.services.forms.domain.journey import Answers, lines, walk
from guildhall.services.forms.domain.messages import ours
from guildhall.services.forms.domain.questions import Checked
from guildhall.services.forms.pages.asking import Questions, ask, is_heading, shown
from guildhall.services.forms.pages.guidance import guidance_html
from guildhall.services.forms.pages.place import Place
from guildhall.services.forms.queries import DraftView


def answer(request: HttpRequest, place: Place, draft: DraftView, slug: str, *, changing: bool) -> HttpResponse:
    """Ask the questions of a page, and keep their answers."""
    page = draft.definition.find_page_by_slug(slug)
    if page is None:
        raise Http404
    if not draft.journey.passes(page):
        return lead_to(place.where(draft.journey, changing=changing))
    questions = ask(page, _with_what_we_know(request, draft, page))
    if request.method != "POST":
        return _asked(request, place, draft, questions, changing=changing)
    now = clock.now()
    read = Questions(page, questions.form.read(request.POST))
    checked, answers = read.check(today=london_day(now))
    if checked.form.is_refused:
        return _asked(request, place, draft, checked, changing=changing)
    operations.keep_answers(draft.id, answers, now=now)
    journey = walk(draft.definition, {**draft.answers, **answers})
    return lead_to(place.after(journey, page, changing=changing))


def check(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Show every answer with a way to change it, what it costs, and what is declared by sending it."""
    if not draft.journey.is_complete:
        return lead_to(place.where(draft.journey))
    form, journey = draft.definition, draft.journey
    language = current_language()
    shown_lines = [
        {
            "text": line.text.in_(language),
            "shown": (line.shown(language) or ours("not_answered").in_(language)).split("\n"),
            "change": place.change(line.page),
        }
        for line in lines(form, journey)
    ]
    context = {
        "lines": shown_lines,
        "charges": charges(form, journey.answers),
        "amount": amount_due(form, journey.answers),
        "declaration": guidance_html(form.declaration),
        "back": place.page(journey.pages[-1]),
    }
    response = show(request, place, "forms/check.html", context)
    let_the_form_lead_to(response, settings.BASE_URL)
    return response


def leave(request: HttpRequest, place: Place, draft: DraftView) -> HttpResponse:
    """Say that the form is not for this person, and what is."""
    leaves_by = draft.journey.leaves_by
    if leaves_by is None:
        return lead_to(place.where(draft.journey))
    context = {
        "heading": leaves_by.heading,
        "guidance": guidance_html(leaves_by.guidance),
        "back": place.page(draft.journey.pages[-1]),
    }
    return show(request, place, "forms/exit.html", context)


def show(
    request: HttpRequest, place: Place, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with one of the pages of a walk."""
    of_the_place = {"place": place, "service_name": place.title.in_(current_language()), "service_url": place.start}
    return render(request, template, of_the_place | context, status)


def problems(field: str, checked: Checked) -> list[Problem]:
    """Return what is wrong with an answer as a form shows it."""
    return [Problem(field, fault.message.in_(current_language()), fault.part) for fault in checked.faults]


def _asked(
    request: HttpRequest, place: Place, draft: DraftView, questions: Questions, *, changing: bool
) -> HttpResponse:
    page = questions.page
    context = {
        "page": page,
        "form": questions.form,
        "questions": shown(questions),
        "is_heading": is_heading(page),
        "guidance": guidance_html(page.guidance),
        "back": place.before(draft.journey, page, changing=changing),
        "may_save": not place.is_preview,
    }
    return show(request, place, "forms/page.html", context)


def _with_what_we_know(request: HttpRequest, draft: DraftView, page: Page) -> Answers:
    """Return the answers there are; somebody who has signed in finds their email address filled in."""
    email = request.visitor.email  # type: ignore[attr-defined]
    asked_for = {draft.definition.applicant.email, draft.definition.contact_page.questions[0].id}
    known = {question.id: email for question in page.questions if email and question.id in asked_for}
    return known | dict(draft.answers)
