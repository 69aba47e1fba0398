"""An XGov version 2 definition becomes one of ours, or is refused with every reason (services contract 3).

What changes what people may answer, where they are led or what they pay is carried over exactly or refused by name.
Wording is carried over or, where it has no place here, noted; so is what happens in XGov's own runner. Secrets are
never imported.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guildhall.services.forms.domain.definition import FormDefinition
from guildhall.services.forms.domain.messages import problem_words
from guildhall.services.forms.domain.parsing import MOST_ROUTES, DefinitionInvalid, look_over, parse
from guildhall.services.forms.domain.reading import Problem
from guildhall.services.forms.domain.xgov.deciding import Deciding
from guildhall.services.forms.domain.xgov.paging import EMPTY, Paging, is_end, page_id
from guildhall.services.forms.domain.xgov.pairing import NOTHING, Object, components_of, objects
from guildhall.services.forms.domain.xgov.sending import Sending
from guildhall.services.forms.domain.xgov.source import Source, Words

Document = dict[str, Any]

_READ = frozenset({"startPage", "name", "pages", "lists", "conditions", "fees", "declaration", "specialPages"})
_LOOKS = frozenset(
    {"metadata", "version", "sections", "phaseBanner", "feedback", "backLinkText", "markAsComplete", "serviceName"}
)
MOST_COMPONENTS, MOST_CONDITIONS = 2_000, 2_000
MOST_NOTES = 500
_SECRETS = frozenset({"payApiKey"})
_OUR_PLACE = re.compile(r"pages\[([0-9]{1,4})\](?:\.questions\[([0-9]{1,4})\])?")


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
    if unreadable := _unreadable(english, welsh):
        raise CannotImport(unreadable)
    source = Source(english, welsh)  # type: ignore[arg-type]
    importing = _Importing(source)
    document = importing.document(workflow)
    if source.problems.found:
        raise CannotImport(tuple(source.problems.found))
    try:
        return Imported(document, parse(document), _notes(source))
    except DefinitionInvalid as invalid:
        raise CannotImport(tuple(importing.at_their_place(each) for each in invalid.problems)) from invalid


def looks_like_xgov(document: object) -> bool:
    """Tell an XGov definition from one of ours: only theirs says at which page it starts."""
    return isinstance(document, Mapping) and "startPage" in document


def _notes(source: Source) -> tuple[Problem, ...]:
    """Return what is left out, each once; what nobody would read to the end is counted."""
    notes = tuple(dict.fromkeys(source.notes.found))
    if len(notes) <= MOST_NOTES:
        return notes
    return (*notes[:MOST_NOTES], Problem("", problem_words("xgov_more", more=len(notes) - MOST_NOTES)))


def _unreadable(english: object, welsh: object) -> tuple[Problem, ...]:
    """Return why the definitions cannot even be looked at."""
    both = [english] if welsh is None else [english, welsh]
    if found := tuple(problem for document in both for problem in look_over(document)):
        return found
    if not all(_is_form(document) for document in both):
        return (Problem("", problem_words("xgov_not_a_form")),)
    if isinstance(english, Mapping) and (english.get("schema") == 2 or english.get("engine") == "V2"):
        return (Problem("", problem_words("xgov_other_engine")),)
    return tuple(problem for document in both for problem in _too_much(document))


def _too_much(document: object) -> Iterator[Problem]:
    """Yield what there is more of than any form has, before anything of it is looked at."""
    pages = objects(document, "pages")
    for key, found, most in (
        ("pages.components", sum(len(components_of(page)) for page in pages), MOST_COMPONENTS),
        ("pages.next", sum(len(objects(page, "next")) for page in pages), MOST_ROUTES),
        ("conditions", len(objects(document, "conditions")), MOST_CONDITIONS),
    ):
        if found > most:
            yield Problem(key, problem_words("too_many", most=most))


def _is_form(document: object) -> bool:
    return isinstance(document, Mapping) and "startPage" in document and bool(objects(document, "pages"))


class _Importing:
    """One pass over a pair of definitions."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.deciding = Deciding(source)
        self.paging = Paging(source, self.deciding)
        self.start = str(source.form.get("startPage"))
        self.order = source.in_order(self.start)
        self.is_cover = self._starts_with_a_cover()
        self.asked = [path for path in self.order if self._is_asked(path)]

    def document(self, workflow: str) -> Document:
        if not self.order:
            self.source.problems.note("startPage", "xgov_unknown_path", value=self.start[:80])
            return {}
        written = {
            "title": self._title(),
            "introduction": self.paging.said(self.start) if self.is_cover else {},
            "languages": {"default": "en", "required": ["en", "cy"] if self.source.twin.exists else ["en"]},
            "pages": [self.paging.page(path) for path in self.asked],
            "exits": {page_id(path): self.paging.exit(path) for path in self.order if self._is_exit(path)},
            "fees": self.deciding.fees(),
            "conditions": self.deciding.conditions,
            "declaration": {"markdown": self._declaration()},
            "what_happens_next": Sending(self.source, self.paging).what_happens_next(self.order),
            "submit": [{"to": "case", "workflow": workflow}],
        }
        self._note_what_is_left_out()
        return {key: value for key, value in written.items() if value not in ([], {}, {"markdown": {}})}

    def at_their_place(self, problem: Problem) -> Problem:
        """Return a problem of our document where its author will find it: by the path of the page."""
        found = _OUR_PLACE.match(problem.path)
        if not found or int(found[1]) >= len(self.asked):
            return problem
        path, fields = self.asked[int(found[1])], self._fields[int(found[1])]
        name = str(fields[int(found[2])].get("name", "")) if found[2] and int(found[2]) < len(fields) else ""
        return Problem(f"{self.source.place(path)}{'.' if name else ''}{name[:80]}", problem.words)

    @cached_property
    def _fields(self) -> list[list[Object]]:
        """The fields of each page that is asked."""
        return [self.source.questions(self.source.pages[path]) for path in self.asked]

    def _starts_with_a_cover(self) -> bool:
        """Return whether the first page only introduces the form, and so becomes its start page."""
        page = self.source.pages.get(self.start, NOTHING)
        leads_to = self.source.leads_to(page)
        return not self.source.questions(page) and len(leads_to) == 1 and not leads_to[0].get("condition")

    def _is_asked(self, path: str) -> bool:
        page = self.source.pages[path]
        if path == self.start and self.is_cover:
            return False
        if path in self.source.repeating_answers:
            self.source.notes.note(self.source.place(path), "xgov_shows_answers")
            return False
        if is_end(page):
            if self.source.questions(page):
                self.source.problems.note(self.source.place(path), "xgov_summary_asks")
            return False
        return not self._is_exit(path)

    def _is_exit(self, path: str) -> bool:
        return path in self.source.dead_ends

    def _title(self) -> Words:
        form, welsh = self.source.form, self.source.twin.form
        title = self.source.words(form, welsh, "name", "name")
        start = self.source.pages[self.start], self.source.welsh_pages[self.start]
        return title or self.source.words(*start, "title", self.source.place(self.start))

    def _declaration(self) -> Words:
        return self.source.guidance(self.source.form, self.source.twin.form, "declaration", "declaration")

    def _note_what_is_left_out(self) -> None:
        for key, value in self.source.form.items():
            if key in _SECRETS and value:
                self.source.notes.note(key, "xgov_secret", value=key)
            elif key not in _READ | _LOOKS and value not in EMPTY:
                self.source.notes.note(str(key)[:80], "xgov_left_out", value=str(key)[:80])
        reached = set(self.order)
        for path in (path for path in self.source.pages if path not in reached):
            self.source.notes.note(self.source.place(path), "xgov_unreachable")
