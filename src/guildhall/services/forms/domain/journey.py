"""The way through a form that answers make: which page is next, what is on the path, where it ends.

Answers that were given on a branch and then left behind are kept while somebody is still answering, but they decide
nothing and are not submitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.services.forms.domain.conditions import Facts
from guildhall.services.forms.domain.definition import Exit, FormDefinition, Page, Route
from guildhall.services.forms.domain.questions import Answer, Fact, Question

Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Journey:
    """How far somebody has come.

    ``pages`` are those on the path, in order, up to the one that waits for an answer. ``waiting`` is None when nothing
    is left to answer: then either ``leaves_by`` says where the form ended, or it is time to check the answers.
    """

    pages: tuple[Page, ...]
    answers: Answers
    waiting: Page | None
    leaves_by: Exit | None

    @property
    def is_complete(self) -> bool:
        return self.waiting is None and self.leaves_by is None

    def passes(self, page: Page) -> bool:
        """Return whether the page is on the path."""
        return page in self.pages

    def before(self, page: Page) -> Page | None:
        """Return the page before one on the path; None before the first."""
        place = self.pages.index(page) if page in self.pages else 0
        return self.pages[place - 1] if place else None

    def after(self, page: Page) -> Page | None:
        """Return the page after one on the path; None where the path has ended."""
        place = self.pages.index(page) + 1 if page in self.pages else len(self.pages)
        return self.pages[place] if place < len(self.pages) else None


@dataclass(frozen=True)
class Line:
    """One line of check-your-answers."""

    page: Page
    question: Question
    answer: Answer

    @property
    def text(self) -> Text:
        return self.question.text

    def shown(self, language: str) -> str:
        return self.question.shown(self.answer, language)


def walk(form: FormDefinition, answers: Answers) -> Journey:
    """Follow the answers from the first page as far as they lead.

    Only what was answered on the way counts. A page that comes round again ends the walk, so no definition can trap it.
    """
    path: dict[str, Page] = {}
    known: dict[str, Answer] = {}
    facts: dict[str, Fact] = {}
    page = _shown(form, form.pages[0], facts)
    while (page := _not_again(form, page, path, known)) is not None:
        path[page.id] = page
        if any(question.id not in answers for question in page.questions):
            return Journey(tuple(path.values()), known, page, None)
        for question in page.questions:
            known[question.id] = answers[question.id]
            _learn(facts, question, answers[question.id])
        route = _route(page, facts)
        leaves_by = _leaves_by(form, page, facts) or (form.exits[route.exit] if route and route.exit else None)
        if leaves_by:
            return Journey(tuple(path.values()), known, None, leaves_by)
        page = _next(form, page, route, facts)
    return Journey(tuple(path.values()), known, None, None)


def lines(form: FormDefinition, journey: Journey) -> tuple[Line, ...]:
    """Return what check-your-answers shows: every answer on the path, in the order it was asked."""
    return tuple(
        Line(page, question, journey.answers[question.id])
        for page in journey.pages
        for question in page.questions
        if question.id in journey.answers
    )


def facts_of(form: FormDefinition, answers: Answers) -> Facts:
    """Return what conditions compare of a set of answers."""
    facts: dict[str, Fact] = {}
    for question_id, answer in answers.items():
        _learn(facts, form.questions[question_id], answer)
    return facts


def email_of(form: FormDefinition, answers: Answers) -> str:
    """Return the address that somebody wants to be written to at; empty when they have not said."""
    for question_id in (form.applicant.email, form.contact_page.questions[0].id):
        answer = answers.get(question_id)
        if isinstance(answer, str) and answer:
            return answer
    return ""


def name_of(form: FormDefinition, answers: Answers) -> str:
    """Return the name of the person who applies; empty when the form does not ask."""
    if form.applicant.name not in answers:
        return ""
    return form.questions[form.applicant.name].shown(answers[form.applicant.name], "en")


def _learn(facts: dict[str, Fact], question: Question, answer: Answer) -> None:
    fact = question.fact(answer)
    if fact is not None:
        facts[question.id] = fact


def _leaves_by(form: FormDefinition, page: Page, facts: Facts) -> Exit | None:
    """Return the exit of the first rule that turns the person away, once all it asks about has been answered.

    What no question of this page is asked about was decided before: answers on the path do not change any more.
    """
    for rule in form.rules_about(page):
        if rule.leaves_when.asks_about() <= facts.keys() and rule.leaves_when.holds(facts):
            return form.exits[rule.exit]
    return None


def _route(page: Page, facts: Facts) -> Route | None:
    """Return the first route whose condition holds, else the first without one; None means the next page in order."""
    conditional = (route for route in page.routes if route.when is not None and route.when.holds(facts))
    plain = (route for route in page.routes if route.when is None)
    return next(conditional, None) or next(plain, None)


def _next(form: FormDefinition, page: Page, route: Route | None, facts: Facts) -> Page | None:
    if page is form.contact_page or (route is not None and not route.page):
        return None
    return _shown(form, form.find_page(route.page) if route else form.find_page_after(page), facts)


def _shown(form: FormDefinition, page: Page | None, facts: Facts) -> Page | None:
    """Return the page, or the next in order that is not skipped."""
    while page is not None and page.show_if is not None and not page.show_if.holds(facts):
        page = form.find_page_after(page)
    return page


def _not_again(form: FormDefinition, page: Page | None, path: Mapping[str, Page], known: Answers) -> Page | None:
    """Return the page to show, or where the path has ended the contact page, if nobody could be written to yet."""
    if page is not None and page.id not in path:
        return page
    return None if email_of(form, known) or form.contact_page.id in path else form.contact_page
