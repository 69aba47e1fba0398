"""What is unwise about a form that is otherwise in order.

Errors stand in the way of publishing; warnings are for the author to think about.
"""

from collections.abc import Iterable, Iterator
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
    ways = Ways(form)
    errors = (
        *_circles(form, ways),
        *_unreachable(form, ways),
        *_missing_welsh(form),
        *_asked_twice(form, ways),
        *_no_case(form),
    )
    return Opinion(errors, tuple(_warnings(form)))


class Ways:
    """Which page can follow which, whatever is answered."""

    def __init__(self, form: FormDefinition) -> None:
        self._pages = form.pages
        self._place = {page.id: place for place, page in enumerate(form.pages)}
        self._next = {page.id: self._right_after(page) for page in form.pages}
        self._from: dict[str, frozenset[str]] = {}

    def first(self) -> frozenset[str]:
        """Return the pages a journey can begin with."""
        return frozenset(page.id for page in self._if_skipped(self._pages[0]))

    def following(self, page_id: str) -> frozenset[str]:
        """Return every page that can come after a page, at once or later."""
        if page_id not in self._from:
            self._from[page_id] = self.onward(self._next[page_id])
        return self._from[page_id]

    def onward(self, starts: Iterable[str]) -> frozenset[str]:
        """Return these pages and every page that can come after them."""
        reached: set[str] = set()
        waiting = list(starts)
        while waiting:
            page_id = waiting.pop()
            if page_id not in reached:
                reached.add(page_id)
                waiting += self._next[page_id]
        return frozenset(reached)

    def _right_after(self, page: Page) -> frozenset[str]:
        targets = [self._pages[self._place[route.page]] for route in page.routes if route.page]
        if all(route.when is not None for route in page.routes):
            targets += self._pages[self._place[page.id] + 1 :][:1]
        return frozenset(reached.id for target in targets for reached in self._if_skipped(target))

    def _if_skipped(self, page: Page) -> Iterator[Page]:
        """Go through a page and, as long as they may be skipped, those in order after it."""
        for each in self._pages[self._place[page.id] :]:
            yield each
            if each.show_if is None:
                return


def _unreachable(form: FormDefinition, ways: Ways) -> Iterator[Problem]:
    reached = ways.onward(ways.first())
    for place, page in enumerate(form.pages):
        if page.id not in reached:
            yield _said(f"pages[{place}]", "unreachable_page", title=page.title)


def _circles(form: FormDefinition, ways: Ways) -> Iterator[Problem]:
    for place, page in enumerate(form.pages):
        if page.id in ways.following(page.id):
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


def _asked_twice(form: FormDefinition, ways: Ways) -> Iterator[Problem]:
    """Find questions in the same words on one way. Nobody should be asked the same thing twice (WCAG 3.3.7)."""
    asked_on: dict[str, dict[str, None]] = {}
    for place, page in enumerate(form.pages):
        for number, question in enumerate(page.questions):
            words = question.text.en.casefold()
            earlier = asked_on.setdefault(words, {})
            if any(page.id == other or page.id in ways.following(other) for other in earlier):
                yield _said(f"pages[{place}].questions[{number}]", "asked_twice", words=_shortened(question.text.en))
            earlier[page.id] = None


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
