"""An English definition and its Welsh twin: the same fields under the same names, other words, other paths."""

from collections.abc import Mapping
from typing import Any

from guildhall.services.forms.domain.reading import Problems
from guildhall.services.forms.domain.xgov.markup import to_words

Object = Mapping[str, Any]
NOTHING: Object = {}


class Twin:
    """The Welsh side of a definition; without one, every look-up finds nothing."""

    def __init__(self, welsh: Object | None, problems: Problems) -> None:
        self.exists = welsh is not None
        self.form: Object = welsh or NOTHING
        self._problems = problems
        self._pages: dict[tuple[str, ...], list[Object]] = {}
        for page in objects(self.form, "pages"):
            self._pages.setdefault(_names(page), []).append(page)
        self._lists = {str(each.get("name")): each for each in objects(self.form, "lists")}

    def page(self, english: Object, path: str) -> Object:
        """Return the Welsh page with the same components; each is given out once, in order."""
        if not self.exists:
            return NOTHING
        waiting = self._pages.get(_names(english), [])
        if waiting:
            return waiting.pop(0)
        self._problems.note(path, "xgov_no_welsh_page", title=to_words(str(english.get("title", ""))))
        return NOTHING

    def component(self, english: Object, welsh_page: Object) -> Object:
        """Return the component of the same name."""
        name = english.get("name")
        return next((each for each in objects(welsh_page, "components") if each.get("name") == name), NOTHING)

    def items(self, name: str, english: list[Object], path: str) -> list[Object]:
        """Return the Welsh items of a list, one for each English one."""
        if not self.exists:
            return [NOTHING] * len(english)
        welsh = objects(self._lists.get(name, NOTHING), "items")
        if len(welsh) == len(english):
            return welsh
        self._problems.note(path, "xgov_lists_differ", value=name)
        return [NOTHING] * len(english)


def objects(inside: Object, key: str) -> list[Object]:
    """Return the objects listed under a key, and nothing else that may be there."""
    listed = inside.get(key)
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _names(page: Object) -> tuple[str, ...]:
    names = sorted(str(each.get("name", "")) for each in objects(page, "components"))
    return tuple(names) or (str(page.get("controller") or ""),)
