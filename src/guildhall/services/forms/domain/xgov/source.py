"""A pair of XGov definitions, looked up: pages by path, fields by name, words in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from guildhall.services.forms.domain.reading import Problems
from guildhall.services.forms.domain.xgov.components import is_question
from guildhall.services.forms.domain.xgov.markup import NotGuidance, to_guidance, to_words
from guildhall.services.forms.domain.xgov.pairing import Object, Twin, objects

Words = dict[str, str]

_ROLES = {
    "": "page",
    "pagecontroller": "page",
    "start": "start",
    "startpagecontroller": "start",
    "summary": "summary",
    "summarypagecontroller": "summary",
}


class Source:
    """What an import reads from. Problems stop the import; notes say what is left out."""

    def __init__(self, english: Object, welsh: Object | None) -> None:
        self.form = english
        self.problems, self.notes = Problems(), Problems()
        self.twin = Twin(welsh, self.problems)
        self.pages = {str(page.get("path")): page for page in objects(english, "pages")}
        self.welsh_pages = {path: self.twin.page(page, self.place(path)) for path, page in self.pages.items()}
        self.lists = {str(each.get("name")): each for each in objects(english, "lists")}
        self.conditions = {str(each.get("name")): each for each in objects(english, "conditions")}
        self.field_ids = self._field_ids()

    def place(self, path: str) -> str:
        """Return how a problem names a page."""
        return f"pages[{path}]"

    def role(self, page: Object) -> str:
        """Return what a page is for: "page", "start" or "summary"; anything else is a controller we do not know."""
        path = str(page.get("controller") or "").lower()
        controller = path.rsplit("/", 1)[-1].removesuffix(".js").removesuffix(".ts")
        return _ROLES.get(controller, controller)

    def questions(self, page: Object) -> list[Object]:
        """Return the fields of a page."""
        return [each for each in objects(page, "components") if is_question(each)]

    def leads_to(self, page: Object) -> list[Object]:
        """Return where a page leads."""
        return objects(page, "next")

    def is_dead_end(self, page: Object) -> bool:
        """Return whether a page only says something and leads nowhere: where the form ends for somebody."""
        return not self.questions(page) and not self.leads_to(page) and self.role(page) == "page"

    def in_order(self, start: str) -> list[str]:
        """Return the paths that can be reached, each before those it leads to, as far as that is possible."""
        order: list[str] = []
        waiting = [start]
        while waiting:
            path = waiting.pop()
            if path not in order and path in self.pages:
                order.append(path)
                waiting += [str(each.get("path")) for each in reversed(self.leads_to(self.pages[path]))]
        return order

    def field_id(self, name: str) -> str | None:
        """Return the id of the question a condition or a fee speaks of, by ``section.name`` or ``name``."""
        return self.field_ids.get(name) or self.field_ids.get(name.rsplit(".", 1)[-1])

    def field(self, question_id: str) -> Object:
        """Return the field that became a question."""
        found = (field for page in self.pages.values() for field in self.questions(page))
        return next(field for field in found if question_id in self._ids_of(field))

    def words(self, english: Object, welsh: Object, key: str) -> Words:
        """Return words that stand where only words can."""
        return _both(to_words(_string(english.get(key), "en")), to_words(_string(welsh.get(key), "cy")))

    def guidance(self, english: Object, welsh: Object, key: str, place: str) -> Words:
        """Return words that may be marked up."""
        return _both(self._read(english.get(key), "en", place), self._read(welsh.get(key), "cy", place))

    def _read(self, html: object, language: str, place: str) -> str:
        try:
            return to_guidance(_string(html, language))
        except NotGuidance as fault:
            self.problems.note(place, "xgov_markup", what=fault.what)
            return ""

    def _field_ids(self) -> dict[str, str]:
        """Give every field an id: its name, or its section's and its own where two sections use one name."""
        named = list(self._named_fields())
        names = [name for _, name in named]
        ids = {}
        for section, name in named:
            question_id = f"{section}-{name}" if names.count(name) > 1 and section else name
            ids[f"{section}.{name}"] = question_id
            if names.count(name) == 1:
                ids[name] = question_id
        return ids

    def _named_fields(self) -> Iterator[tuple[str, str]]:
        for page in self.pages.values():
            for field in self.questions(page):
                yield str(page.get("section") or ""), str(field.get("name", ""))

    def _ids_of(self, field: Object) -> set[str]:
        name = str(field.get("name", ""))
        return {question_id for key, question_id in self.field_ids.items() if key.rsplit(".", 1)[-1] == name}


def _both(english: str, welsh: str) -> Words:
    return {"en": english, "cy": welsh} if welsh else {"en": english} if english else {}


def _string(value: Any, language: str) -> str:
    """Read words, which older definitions keep by language."""
    if isinstance(value, Mapping):
        value = value.get(language)
    return value if isinstance(value, str) else ""
