"""A form, as data: what it asks, in which order, under which conditions, what it costs, what becomes of it.

``parsing.parse`` makes these from JSON and is the only thing that does: whoever holds a ``FormDefinition`` holds one
that hangs together.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guildhall.design.languages import Text
from guildhall.kernel.money import Pence
from guildhall.services.cases.domain.workflow import Workflow
from guildhall.services.forms.domain.conditions import Condition
from guildhall.services.forms.domain.questions import Question


@dataclass(frozen=True)
class Route:
    """Where to go from a page: to another page, out of the form, or (neither) to check the answers."""

    page: str = ""
    exit: str = ""
    when: Condition | None = None


@dataclass(frozen=True)
class Page:
    """One page. It asks its questions together; a good page asks one.

    A page is skipped unless ``show_if`` holds. Of ``routes`` the first whose condition holds is taken, else the first
    without a condition, else the next page in order.
    """

    id: str
    slug: str
    heading: Text
    guidance: Text
    questions: tuple[Question, ...]
    show_if: Condition | None = None
    routes: tuple[Route, ...] = ()

    @property
    def title(self) -> Text:
        """Return what the page is called: its heading, else its first question."""
        return self.heading if self.heading.en or not self.questions else self.questions[0].text


@dataclass(frozen=True)
class Exit:
    """Where the form ends for somebody it is not for."""

    id: str
    heading: Text
    guidance: Text


@dataclass(frozen=True)
class Eligibility:
    """Somebody for whom ``leaves_when`` holds leaves for an exit, as soon as they have answered what it asks about."""

    leaves_when: Condition
    exit: str


@dataclass(frozen=True)
class Fee:
    """Money due when a condition holds: once, or for each of a number, or for each box that was ticked."""

    amount: Pence
    description: Text
    multiply_by: str = ""
    when: Condition | None = None


@dataclass(frozen=True)
class Applicant:
    """Which questions say who applies: their ids, empty where the form does not ask."""

    email: str
    name: str


@dataclass(frozen=True)
class FormDefinition:
    """A whole form.

    ``contact_page`` asks for an email address at the end of a journey on which the form itself did not: without one
    nobody could be told anything.
    """

    title: Text
    introduction: Text
    default_language: str
    required_languages: tuple[str, ...]
    pages: tuple[Page, ...]
    exits: Mapping[str, Exit]
    eligibility: tuple[Eligibility, ...]
    conditions: Mapping[str, Condition]
    fees: tuple[Fee, ...]
    declaration: Text
    what_happens_next: Text
    applicant: Applicant
    contact_page: Page
    workflow: Workflow | None

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Return all questions by id."""
        return {question.id: question for page in self for question in page.questions}

    @cached_property
    def page_of(self) -> Mapping[str, Page]:
        """Return the page that asks each question, by the question's id."""
        return {question.id: page for page in self for question in page.questions}

    def find_page(self, page_id: str) -> Page | None:
        """Return the page of that id, or None."""
        return self._places[page_id][1] if page_id in self._places else None

    def find_page_after(self, page: Page) -> Page | None:
        """Return the next page in order; None after the last."""
        place = self._places[page.id][0] + 1
        return self.pages[place] if place < len(self.pages) else None

    def rules_about(self, page: Page) -> list[Eligibility]:
        """Return the rules that ask about a page's questions, in their order."""
        about = {number for question in page.questions for number in self._rules_about.get(question.id, ())}
        return [self.eligibility[number] for number in sorted(about)]

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, Page]]:
        return {page.id: (place, page) for place, page in reversed([*enumerate(self)])}

    @cached_property
    def _rules_about(self) -> Mapping[str, list[int]]:
        about: dict[str, list[int]] = {}
        for number, rule in enumerate(self.eligibility):
            for question_id in rule.leaves_when.asks_about():
                about.setdefault(question_id, []).append(number)
        return about

    def find_page_by_slug(self, slug: str) -> Page | None:
        """Return the page at that address, or None."""
        return next((page for page in self if page.slug == slug), None)

    def __iter__(self) -> Iterator[Page]:
        """Go through every page, the contact page last."""
        return iter((*self.pages, self.contact_page))


def canonical(document: Mapping[str, Any]) -> str:
    """Write a definition's JSON in the one way that equal definitions share."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(document: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a definition's canonical JSON: submissions carry it to say what they answer."""
    return hashlib.sha256(canonical(document).encode()).digest()
