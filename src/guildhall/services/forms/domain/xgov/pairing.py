"""An English definition and its Welsh twin: the same fields under the same names, other words, other paths."""

from collections.abc import Mapping
from typing import Any

from guildhall.services.forms.domain.reading import Problems

Object = Mapping[str, Any]
NOTHING: Object = {}


class Twin:
    """The Welsh side of a definition; without one, every look-up finds nothing."""

    def __init__(self, welsh: Object | None, problems: Problems) -> None:
        self.exists = welsh is not None
        self.form: Object = welsh or NOTHING
        self._problems = problems
        self._pages: dict[tuple[str, ...], list[Object]] = {}
        for page in reversed(objects(self.form, "pages")):
            self._pages.setdefault(_names(page), []).append(page)
        self._lists = first_of_each(objects(self.form, "lists"), "name")

    def page(self, english: Object, path: str) -> Object:
        """Return the Welsh page with the same components; each is given out once, in order."""
        if not self.exists:
            return NOTHING
        waiting = self._pages.get(_names(english), [])
        if waiting:
            return waiting.pop()
        self._problems.note(path, "xgov_no_welsh_page", title=str(english.get("title", ""))[:80])
        return NOTHING

    def items(self, name: str, english: list[Object], path: str) -> list[Object]:
        """Return the Welsh items of a list, one for each English one."""
        if not self.exists:
            return [NOTHING] * len(english)
        welsh = objects(self._lists.get(name, NOTHING), "items")
        if len(welsh) == len(english):
            return welsh
        self._problems.note(path, "xgov_lists_differ", value=name)
        return [NOTHING] * len(english)


def objects(inside: object, key: str) -> list[Object]:
    """Return the objects listed under a key, and nothing else that may be there."""
    listed = inside.get(key) if isinstance(inside, Mapping) else None
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def components_of(page: Object) -> list[Object]:
    """Return what a page shows and asks, in order."""
    return objects(page, "components") + objects(page, "componentsAfter")


def first_of_each(several: list[Object], key: str) -> dict[str, Object]:
    """Return objects by one of their words; of several alike, the first."""
    return {str(each.get(key)): each for each in reversed(several)}


def text_of(value: object) -> str:
    """Return a value of JSON as the text that answers and conditions compare: ``true``, not ``True``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(page: Object) -> tuple[str, ...]:
    names = sorted(str(each.get("name", "")) for each in components_of(page))
    return tuple(names) or (str(page.get("controller") or ""),)
