"""A pair of XGov definitions, looked up: pages by path, fields by name, words in both languages."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from guildhall.services.forms.domain.reading import IDENTIFIER, Problems
from guildhall.services.forms.domain.xgov.components import is_question
from guildhall.services.forms.domain.xgov.markup import NotGuidance, Said, read_markup, read_words
from guildhall.services.forms.domain.xgov.pairing import NOTHING, Object, Twin, components_of, first_of_each, objects
from guildhall.services.forms.domain.xgov.roles import role_of, shows_answers

Words = dict[str, str]
SIDES = ("en", "cy")
LONGEST_MARKUP, MOST_MARKUP = 40_000, 300_000
"""How long one text may be, and all of them. The largest public definitions have a third of it."""


class Source:
    """What an import reads from. Problems stop the import; notes say what is left out."""

    def __init__(self, english: Object, welsh: Object | None) -> None:
        self.form = english
        self.problems, self.notes = Problems(), Problems()
        self.twin = Twin(welsh, self.problems)
        self.pages = self._by("path", "pages")
        self.lists = self._by("name", "lists")
        self.conditions = self._by("name", "conditions")
        self.welsh_pages = {path: self.twin.page(page, self.place(path)) for path, page in self.pages.items()}
        self._welsh_components = {
            path: first_of_each(components_of(page), "name") for path, page in self.welsh_pages.items()
        }
        self.field_ids, self.fields = self._named_fields()
        self.dead_ends = frozenset(path for path, page in self.pages.items() if self._is_dead_end(page))
        self.repeating_answers = frozenset(path for path, page in self.pages.items() if self._only_shows_answers(page))
        self._left_to_read = MOST_MARKUP

    def place(self, path: str) -> str:
        """Return how a problem names a page."""
        return f"pages[{path}]"

    def questions(self, page: Object) -> list[Object]:
        """Return the fields of a page."""
        return [each for each in components_of(page) if is_question(each)]

    def contents(self, page: Object) -> list[Object]:
        """Return what a page says besides its fields."""
        return [each for each in components_of(page) if not is_question(each)]

    def welsh_component(self, path: str, english: Object) -> Object:
        """Return the Welsh component of the same name."""
        return self._welsh_components[path].get(str(english.get("name")), NOTHING) if self.twin.exists else NOTHING

    def leads_to(self, page: Object) -> list[Object]:
        """Return where a page leads."""
        return objects(page, "next")

    def _is_dead_end(self, page: Object) -> bool:
        """Return whether a page only says something and leads nowhere: where the form ends for somebody."""
        role = role_of(page)
        return not self.questions(page) and (role == "exit" or (role == "page" and not self.leads_to(page)))

    def beyond(self, path: str) -> str:
        """Return the path, or where it leads in the end if its page only repeats what was answered."""
        seen: set[str] = set()
        while path not in seen and path in self.repeating_answers:
            seen.add(path)
            path = str(self.leads_to(self.pages[path])[0].get("path"))
        return path

    def _only_shows_answers(self, page: Object) -> bool:
        """Return whether a page has nothing of its own but the answers so far, and one way on."""
        ways = self.leads_to(page)
        return shows_answers(page) and not components_of(page) and len(ways) == 1 and not ways[0].get("condition")

    def in_order(self, start: str) -> list[str]:
        """Return the paths that can be reached, each before those it leads to, as far as that is possible."""
        order: dict[str, None] = {}
        waiting = [start]
        while waiting:
            path = waiting.pop()
            if path not in order and path in self.pages:
                order[path] = None
                waiting += [str(each.get("path")) for each in reversed(self.leads_to(self.pages[path]))]
        return list(order)

    def field_id(self, name: str) -> str | None:
        """Return the id of the question a condition or a fee speaks of, by ``section.name`` or ``name``."""
        return self.field_ids.get(name) or self.field_ids.get(name.rsplit(".", 1)[-1])

    def words(self, english: Object, welsh: Object, key: str, place: str) -> Words:
        """Return words that stand where only words can."""
        return self._both(english, welsh, key, place, only_words=True)

    def guidance(self, english: Object, welsh: Object, key: str, place: str) -> Words:
        """Return words that may be marked up."""
        return self._both(english, welsh, key, place, only_words=False)

    def _both(self, english: Object, welsh: Object, key: str, place: str, *, only_words: bool) -> Words:
        said = {
            language: self._read(_string(side.get(key), language), place, only_words=only_words)
            for language, side in (("en", english), ("cy", welsh))
        }
        if not said["en"]:
            return {}
        return {language: words for language, words in said.items() if words}

    def _read(self, html: str, place: str, *, only_words: bool) -> str:
        self._left_to_read -= len(html)
        if len(html) > LONGEST_MARKUP or self._left_to_read < 0:
            self.problems.note(place, "too_long", longest=LONGEST_MARKUP)
            return ""
        try:
            said = read_words(html) if only_words else read_markup(html)
        except NotGuidance as fault:
            self.problems.note(place, "xgov_template" if fault.is_template else "xgov_markup", what=fault.what)
            return ""
        self._note_what_is_left_out(said, place)
        return said.words if only_words else said.guidance

    def _note_what_is_left_out(self, said: Said, place: str) -> None:
        for what in said.left_out:
            self.notes.note(place, "xgov_picture" if what == "<img>" else "xgov_link", what=what)

    def _by(self, key: str, listed: str) -> dict[str, Object]:
        """Return what is listed, by name, and refuse two things of one name."""
        several = objects(self.form, listed)
        found = first_of_each(several, key)
        for each in several:
            name = str(each.get(key))
            if each is not found[name] and each != found[name]:
                self.problems.note(f"{listed}[{name[:80]}]", "xgov_name_twice", value=name[:80])
        return {name: found[name] for name in dict.fromkeys(str(each.get(key)) for each in several)}

    def _named_fields(self) -> tuple[dict[str, str], dict[str, Object]]:
        """Give every field an id: its name, or its section's and its own where two sections use one name."""
        named = list(self._every_field())
        times = Counter(name for _, name, _ in named)
        ids: dict[str, str] = {}
        fields: dict[str, Object] = {}
        for section, name, field in named:
            question_id = _fit(f"{section}-{name}" if times[name] > 1 and section else name)
            ids[f"{section}.{name}"] = question_id
            if times[name] == 1:
                ids[name] = question_id
            fields[question_id] = field
        return ids, fields

    def _every_field(self) -> Iterator[tuple[str, str, Object]]:
        for page in self.pages.values():
            for field in self.questions(page):
                yield str(page.get("section") or ""), str(field.get("name", "")), field


def _fit(name: str) -> str:
    """Return a name as an id of ours. Whatever would not be one is named by its digest."""
    return name if IDENTIFIER.fullmatch(name) else f"q{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:16]}"


def _string(value: Any, language: str) -> str:
    """Read words, which older definitions keep by language."""
    if isinstance(value, Mapping):
        value = value.get(language)
    return value if isinstance(value, str) else ""
