"""XGov pages become pages and exits, each with the ways that lead on from it."""

import hashlib
import re
from typing import Any

from guildhall.services.forms.domain.parsing import RESERVED_SLUGS
from guildhall.services.forms.domain.xgov.asking import Asking
from guildhall.services.forms.domain.xgov.components import option
from guildhall.services.forms.domain.xgov.deciding import Deciding
from guildhall.services.forms.domain.xgov.pairing import Object, objects
from guildhall.services.forms.domain.xgov.repeating import without_repetition
from guildhall.services.forms.domain.xgov.roles import role_of, shows_answers
from guildhall.services.forms.domain.xgov.source import SIDES, Source, Words

Document = dict[str, Any]

_READ = frozenset({"path", "title", "section", "controller", "components", "componentsAfter", "next", "id"})
_RULES = ("repeatField", "condition")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
EMPTY: tuple[Any, ...] = ("", [], {}, None, False)


class Paging:
    """The pages of one import, by their paths."""

    def __init__(self, source: Source, deciding: Deciding) -> None:
        self.source, self.deciding = source, deciding
        self.asking = Asking(source)
        self.slugs: dict[str, str] = {}

    def page(self, path: str) -> Document:
        """Return the page at a path."""
        source, place = self.source, self.source.place(path)
        page = source.pages[path]
        self._check(page, place)
        questions = [each for each in (self._question(field, path) for field in source.questions(page)) if each]
        heading, guidance = self._title(path), self.said(path)
        if len(questions) == 1 == len(source.questions(page)):
            heading = self._asked_alone(questions[0], source.questions(page)[0], heading, guidance)
        written = {
            "id": page_id(path),
            "slug": self._slug(path),
            "heading": heading,
            "guidance": guidance,
            "questions": questions,
            "next": self._routes(page, place),
        }
        return {key: value for key, value in written.items() if value not in ([], {})}

    def exit(self, path: str) -> Document:
        """Return the exit at a path."""
        self._check(self.source.pages[path], self.source.place(path))
        leave = {"heading": self._title(path), "guidance": self.said(path)}
        return {key: value for key, value in leave.items() if value}

    def said(self, path: str) -> Words:
        """Return what a page says besides its questions."""
        source = self.source
        pieces = [self._content(each, path) for each in source.contents(source.pages[path])]
        joined = {side: "\n\n".join(piece[side] for piece in pieces if piece.get(side)) for side in SIDES}
        return {side: words for side, words in joined.items() if words} if joined["en"] else {}

    # What a page asks.

    def _title(self, path: str) -> Words:
        return self.source.words(
            self.source.pages[path], self.source.welsh_pages[path], "title", self.source.place(path)
        )

    def _question(self, field: Object, path: str) -> Document:
        page = self.source.pages[path]
        name = str(field.get("name", ""))
        question_id = self.source.field_ids[f"{page.get('section') or ''}.{name}"]
        welsh = self.source.welsh_component(path, field)
        place = f"{self.source.place(path)}.{name[:80]}"
        asked = self.asking.question(field, welsh, question_id=question_id, place=place)
        if asked and not asked.get("text"):
            asked["text"] = self._title(path)
        return asked

    def _asked_alone(self, question: Document, field: Object, heading: Words, guidance: Words) -> Words:
        """Ask in the words the resident saw, which may be the page's title; return what is left of the heading."""
        if option(field, "hideTitle") and heading:
            question["text"] = heading
        if question.get("hint") and not (hint := without_repetition(question["hint"], question.get("text", {}))):
            del question["hint"]
        elif question.get("hint"):
            question["hint"] = hint
        return {} if not guidance or question.get("text") == heading else heading

    def _check(self, page: Object, place: str) -> None:
        if role_of(page) is None:
            self.source.problems.note(place, "xgov_controller", value=page.get("controller"))
        if shows_answers(page):
            self.source.notes.note(place, "xgov_shows_answers")
        for key, value in page.items():
            if key in _RULES and value:
                self.source.problems.note(place, "xgov_rule", value=key)
            elif key not in _READ and value not in EMPTY:
                self.source.notes.note(place, "xgov_left_out", value=str(key)[:80])

    # What a page says.

    def _content(self, component: Object, path: str) -> Words:
        place = self.source.place(path)
        welsh = self.source.welsh_component(path, component)
        if option(component, "condition"):
            self.source.problems.note(place, "xgov_conditional_words")
        if component.get("type") in ("List", "FlashCard"):
            return self._listed(component, place)
        content = self.source.guidance(component, welsh, "content", place)
        if component.get("type") != "Details":
            return content
        titles = self.source.words(component, welsh, "title", place)
        return {side: f"### {titles[side]}\n\n{words}" if side in titles else words for side, words in content.items()}

    def _listed(self, component: Object, place: str) -> Words:
        name = str(component.get("list") or option(component, "list") or "")
        items = objects(self.source.lists.get(name, component.get("values")), "items")
        twins = self.source.twin.items(name, items, place) if name in self.source.lists else [{}] * len(items)
        if any(item.get("condition") for item in items):
            self.source.problems.note(place, "xgov_conditional_words")
        mark = "1." if option(component, "type") == "numbered" else "-"
        lines = [self._line(item, welsh, place) for item, welsh in zip(items, twins, strict=True)]
        listed = {side: "\n".join(f"{mark} {each[side]}" for each in lines if each.get(side)) for side in SIDES}
        return {side: words for side, words in listed.items() if words}

    def _line(self, item: Object, welsh: Object, place: str) -> Words:
        """Return an item of a list: its description where it has one, as their runner shows it."""
        keys = [key for key in ("description", "hint", "text", "label") if item.get(key)]
        words = self.source.guidance(item, welsh, keys[0], place) if keys else {}
        return {side: " ".join(said.removeprefix("- ").split()) for side, said in words.items()}

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
        if leads_to.get("redirect"):
            self.source.problems.note(place, "xgov_redirect")
            return {"end": True}
        route = self._destination(str(leads_to.get("path")), place)
        if leads_to.get("condition"):
            route["if"] = self.deciding.use(str(leads_to["condition"]), place)
        return route

    def _destination(self, path: str, place: str) -> Document:
        path = self.source.beyond(path)
        page = self.source.pages.get(path)
        if page is None:
            self.source.problems.note(place, "xgov_unknown_path", value=path[:80])
            return {"end": True}
        if is_end(page):
            return {"end": True}
        return {"exit": page_id(path)} if path in self.source.dead_ends else {"page": page_id(path)}

    def _slug(self, path: str) -> str:
        """Return the path as an address of ours, never one that is taken."""
        slug = _NOT_IN_SLUGS.sub("-", path.lower()[:300]).strip("-")[:100].strip("-") or "page"
        if slug in RESERVED_SLUGS or slug in self.slugs.values():
            slug = f"{slug}-{page_id(path)}"
        return self.slugs.setdefault(path, slug)


def is_end(page: Object) -> bool:
    """Tell whether a page is where answers are checked and sent, or what comes after that."""
    return role_of(page) in ("end", "sent")


def page_id(path: str) -> str:
    """Return the id of the page at a path."""
    return "p" + hashlib.sha256(path.encode(errors="replace")).hexdigest()[:12]
