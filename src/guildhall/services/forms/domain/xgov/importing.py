"""An XGov version 2 definition becomes one of ours, or is refused with every reason (services contract 3).

What changes what people may answer, where they are led or what they pay is carried over exactly or refused. What only
changes looks, or what happens in XGov's own runner, is left out and noted. Secrets are never imported.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.messages import problem_words
from guildhall.services.forms.domain.parsing import RESERVED_SLUGS, DefinitionInvalid, parse
from guildhall.services.forms.domain.reading import Problem
from guildhall.services.forms.domain.xgov.asking import question
from guildhall.services.forms.domain.xgov.components import option
from guildhall.services.forms.domain.xgov.deciding import Deciding
from guildhall.services.forms.domain.xgov.pairing import NOTHING, Object, objects
from guildhall.services.forms.domain.xgov.source import Source, Words

Document = dict[str, Any]

_PAGE_KEYS = frozenset({"path", "title", "section", "controller", "components", "next", "condition"})
_LEFT_OUT = (
    "outputs",
    "exitOptions",
    "specialPages",
    "feeOptions",
    "payApiKey",
    "skipSummary",
    "confirmationSessionTimeout",
)
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_EMPTY: tuple[Any, ...] = ("", [], {}, None, False)


class CannotImport(DefinitionInvalid):
    """The definition asks for something we cannot honour. ``problems`` lists all of it."""


@dataclass(frozen=True)
class Imported:
    """A definition of ours, as JSON and read, and what was left out on the way."""

    document: Document
    definition: FormDefinition
    notes: tuple[Problem, ...]


def import_xgov(english: object, welsh: object = None, *, workflow: str) -> Imported:
    """Read a definition and its Welsh twin, if there is one.

    XGov has no cases: ``workflow`` names the one that submissions will follow.

    :raises CannotImport: with every reason.
    """
    if not _is_form(english) or not (welsh is None or _is_form(welsh)):
        raise CannotImport((Problem("", problem_words("xgov_not_a_form")),))
    if english.get("schema") == 2 or english.get("engine") == "V2":  # type: ignore[attr-defined]
        raise CannotImport((Problem("", problem_words("xgov_other_engine")),))
    source = Source(english, welsh)  # type: ignore[arg-type]
    document = _Importing(source).document(workflow)
    if source.problems.found:
        raise CannotImport(tuple(source.problems.found))
    try:
        return Imported(document, parse(document), tuple(dict.fromkeys(source.notes.found)))
    except DefinitionInvalid as invalid:
        raise CannotImport(invalid.problems) from invalid


def looks_like_xgov(document: object) -> bool:
    """Tell an XGov definition from one of ours: only theirs says at which page it starts."""
    return isinstance(document, Mapping) and "startPage" in document


def _is_form(document: object) -> bool:
    return isinstance(document, Mapping) and "startPage" in document and bool(objects(document, "pages"))


class _Importing:
    """One pass over a pair of definitions."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.deciding = Deciding(source)
        self.start = str(source.form.get("startPage"))
        self.order = source.in_order(self.start)
        self.is_cover = self._starts_with_a_cover()
        self.slugs: dict[str, str] = {}

    def document(self, workflow: str) -> Document:
        if not self.order:
            self.source.problems.note("startPage", "xgov_unknown_path", value=self.start)
            return {}
        asked = [path for path in self.order if self._is_asked(path)]
        written = {
            "title": self._title(),
            "introduction": self._said(self.start) if self.is_cover else {},
            "languages": {"default": "en", "required": ["en", "cy"] if self.source.twin.exists else ["en"]},
            "pages": [self._page(path) for path in asked],
            "exits": {self._page_id(path): self._exit(path) for path in self.order if self._is_exit(path)},
            "fees": self.deciding.fees(),
            "conditions": self.deciding.conditions,
            "declaration": {"markdown": self._declaration()},
            "submit": [{"to": "case", "workflow": workflow}],
        }
        self._note_what_is_left_out()
        return {key: value for key, value in written.items() if value not in ([], {}, {"markdown": {}})}

    def _starts_with_a_cover(self) -> bool:
        """Return whether the first page only introduces the form, and so becomes its start page."""
        page = self.source.pages.get(self.start, NOTHING)
        leads_to = self.source.leads_to(page)
        return not self.source.questions(page) and len(leads_to) == 1 and not leads_to[0].get("condition")

    def _is_asked(self, path: str) -> bool:
        page = self.source.pages[path]
        if path == self.start and self.is_cover:
            return False
        if self.source.role(page) == "summary":
            if self.source.questions(page):
                self.source.problems.note(self.source.place(path), "xgov_summary_asks")
            return False
        return not self._is_exit(path)

    def _is_exit(self, path: str) -> bool:
        return self.source.is_dead_end(self.source.pages[path])

    def _title(self) -> Words:
        form, welsh = self.source.form, self.source.twin.form
        title = self.source.words(form, welsh, "name")
        start = self.source.words(self.source.pages[self.start], self.source.welsh_pages[self.start], "title")
        return title or start

    def _declaration(self) -> Words:
        return self.source.guidance(self.source.form, self.source.twin.form, "declaration", "declaration")

    # Pages.

    def _page(self, path: str) -> Document:
        source, place = self.source, self.source.place(path)
        page, welsh = source.pages[path], source.welsh_pages[path]
        self._check_page(page, place)
        questions = [self._question(page, welsh, field, path) for field in source.questions(page)]
        heading = source.words(page, welsh, "title")
        guidance = self._said(path)
        if len(questions) == 1 and questions[0]:
            # One question to a page: it is asked in the words the resident saw, which may be the page's title.
            if option(source.questions(page)[0], "hideTitle") and heading:
                questions[0]["text"] = heading
            if not guidance or questions[0].get("text") == heading:
                heading = {}
        written = {
            "id": self._page_id(path),
            "slug": self._slug(path),
            "heading": heading,
            "guidance": guidance,
            "questions": questions,
            "next": self._routes(page, place),
        }
        return {key: value for key, value in written.items() if value not in ([], {})}

    def _check_page(self, page: Object, place: str) -> None:
        role = self.source.role(page)
        if role not in ("page", "start"):
            self.source.problems.note(place, "xgov_controller", value=page.get("controller"))
        for key, value in page.items():
            if key in ("repeatField", "condition") and value:
                self.source.problems.note(place, "xgov_rule", value=key)
            elif key not in _PAGE_KEYS and value not in _EMPTY:
                self.source.notes.note(place, "xgov_left_out", value=key)

    def _question(self, page: Object, welsh_page: Object, field: Object, path: str) -> Document:
        name = str(field.get("name", ""))
        place = f"{self.source.place(path)}.{name}"
        question_id = self.source.field_id(f"{page.get('section') or ''}.{name}") or name
        welsh = self.source.twin.component(field, welsh_page)
        asked = question(self.source, field, welsh, question_id=question_id, place=place)
        if asked and not asked.get("text"):
            asked["text"] = self.source.words(page, welsh_page, "title")
        return asked

    def _said(self, path: str) -> Words:
        """Return what the page says besides its questions."""
        source, place = self.source, self.source.place(path)
        page, welsh_page = source.pages[path], source.welsh_pages[path]
        pieces = [
            self._content(each, source.twin.component(each, welsh_page), place)
            for each in objects(page, "components")
            if each not in source.questions(page)
        ]
        joined = {side: "\n\n".join(piece[side] for piece in pieces if piece.get(side)) for side in ("en", "cy")}
        return {side: words for side, words in joined.items() if words}

    def _content(self, component: Object, welsh: Object, place: str) -> Words:
        if option(component, "condition"):
            self.source.problems.note(place, "xgov_rule", value="condition")
        if component.get("type") == "List":
            self.source.problems.note(place, "xgov_component", value="List")
        content = self.source.guidance(component, welsh, "content", place)
        if component.get("type") != "Details":
            return content
        titles = self.source.words(component, welsh, "title")
        return {language: f"### {titles.get(language, '')}\n\n{words}" for language, words in content.items()}

    def _exit(self, path: str) -> Document:
        page, welsh = self.source.pages[path], self.source.welsh_pages[path]
        self._check_page(page, self.source.place(path))
        exit_page = {"heading": self.source.words(page, welsh, "title"), "guidance": self._said(path)}
        return {key: value for key, value in exit_page.items() if value}

    # Ways.

    def _routes(self, page: Object, place: str) -> list[Document]:
        leads_to = self.source.leads_to(page)
        routes = [self._route(each, place) for each in leads_to]
        if all("if" in route for route in routes):
            if leads_to:
                self.source.notes.note(place, "xgov_no_default")
            routes.append({"end": True})
        return routes

    def _route(self, leads_to: Object, place: str) -> Document:
        route = self._destination(str(leads_to.get("path")), place)
        if leads_to.get("redirect"):
            self.source.problems.note(place, "xgov_redirect")
        if leads_to.get("condition"):
            route["if"] = self.deciding.use(str(leads_to["condition"]), place)
        return route

    def _destination(self, path: str, place: str) -> Document:
        page = self.source.pages.get(path)
        if page is None:
            self.source.problems.note(place, "xgov_unknown_path", value=path)
            return {"end": True}
        if self.source.role(page) == "summary":
            return {"end": True}
        return {"exit": self._page_id(path)} if self._is_exit(path) else {"page": self._page_id(path)}

    def _page_id(self, path: str) -> str:
        return "p" + hashlib.sha256(path.encode()).hexdigest()[:7]

    def _slug(self, path: str) -> str:
        """Return the path as an address of ours, never one that is taken."""
        slug = _NOT_IN_SLUGS.sub("-", path.lower()).strip("-")[:100].strip("-") or "page"
        if slug in RESERVED_SLUGS or slug in self.slugs.values():
            slug = f"{slug}-{self._page_id(path)}"
        return self.slugs.setdefault(path, slug)

    def _note_what_is_left_out(self) -> None:
        for key in _LEFT_OUT:
            if self.source.form.get(key) not in _EMPTY:
                self.source.notes.note(key, "xgov_secret" if key == "payApiKey" else "xgov_left_out", value=key)
        for path in self.source.pages.keys() - set(self.order):
            self.source.notes.note(self.source.place(path), "xgov_unreachable")
