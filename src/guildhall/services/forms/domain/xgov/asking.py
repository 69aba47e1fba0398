"""XGov fields become questions."""

from typing import Any

from guildhall.services.forms.domain.questions.choice import MOST_OPTIONS
from guildhall.services.forms.domain.xgov.components import (
    KINDS,
    LISTED,
    RULES,
    is_message,
    is_wording,
    option,
    rules_of,
)
from guildhall.services.forms.domain.xgov.pairing import NOTHING, Object, objects, text_of
from guildhall.services.forms.domain.xgov.repeating import without_repetition
from guildhall.services.forms.domain.xgov.source import SIDES, Source, Words

Document = dict[str, Any]

MOST_OPTIONS_IN_ALL = 10_000
"""A list can be used by every field. So many options no form needs, and no browser shows."""
_REVEALS = ("conditional", "children")


class Asking:
    """The questions of one import. Options are counted, because one list may be asked about a thousand times."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._options_left = MOST_OPTIONS_IN_ALL
        self._lists = {name: objects(each, "items") for name, each in source.lists.items()}

    def question(self, field: Object, welsh: Object, *, question_id: str, place: str) -> Document:
        """Return the question that asks what a field asks."""
        source, kind = self.source, KINDS.get(str(field.get("type")))
        if kind is None:
            source.problems.note(place, "xgov_component", value=field.get("type"))
            return {}
        asked: Document = {
            "id": question_id,
            "type": kind,
            "text": source.words(field, welsh, "title", place),
            "hint": source.guidance(field, welsh, "hint", place),
            "required": option(field, "required") is not False,
            "settings": self._settings(field, welsh, kind, place),
        }
        asked["hint"] = without_repetition(asked["hint"], asked["text"])
        if kind in LISTED:
            asked["options"] = self._options(field, place)
            if not asked["required"]:
                source.notes.note(place, "xgov_none_of_the_above")
        if field.get("type") == "WebsiteField":
            source.notes.note(place, "xgov_website")
        return {key: value for key, value in asked.items() if value not in ({}, [])}

    def _settings(self, field: Object, welsh: Object, kind: str, place: str) -> Document:
        settings: Document = {}
        for name, value in rules_of(field).items():
            if not is_message(name):
                settings |= self._setting(name, kind, value, place)
        bounds = ({"min", "max"} & settings.keys()) if kind == "number" else set()
        if message := _message_about(bounds, field, welsh):
            settings["range_message"] = message
        if any(is_message(name) for name in rules_of(field)) and not (message and _says_no_more(field)):
            self.source.notes.note(place, "xgov_message")
        return settings

    def _setting(self, name: str, kind: str, value: Any, place: str) -> Document:
        rule = RULES.get(name)
        read = rule(kind, value) if rule else None
        if read is not None:
            return read
        if is_wording(name):
            self.source.notes.note(place, "xgov_words_left_out", value=name, words=_shown(value))
        else:
            self.source.problems.note(place, "xgov_rule", value=name)
        return {}

    def _options(self, field: Object, place: str) -> list[Document]:
        name = str(field.get("list") or option(field, "list") or "")
        items = self._items(name, field)
        if not items and name not in self.source.lists:
            self.source.problems.note(place, "xgov_unknown_list", value=name[:80])
        if self._are_too_many(items):
            self.source.problems.note(place, "too_many_options", most=MOST_OPTIONS)
            return []
        twins = self.source.twin.items(name, items, place) if name in self.source.lists else [NOTHING] * len(items)
        alone = text_of(option(field, "behaviourItemValue")) if option(field, "behaviour") == "exclusive" else None
        options = [self._option(item, welsh, alone, place) for item, welsh in zip(items, twins, strict=True)]
        return [each for each in options if each["value"]]

    def _items(self, name: str, field: Object) -> list[Object]:
        """Return the items of a field's list, or those that older definitions keep in the field itself."""
        return self._lists[name] if name in self._lists else objects(field.get("values"), "items")

    def _are_too_many(self, items: list[Object]) -> bool:
        if len(items) > MOST_OPTIONS or len(items) > self._options_left:
            return True
        self._options_left -= len(items)
        return False

    def _option(self, item: Object, welsh: Object, alone: str | None, place: str) -> Document:
        if item.get("condition"):
            self.source.problems.note(place, "xgov_conditional_option")
        if any(item.get(key) for key in _REVEALS):
            self.source.problems.note(place, "xgov_reveals")
        label = self._words(item, welsh, ("text", "label"), place)
        value = label.get("en", "") if item.get("value") is None else text_of(item["value"])
        hint = self._words(item, welsh, ("description", "hint"), place)
        offered: Document = {"value": value, "label": label, "hint": without_repetition(hint, label)}
        if value == alone:
            offered["exclusive"] = True
        return {key: each for key, each in offered.items() if each != {}}

    def _words(self, item: Object, welsh: Object, keys: tuple[str, ...], place: str) -> Words:
        key = next((each for each in keys if item.get(each)), keys[0])
        return self.source.words(item, welsh, key, place)


def _message_about(bounds: set[str], field: Object, welsh: Object) -> Words:
    said = {language: _told(bounds, side) for language, side in zip(SIDES, (field, welsh), strict=True)}
    return {language: words for language, words in said.items() if words} if said["en"] else {}


def _told(bounds: set[str], field: Object) -> str:
    """Return what the author says of a number out of bounds, where that is one thing whichever bound it is."""
    several = _messages(field)
    each = [option(field, "customValidationMessage") or several.get(f"number.{bound}") for bound in sorted(bounds)]
    words = each[0] if each and all(one == each[0] for one in each) else ""
    return words if isinstance(words, str) and len(words) <= 500 and "{" not in words else ""


def _says_no_more(field: Object) -> bool:
    return _messages(field).keys() <= {"number.min", "number.max"}


def _messages(field: Object) -> Object:
    several = option(field, "customValidationMessages")
    return several if isinstance(several, dict) else {}


def _shown(value: Any) -> str:
    return text_of(value)[:60]
