"""What is unwise about a form that is otherwise in order.

Errors stand in the way of publishing; warnings are for the author to think about.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from guildhall.design.languages import Text
from guildhall.services.forms.domain.definition import FormDefinition, Page
from guildhall.services.forms.domain.messages import problem_words
from guildhall.services.forms.domain.reading import Problem


@dataclass(frozen=True)
class Opinion:
    """What the linter thinks."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def lint(form: FormDefinition) -> Opinion:
    """Look over a form."""
    errors = (*_circles(form), *_unreachable(form), *_missing_welsh(form), *_asked_twice(form), *_no_case(form))
    return Opinion(tuple(errors), tuple(_warnings(form)))


def next_pages(form: FormDefinition, page: Page) -> tuple[Page, ...]:
    """Return every page that could come right after this one, whatever is answered."""
    targets = [found for route in page.routes if (found := form.find_page(route.page))]
    if all(route.when is not None for route in page.routes):
        targets += _in_order(form, page)
    reached = (page for target in targets for page in (target, *_if_skipped(form, target)))
    return tuple({page.id: page for page in reached}.values())


def _in_order(form: FormDefinition, page: Page) -> list[Page]:
    place = form.pages.index(page) + 1
    return [form.pages[place]] if place < len(form.pages) else []


def _if_skipped(form: FormDefinition, page: Page) -> Iterator[Page]:
    while page.show_if is not None and (following := _in_order(form, page)):
        page = following[0]
        yield page


def _reachable(form: FormDefinition) -> set[str]:
    first = form.pages[0]
    waiting = [first, *_if_skipped(form, first)]
    reached: set[str] = set()
    while waiting:
        page = waiting.pop()
        if page.id not in reached:
            reached.add(page.id)
            waiting += next_pages(form, page)
    return reached


def _unreachable(form: FormDefinition) -> Iterator[Problem]:
    reached = _reachable(form)
    for place, page in enumerate(form.pages):
        if page.id not in reached:
            yield _said(f"pages[{place}]", "unreachable_page", title=page.title)


def _circles(form: FormDefinition) -> Iterator[Problem]:
    """Find the pages that can lead back to themselves."""
    for place, page in enumerate(form.pages):
        seen: set[str] = set()
        waiting = list(next_pages(form, page))
        while waiting:
            further = waiting.pop()
            if further.id not in seen:
                seen.add(further.id)
                waiting += next_pages(form, further)
        if page.id in seen:
            yield _said(f"pages[{place}]", "circle", title=page.title)


def _missing_welsh(form: FormDefinition) -> Iterator[Problem]:
    if "cy" not in form.required_languages:
        return
    for path, text in _texts(form):
        if text.en and not text.cy:
            yield _said(path, "missing_welsh", words=_shortened(text.en))


def _texts(form: FormDefinition) -> Iterator[tuple[str, Text]]:
    """Go through every text a resident can read, with its place."""
    for name in ("title", "introduction", "declaration", "what_happens_next"):
        yield name, getattr(form, name)
    for place, page in enumerate(form.pages):
        for part in ("heading", "guidance"):
            yield f"pages[{place}].{part}", getattr(page, part)
        for number, question in enumerate(page.questions):
            yield from ((f"pages[{place}].questions[{number}]", text) for text in question.texts())
    for leave in form.exits.values():
        yield f"exits.{leave.id}.heading", leave.heading
        yield f"exits.{leave.id}.guidance", leave.guidance
    for place, fee in enumerate(form.fees):
        yield f"fees[{place}].description", fee.description


def _asked_twice(form: FormDefinition) -> Iterator[Problem]:
    """Find questions in the same words. Nobody should be asked the same thing twice (WCAG 3.3.7)."""
    first: dict[str, str] = {}
    for place, page in enumerate(form.pages):
        for number, question in enumerate(page.questions):
            path, words = f"pages[{place}].questions[{number}]", question.text.en.casefold()
            if words in first and not _can_both_be_asked(form, first[words], page):
                continue
            if words in first:
                yield _said(path, "asked_twice", words=_shortened(question.text.en))
            first.setdefault(words, page.id)


def _can_both_be_asked(form: FormDefinition, earlier: str, page: Page) -> bool:
    if earlier == page.id:
        return True
    waiting, seen = [found for found in (form.find_page(earlier),) if found], set[str]()
    while waiting:
        for further in next_pages(form, waiting.pop()):
            if further.id == page.id:
                return True
            if further.id not in seen:
                seen.add(further.id)
                waiting.append(further)
    return False


def _no_case(form: FormDefinition) -> Iterator[Problem]:
    if form.workflow is None:
        yield _said("submit", "no_workflow")


def _warnings(form: FormDefinition) -> Iterator[Problem]:
    for place, page in enumerate(form.pages):
        if len(page.questions) > 1:
            yield _said(f"pages[{place}]", "several_questions", title=page.title)
    if not form.applicant.email:
        yield _said("applicant.email", "email_added")


def _said(path: str, key: str, **values: object) -> Problem:
    return Problem(path, problem_words(key, **values))


def _shortened(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:57]}…"
