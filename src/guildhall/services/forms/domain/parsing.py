"""From JSON somebody wrote to a form that hangs together, or a list of everything that is wrong with it.

    {"service": "bulky-waste", "title": {"en": …, "cy": …},
     "languages": {"default": "en", "required": ["en", "cy"]},
     "pages": [{"id": "k3J9xQ2a", "slug": "how-many-items",
                "questions": [{"id": "items", "type": "number", "text": {…}, "settings": {"whole": true}}],
                "show_if": {"all": [{"q": "has-items", "op": "is", "value": "yes"}, "lives-here"]},
                "next": [{"if": "too-many", "exit": "commercial"}, {"page": "a2Jd83Kq"}]}],
     "conditions": {"lives-here": {"any": […]}},
     "eligibility": [{"unless": "lives-here", "exit": "not-our-area"}],
     "exits": {"not-our-area": {"heading": {…}, "guidance": {…}}},
     "fees": [{"amount_pence": 1200, "multiply_by": "items", "if": "not-on-benefit", "description": {…}}],
     "declaration": {"markdown": {…}}, "what_happens_next": {…},
     "applicant": {"email": "email", "name": "name"},
     "submit": [{"to": "case", "workflow": "bulky-waste"}]}

A condition is the name of one, a comparison {q, op, value}, {all: […]}, {any: […]} or {not: …}.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from guildhall.design.languages import Text
from guildhall.kernel.money import Pence
from guildhall.services.cases.domain import workflow as workflows
from guildhall.services.cases.domain.workflows import UnknownWorkflow, named
from guildhall.services.forms.domain.conditions import Not
from guildhall.services.forms.domain.definition import (
    Applicant,
    Eligibility,
    Exit,
    Fee,
    FormDefinition,
    Page,
    Route,
)
from guildhall.services.forms.domain.messages import ours
from guildhall.services.forms.domain.questions import KINDS, Question
from guildhall.services.forms.domain.questions.asking import EMPTY
from guildhall.services.forms.domain.questions.choice import Checkboxes
from guildhall.services.forms.domain.questions.contact import Email
from guildhall.services.forms.domain.questions.number import Number
from guildhall.services.forms.domain.questions.person import Name
from guildhall.services.forms.domain.questions.text import SingleLine
from guildhall.services.forms.domain.reading import UNWRITABLE, Entry, Problem, Problems
from guildhall.services.forms.domain.reading_conditions import Conditions

RESERVED_SLUGS = frozenset(
    {
        "change",
        "check-your-answers",
        "come-back",
        "exit",
        "payment",
        "repeat-submission",
        "save",
        "start",
        "submitted",
        "your-email",
    }
)
CONTACT_QUESTION = "guildhall-email"
MOST_PAGES, MOST_QUESTIONS, MOST_ROUTES, MOST_RULES = 300, 1_500, 3_000, 500
_MOST_LISTED = {"pages": MOST_PAGES, **dict.fromkeys(("eligibility", "exits", "fees", "submit"), MOST_RULES)}
LONGEST_WORDS, LONGEST_HINT, LONGEST_GUIDANCE = 1_000, 5_000, 20_000
MOST_PENCE = 10_000_000
"""The most that one payment can take (pay contract)."""

_NOT_YET = (
    "section",
    "identity",
    "prefill",
    "repeat",
    "payment",
    "save_and_return",
    "retention",
    "sla",
    "notify",
    "version",
)


class DefinitionInvalid(ValueError):
    """The document is no form. ``problems`` says everything that is wrong with it, each with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(dict.fromkeys(problems))


def parse(document: object) -> FormDefinition:
    """Read a form from JSON already decoded.

    :raises DefinitionInvalid: with every problem found, not only the first.
    """
    if found := look_over(document):
        raise DefinitionInvalid(found)
    problems = Problems()
    form = _Reading(Entry(document, "", problems)).form()
    if problems.found:
        raise DefinitionInvalid(tuple(problems.found))
    return form


def look_over(document: object, *, deepest: int = 60) -> tuple[Problem, ...]:
    """Return why a document cannot be read at all: nesting that reading could drown in, more pages than can be shown,
    or what no database keeps.
    """
    problems = Problems()
    _count(document, problems)
    if problems.found:
        return tuple(problems.found)
    level = [document]
    for _ in range(deepest):
        if any(map(_is_unwritable, level)):
            problems.note("", "unwritable")
            return tuple(problems.found)
        level = [each for value in level for each in _inside(value)]
    if level:
        problems.note("", "too_deep")
    return tuple(problems.found)


def _count(document: object, problems: Problems) -> None:
    """Note what there is more of than any form has: every page that somebody asks for goes through all of it."""
    if not isinstance(document, Mapping):
        return
    for key, most in _MOST_LISTED.items():
        if isinstance(listed := document.get(key), list | Mapping) and len(listed) > most:
            problems.note(key, "too_many_pages" if key == "pages" else "too_many", most=most)
    _count_on_pages(document.get("pages"), problems)


def _count_on_pages(pages: object, problems: Problems) -> None:
    if not isinstance(pages, list):
        return
    for key, most in (("questions", MOST_QUESTIONS), ("next", MOST_ROUTES)):
        listed = (page.get(key) for page in pages if isinstance(page, Mapping))
        if sum(len(each) for each in listed if isinstance(each, list)) > most:
            problems.note(f"pages.{key}", "too_many", most=most)


def _is_unwritable(value: object) -> bool:
    if isinstance(value, str):
        return bool(UNWRITABLE.search(value))
    return isinstance(value, float) and not isfinite(value)


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


class _Reading:
    """One pass over a document. Questions come first, because everything else speaks about them."""

    def __init__(self, document: Entry) -> None:
        self.document = document
        self.page_entries = document.entries("pages", required=True)
        self.questions: dict[str, Question] = {}
        self.unread: set[str] = set()
        self.questions_of = [self._questions(entry) for entry in self.page_entries]
        self.conditions = Conditions(document.entry("conditions"), self.questions, self.unread)
        self.exits = self._exits()

    def form(self) -> FormDefinition:
        document, languages = self.document, self.document.entry("languages")
        form = FormDefinition(
            title=document.text("title"),
            introduction=document.guidance("introduction"),
            default_language=languages.one_of("default", ("en", "cy"), otherwise="en"),
            required_languages=self._required(languages),
            pages=self._pages(),
            exits=self.exits,
            eligibility=tuple(self._eligibility(entry) for entry in document.entries("eligibility")),
            conditions=self.conditions.named(),
            fees=tuple(self._fee(entry) for entry in document.entries("fees")),
            declaration=self._declaration(),
            what_happens_next=document.guidance("what_happens_next"),
            applicant=self._applicant(),
            contact_page=_contact_page(),
            workflow=self._workflow(),
        )
        languages.nothing_else()
        self._service_and_lists()
        document.nothing_else(not_yet=_NOT_YET)
        return form

    # What the form asks.

    def _questions(self, page: Entry) -> tuple[Question, ...]:
        read = (self._question(entry) for entry in page.entries("questions"))
        return tuple(question for question in read if question is not None)

    def _question(self, entry: Entry) -> Question | None:
        kind = KINDS.get(entry.string("type"))
        question_id = entry.identifier()
        text, hint = entry.text("text", longest=LONGEST_WORDS), entry.guidance("hint", longest=LONGEST_HINT)
        is_required = entry.flag("required", otherwise=True)
        autocomplete = entry.string("autocomplete", otherwise="", longest=50)
        if kind is None:
            self.unread.add(question_id)
            if entry.raw("type"):
                entry.note("unknown_kind", "type", value=entry.raw("type"), allowed=", ".join(KINDS))
            return None
        question = kind(
            id=question_id,
            text=text,
            hint=hint,
            is_required=is_required,
            autocomplete=autocomplete,
            **kind.settings(entry),
        )
        entry.nothing_else(not_yet=_NOT_YET)
        if question_id in self.questions or question_id == CONTACT_QUESTION:
            entry.note("same_question_twice", "id", value=question_id)
        self.questions[question_id] = question
        return question

    def _pages(self) -> tuple[Page, ...]:
        ids = [entry.identifier() for entry in self.page_entries]
        pages = tuple(
            self._page(entry, page_id, questions, ids)
            for entry, page_id, questions in zip(self.page_entries, ids, self.questions_of, strict=True)
        )
        for key, values in (("id", ids), ("slug", [page.slug for page in pages])):
            for place, value in enumerate(values):
                if value and value in values[:place]:
                    self.page_entries[place].note("same_page_twice", key, value=value)
        return pages

    def _page(self, entry: Entry, page_id: str, questions: tuple[Question, ...], ids: list[str]) -> Page:
        page = Page(
            id=page_id,
            slug=entry.slug(),
            heading=entry.find_text("heading", longest=LONGEST_WORDS),
            guidance=entry.guidance("guidance", longest=LONGEST_GUIDANCE),
            questions=questions,
            show_if=self.conditions.read(entry, "show_if") if "show_if" in entry else None,
            routes=tuple(self._route(route, ids) for route in entry.entries("next")),
        )
        if page.slug in RESERVED_SLUGS:
            entry.note("reserved_slug", "slug", value=page.slug)
        if "questions" not in entry and not page.heading.en:
            entry.note("empty_page")
        entry.raw("show_if")
        entry.nothing_else(not_yet=_NOT_YET)
        return page

    def _route(self, entry: Entry, ids: list[str]) -> Route:
        page, leave = entry.string("page", otherwise=""), entry.string("exit", otherwise="")
        is_end = entry.flag("end", otherwise=False)
        if sum(map(bool, (page, leave, is_end))) != 1:
            entry.note("one_destination")
        if page and page not in ids:
            entry.note("unknown_page", "page", value=page)
        if leave and leave not in self.exits:
            entry.note("unknown_exit", "exit", value=leave)
        when = self.conditions.read(entry, "if") if "if" in entry else None
        entry.nothing_else()
        return Route(page, leave, when)

    # What follows from answers.

    def _exits(self) -> dict[str, Exit]:
        exits = {}
        for name, entry in self.document.named("exits").items():
            exits[name] = Exit(name, entry.text("heading", longest=LONGEST_WORDS), entry.guidance("guidance"))
            entry.nothing_else()
        return exits

    def _eligibility(self, entry: Entry) -> Eligibility:
        leave = entry.string("exit")
        if leave and leave not in self.exits:
            entry.note("unknown_exit", "exit", value=leave)
        if ("unless" in entry) == ("when" in entry):
            entry.note("unless_or_when")
        leaves_when = (
            Not(self.conditions.read(entry, "unless")) if "unless" in entry else self.conditions.read(entry, "when")
        )
        entry.nothing_else()
        return Eligibility(leaves_when, leave)

    def _fee(self, entry: Entry) -> Fee:
        fee = Fee(
            amount=Pence(entry.whole_number("amount_pence", least=1, most=MOST_PENCE)),
            description=entry.text("description", longest=250),
            multiply_by=entry.string("multiply_by", otherwise="").removeprefix("q."),
            when=self.conditions.read(entry, "if") if "if" in entry else None,
        )
        if fee.multiply_by:
            self._multiplier(entry, fee)
        entry.nothing_else()
        return fee

    def _multiplier(self, entry: Entry, fee: Fee) -> None:
        question = self.questions.get(fee.multiply_by)
        if isinstance(question, Checkboxes):
            most = len(question.options)
        elif isinstance(question, Number) and question.is_whole and question.most is not None:
            most = question.most
        else:
            # Without a bound somebody could be asked for any sum there is.
            entry.note("not_a_multiplier", "multiply_by", value=fee.multiply_by)
            return
        if fee.amount * most > MOST_PENCE:
            entry.note("fee_too_high", "multiply_by")

    def _declaration(self) -> Text:
        declaration = self.document.entry("declaration")
        markdown = declaration.guidance("markdown")
        declaration.nothing_else()
        return markdown

    def _applicant(self) -> Applicant:
        entry = self.document.entry("applicant")
        applicant = Applicant(self._who(entry, "email", (Email,)), self._who(entry, "name", (Name, SingleLine)))
        entry.nothing_else()
        return applicant

    def _who(self, entry: Entry, key: str, kinds: tuple[type[Question], ...]) -> str:
        """Return the question that says so: the one that is named, else the first of the obvious kind."""
        question_id = entry.string(key, otherwise="")
        if question_id and not isinstance(self.questions.get(question_id), kinds):
            entry.note("not_about_the_applicant", key, value=question_id)
        obvious = (question.id for question in self.questions.values() if isinstance(question, kinds[0]))
        return question_id or next(obvious, "")

    def _workflow(self) -> workflows.Workflow | None:
        entries = self.document.entries("submit")
        found = None
        for entry in entries:
            entry.one_of("to", ("case",), otherwise="case")
            found = self._read_workflow(entry) or found
            entry.nothing_else()
        return found

    def _read_workflow(self, entry: Entry) -> workflows.Workflow | None:
        raw = entry.raw("workflow")
        try:
            return named(raw) if isinstance(raw, str) else workflows.parse(raw)
        except UnknownWorkflow:
            entry.note("unknown_workflow", "workflow", value=raw)
        except workflows.WorkflowInvalid as invalid:
            for said in invalid.problems:
                entry.note("workflow_problem", "workflow", said=said)
        return None

    def _required(self, languages: Entry) -> tuple[str, ...]:
        required = languages.strings("required") or ("en",)
        for language in required:
            if language not in ("en", "cy"):
                languages.note("not_allowed", "required", value=language, allowed="en, cy")
        return required

    def _service_and_lists(self) -> None:
        """Read what others use: the service's address, and the numbers of the national list of services."""
        self.document.string("service", otherwise="")
        for key in ("lgsl", "lgil"):
            self.document.find_whole_number(key, least=0, most=99_999)


def _contact_page() -> Page:
    question = Email(CONTACT_QUESTION, ours("email_question"), ours("email_question_hint"), True)
    return Page(id="guildhall-contact", slug="your-email", heading=EMPTY, guidance=EMPTY, questions=(question,))


def required_by_law(document: Mapping[str, Any], languages: tuple[str, ...]) -> dict[str, Any]:
    """Return the definition with more languages required than its author asked for."""
    own = dict(document.get("languages") or {})
    required = dict.fromkeys((*(own.get("required") or ("en",)), *languages))
    return {**document, "languages": {**own, "required": list(required)}}
